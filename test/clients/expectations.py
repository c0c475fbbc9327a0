"""What the checks of pynautobot share: the connection whose answers are recorded, and what is expected of objects."""

import json
import os
import uuid

import pynautobot
from pynautobot.core.query import RequestError

URL = os.environ["NAUTOBOT_URL"]
TOKEN = os.environ["NAUTOBOT_TOKEN"]
MARK = f"check-{uuid.uuid4().hex[:8]}"
RECORD = os.environ.get("CHECK_RECORD")
held = 0


def record_answer(answer, *_args, **_kwargs):
    """Notes an answer in the file of the comparison."""
    try:
        body = answer.json()
    except ValueError:
        body = None
    path = answer.request.path_url
    line = {"method": answer.request.method, "path": path, "status": answer.status_code, "body": body}
    with open(RECORD, "a", encoding="utf-8") as file:
        file.write(json.dumps(line) + "\n")


def connect(token=TOKEN, **options):
    api = pynautobot.api(URL, token=token, **options)
    if RECORD:
        api.http_session.hooks["response"].append(record_answer)
    return api


def equal(found, wanted, what):
    global held
    assert found == wanted, f"{what}: wanted {wanted!r}, got {found!r}"
    held += 1


def true(found, what):
    equal(bool(found), True, what)


def refused(work, status, part, what):
    try:
        work()
    except RequestError as error:
        equal(error.req.status_code, status, f"{what}: status")
        true(part in error.error, f"{what}: {part!r} in {error.error!r}")
        return
    raise AssertionError(f"{what}: was not refused")


def common(record, object_type, what):
    """What every object has."""
    fields = dict(record)
    for name in ("id", "display", "url", "natural_slug", "object_type", "created", "last_updated", "notes_url", "custom_fields"):
        true(name in fields, f"{what}: has {name}")
    equal(fields["object_type"], object_type, f"{what}: object_type")
    equal(fields["url"].rstrip("/").split("/")[-1], record.id, f"{what}: url ends with its id")
    true(fields["natural_slug"].endswith("_" + record.id[:4]), f"{what}: natural_slug ends with its id")


def life(endpoint, object_type, body, change):
    """Creates, reads, changes and deletes objects of one endpoint."""
    what = endpoint.name
    record = endpoint.create(**body)
    common(record, object_type, what)
    again = endpoint.get(record.id)
    equal(again.id, record.id, f"{what}: is found by id")
    equal(dict(again)["display"], dict(record)["display"], f"{what}: is displayed the same")
    equal(str(again), dict(again)["display"], f"{what}: prints its display")
    name, value = change
    true(again.update({name: value}), f"{what}: is updated")
    equal(getattr(endpoint.get(record.id), name), value, f"{what}: keeps {name}")
    again = endpoint.get(record.id)
    setattr(again, name, "")
    true(again.save(), f"{what}: is saved")
    equal(getattr(endpoint.get(record.id), name), "", f"{what}: {name} is cleared")
    equal(endpoint.count(id=record.id), 1, f"{what}: is counted")
    equal([one.id for one in endpoint.filter(id=[record.id])], [record.id], f"{what}: is filtered")
    true(record.delete(), f"{what}: is deleted")
    equal(endpoint.get(record.id), None, f"{what}: is gone")
