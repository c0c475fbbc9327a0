"""What scripts written for pynautobot rely on, asked of the server at NAUTOBOT_URL with NAUTOBOT_TOKEN.

Makes objects whose names begin with a marker of its own and deletes them again. Prints how many
assertions held; ends with code 1 at the first that does not.
"""

import expectations
import pynautobot
from expectations import MARK, TOKEN, URL, common, connect, equal, life, refused, true
from hardware import hardware
from jobs import jobs
from permissions import permissions


def custom_fields_and_notes(api):
    """Fields that are defined for tenants, their choices, and what is written about one."""
    key = MARK.replace("-", "_")
    shared = {"content_types": ["tenancy.tenant"]}
    seats = api.extras.custom_fields.create(label=f"{MARK} seats", type="integer", default=5, validation_maximum=9, **shared)
    equal(seats.key, f"{key}_seats", "a custom field is called by its label")
    equal(str(seats), f"{MARK} seats", "and prints it")
    equal(seats.type.value, "integer", "its type has a value")
    tier = api.extras.custom_fields.create(label=f"{MARK} tier", key=f"{key}_tier", type="select", **shared)
    gold, silver = api.extras.custom_field_choices.create(
        [{"custom_field": tier.id, "value": value} for value in ("gold", "silver")]
    )
    named = [one["value"] for one in api.extras.get_custom_field_choices(filters={"custom_field": tier.key})]
    equal(sorted(named), ["gold", "silver"], "choices are filtered by the key of their field")
    found = api.extras.get_custom_fields(filters={"label": seats.label})
    equal([one["key"] for one in found], [seats.key], "custom fields are filtered by label")
    types = api.extras.custom_fields.choices()["type"]
    true({"text", "integer", "boolean", "date", "url", "select", "multi-select", "json", "markdown"} <= {one["value"] for one in types}, "types")

    tenant = api.tenancy.tenants.create(name=f"{MARK} fields", custom_fields={tier.key: "gold"})
    equal(tenant.custom_fields[seats.key], 5, "a new object has the default")
    equal(tenant.custom_fields[tier.key], "gold", "and what is given")
    tenant.custom_fields[seats.key] = 7
    true(tenant.save(), "a value is saved")
    again = api.tenancy.tenants.get(tenant.id)
    equal((again.custom_fields[seats.key], again.custom_fields[tier.key]), (7, "gold"), "the others stay")
    equal(api.tenancy.tenants.count(**{f"cf_{seats.key}": 7}), 1, "filtered by a number")
    equal(api.tenancy.tenants.count(**{f"cf_{seats.key}__gte": 8}), 0, "filtered by a bound")
    equal(api.tenancy.tenants.count(**{f"cf_{tier.key}": "gold"}), 1, "filtered by a choice")
    words = f"Invalid value for custom field '{seats.key}'"
    refused(lambda: again.update({"custom_fields": {seats.key: 10}}), 400, words, "a value out of bounds")
    refused(lambda: again.update({"custom_fields": {tier.key: "lead"}}), 400, "Invalid choice", "a value that is no choice")
    refused(lambda: gold.delete(), 409, "Unable to delete", "a choice in use")

    note = tenant.notes.create({"note": "first *words*"})
    equal((note.note, note.assigned_object_id), ("first *words*", tenant.id), "a note is written")
    tenant.notes.create({"note": "second"})
    equal([one.note for one in tenant.notes.list()], ["first *words*", "second"], "notes are listed")
    refused(lambda: tenant.notes.create({"note": ""}), 400, "blank", "an empty note")
    equal(api.extras.notes.get(note.id).note, "first *words*", "a note by its id")
    true(all(one.delete() for one in api.extras.notes.filter(assigned_object_id=tenant.id)), "notes are deleted")

    true(tenant.delete(), "the tenant is deleted")
    true(gold.delete() and silver.delete(), "choices are deleted")
    true(tier.delete() and seats.delete(), "custom fields are deleted")


def main():
    api = connect()
    version = float(api.version)
    true(version >= 2, "the version")
    true("celery-workers-running" in api.status(), "the status")
    types = ["dcim.location", "ipam.prefix", "ipam.ipaddress"]
    tagged = [*types, "ipam.namespace", "tenancy.tenant"]
    status = api.extras.statuses.create(name=f"{MARK} active", color="00ff00", content_types=types)
    tag = api.extras.tags.create(name=f"{MARK} tag", content_types=tagged)
    common(status, "extras.status", "status")
    common(tag, "extras.tag", "tag")
    equal(sorted(status.content_types), sorted(types), "content types")

    life(api.extras.statuses, "extras.status", {"name": f"{MARK} status", "content_types": types}, ("description", "d"))
    life(api.extras.tags, "extras.tag", {"name": f"{MARK} word", "content_types": types}, ("description", "d"))
    life(api.tenancy.tenants, "tenancy.tenant", {"name": f"{MARK} tenant"}, ("comments", "c"))
    life(api.dcim.location_types, "dcim.locationtype", {"name": f"{MARK} type"}, ("description", "d"))
    life(api.ipam.namespaces, "ipam.namespace", {"name": f"{MARK} space"}, ("description", "d"))

    kind = api.dcim.location_types.create(name=f"{MARK} place", nestable=True, content_types=["ipam.prefix", "ipam.namespace"])
    top = api.dcim.locations.create(name=f"{MARK} top", location_type=kind.id, status=status.id)
    place = {"location_type": {"name": kind.name}, "status": {"name": status.name}, "parent": top.id}
    life(api.dcim.locations, "dcim.location", {"name": f"{MARK} site", **place}, ("facility", "f"))
    equal(top.location_type.id, kind.id, "a reference has its object's id")
    equal(top.location_type.name, kind.name, "a reference reads its object when asked for more")
    equal(top.parent, None, "an empty reference is None")

    rows = [{"name": f"{MARK} room {number:03}", "facility": "old", "tags": [tag.id], **place} for number in range(120)]
    rooms = api.dcim.locations.create(rows)
    equal(len(rooms), 120, "a list is created")
    equal([room.name for room in rooms], [row["name"] for row in rows], "in its order")
    found = list(api.dcim.locations.filter(parent=top.id))
    equal(len(found), 120, "filter reads every page")
    equal(len({room.id for room in found}), 120, "each object once")
    equal(api.dcim.locations.count(parent=top.id), 120, "count asks for one page")
    equal(len(list(api.dcim.locations.filter(parent=top.id, limit=50))), 120, "whatever the page")
    threaded = pynautobot.api(URL, token=TOKEN, threading=True)
    equal(len(list(threaded.dcim.locations.filter(parent=top.id))), 120, "pages are read side by side")
    first = found[0]
    equal(first.display, f"{MARK} top → {first.name}", "a tree is displayed with its path")
    equal(first.parent.id, top.id, "the parent")
    equal([one.id for one in first.tags], [tag.id], "tags")
    deep = list(api.dcim.locations.filter(id=first.id, depth=1))[0]
    equal(deep.parent.name, top.name, "depth gives whole objects")
    equal(deep.status.color, "00ff00", "and their fields")

    def names(**filters):
        return [room.name for room in api.dcim.locations.filter(parent=top.id, **filters)]

    equal(names(name__ic="ROOM 007"), [f"{MARK} room 007"], "contains")
    equal(len(names(name__nic="ROOM 00")), 110, "does not contain")
    equal(len(names(name__isw=f"{MARK} room 01")), 10, "starts with")
    equal(len(names(name__iew="5")), 12, "ends with")
    equal(len(names(name__re="0[0-4]$")), 10, "matches a pattern")
    equal(names(name=[f"{MARK} room 001", f"{MARK} room 002"]), [f"{MARK} room 001", f"{MARK} room 002"], "any of")
    equal(len(names(name__n=f"{MARK} room 001")), 119, "all but")
    equal(len(names(tags=tag.name)), 120, "by the name of a tag")
    equal(len(names(status=status.name)), 120, "by the name of a status")
    equal(len(names(status__n=status.id)), 0, "by no such status")
    equal(len(names(tenant="null")), 120, "by nothing")
    equal(len(names(asn__isnull=True)), 120, "by a field that is empty")
    equal(names(sort="-name")[0], f"{MARK} room 119", "sorted")
    equal(api.dcim.locations.count(subtree=top.id), 121, "with all below")
    refused(lambda: names(colour="red"), 400, "Unknown filter field", "an unknown filter")
    refused(lambda: names(status="nothing such"), 400, "Select a valid choice", "an unknown status")
    refused(lambda: api.dcim.locations.create(name="x"), 400, "This field is required", "a missing field")
    refused(lambda: api.extras.tags.create(name=tag.name, content_types=types), 400, "already exists", "a taken name")
    refused(lambda: api.dcim.locations.create([{"name": f"{MARK} good", **place}, {"name": "bad"}]), 400, "required", "a list with a bad one")
    equal(api.dcim.locations.count(name=f"{MARK} good"), 0, "nothing of it is saved")
    refused(status.delete, 409, "Unable to delete", "what is in use")
    try:
        api.dcim.locations.get(parent=top.id)
        raise AssertionError("get with many answers was not refused")
    except ValueError:
        true(True, "get refuses many")

    changed = api.dcim.locations.update([{"id": room.id, "facility": "new"} for room in rooms])
    equal({room.facility for room in changed}, {"new"}, "a list is updated")
    for room in rooms[:3]:
        room.facility = "newer"
    equal({room.facility for room in api.dcim.locations.update(rooms[:3])} >= {"newer"}, True, "records are updated")
    moved = api.dcim.locations.get(rooms[5].id)
    moved.latitude = "52.5"
    moved.tags = []
    true(moved.save(), "a decimal and no tags are saved")
    moved = api.dcim.locations.get(rooms[5].id)
    equal(moved.latitude, "52.500000", "a decimal with its digits")
    equal(moved.tags, [], "no tags")

    space = api.ipam.namespaces.create(name=f"{MARK} net", location=top.id)
    net = {"namespace": space.id, "status": status.id}
    prefix = api.ipam.prefixes.create(prefix="10.0.0.0/8", type="container", **net)
    common(prefix, "ipam.prefix", "prefix")
    equal(str(prefix.type), "Container", "a choice prints its label")
    equal((prefix.network, prefix.broadcast, prefix.prefix_length, prefix.ip_version), ("10.0.0.0", "10.255.255.255", 8, 4), "a network's parts")
    inner = api.ipam.prefixes.create(prefix="10.1.0.0/16", **net)
    equal(inner.parent.id, prefix.id, "a prefix finds its parent")
    equal([one.prefix for one in api.ipam.prefixes.filter(namespace=space.name, within="10.0.0.0/8")], ["10.1.0.0/16"], "within")
    equal(api.ipam.prefixes.count(namespace=space.id, contains="10.1.2.3"), 2, "contains")
    equal(api.ipam.prefixes.count(namespace=space.id, prefix="10.1.0.0/16"), 1, "by prefix")
    equal(api.ipam.prefixes.count(namespace=space.id, type="container"), 1, "by type")
    addresses = api.ipam.ip_addresses.create([{"address": f"10.1.0.{n}/24", "dns_name": f"h{n}.example.net", **net} for n in range(1, 31)])
    equal(len(addresses), 30, "addresses are created")
    address = addresses[0]
    common(address, "ipam.ipaddress", "address")
    equal(str(address), "10.1.0.1/24", "an address prints itself")
    equal((address.host, address.mask_length, address.ip_version, address.type), ("10.1.0.1", 24, 4, "host"), "an address's parts")
    equal(address.parent.id, inner.id, "an address finds its prefix")
    equal(api.ipam.ip_addresses.count(namespace=space.id, address="10.1.0.7/24"), 1, "by address")
    equal(api.ipam.ip_addresses.count(namespace=space.id, prefix="10.1.0.0/28"), 15, "inside a prefix")
    equal(api.ipam.ip_addresses.count(namespace=space.id, dns_name__isw="h1"), 11, "by DNS name")
    refused(lambda: api.ipam.ip_addresses.create(address="192.0.2.1/24", **net), 400, "", "an address without a prefix")
    choices = api.ipam.prefixes.choices()
    equal(sorted(one["value"] for one in choices["type"]), ["container", "network", "pool"], "choices")
    whole = connect(exclude_m2m=False)
    equal(whole.ipam.prefixes.get(inner.id).locations, [], "sets of references when asked for")

    changes = list(api.extras.object_changes.filter(changed_object_id=top.id))
    equal([str(one.action) for one in changes], ["Created"], "what happened to an object")
    true(api.extras.jobs.count() > 0, "jobs are listed")
    true("/dcim/locations/" in api.openapi()["paths"], "the document has the paths")
    refused(lambda: connect(token="0" * 40).dcim.locations.count(), 403, "Invalid token", "a wrong token")

    true(api.ipam.ip_addresses.delete(addresses), "addresses are deleted")
    true(inner.delete() and prefix.delete(), "prefixes are deleted")
    true(space.delete(), "the namespace is deleted")
    true(api.dcim.locations.delete([room.id for room in rooms]), "a list is deleted by ids")
    equal(api.dcim.locations.count(parent=top.id), 0, "and is gone")
    true(top.delete() and kind.delete(), "the rest of the tree")
    custom_fields_and_notes(api)
    true(tag.delete() and status.delete(), "tag and status")
    hardware(api)
    permissions(api)
    jobs(api)
    print(f"pynautobot {pynautobot.__version__} against API {api.version}: {expectations.held} assertions held.")


main()
