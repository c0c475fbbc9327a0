"""Who may do what: a user, a group, permissions with constraints, and what they keep that user from."""

import requests
from expectations import MARK, URL, connect, equal, refused, true

PASSWORD = f"{MARK} correct horse"
REFUSED = "You do not have permission to perform this action."


def token_of(username):
    """A token that the user makes with name and password."""
    answer = requests.post(f"{URL}/api/users/tokens/", json={}, auth=(username, PASSWORD), timeout=30)
    equal(answer.status_code, 201, "a user makes a token")
    return answer.json()["key"]


def permissions(api):
    tenants = api.tenancy.tenants
    group = api.users.groups.create(name=f"{MARK} readers")
    equal(str(group), f"{MARK} readers", "a group prints its name")
    user = api.users.users.create(username=f"{MARK}-reader", password=PASSWORD)
    equal((user.username, user.is_superuser, user.is_active), (f"{MARK}-reader", False, True), "a user")
    true("password" not in dict(user), "without the password")
    refused(lambda: api.users.users.create(username=f"{MARK}-reader", password=PASSWORD), 400, "already exists", "a taken name")
    refused(lambda: api.users.users.create(username="no such name"), 400, "Enter a valid username", "a name that cannot be")
    refused(lambda: api.users.permissions.create(name=f"{MARK} none"), 400, "This field is required", "a permission for nothing")
    refused(
        lambda: api.users.permissions.create(name=f"{MARK} odd", object_types=["tenancy.teapot"], actions=["view"]),
        *(400, "Invalid content type", "a type that is none"),
    )

    tokens = api.users.permissions.create(
        name=f"{MARK} tokens", object_types=["users.token"], actions=["view", "add"], users=[user.id]
    )
    person = connect(token=token_of(user.username))
    refused(lambda: person.tenancy.tenants.count(), 403, REFUSED, "a list without permission")
    refused(lambda: person.tenancy.tenants.create(name="x"), 403, REFUSED, "a write without permission")
    refused(lambda: person.users.permissions.count(), 403, REFUSED, "permissions themselves")

    mine = tenants.create(name=f"{MARK} mine", description="of the reader")
    other = tenants.create(name=f"{MARK} other")
    rule = api.users.permissions.create(
        name=f"{MARK} rule",
        object_types=["tenancy.tenant"],
        actions=["view", "add", "change", "delete"],
        constraints={"name__startswith": f"{MARK} mine"},
        users=[user.id],
    )
    equal((rule.enabled, rule.actions), (True, ["view", "add", "change", "delete"]), "a permission")
    equal(dict(rule)["constraints"], {"name__startswith": f"{MARK} mine"}, "keeps its constraints")
    equal([one.id for one in api.users.permissions.filter(name=rule.name)], [rule.id], "is found by name")
    equal([one.name for one in person.tenancy.tenants.all()], [mine.name], "what is hidden is in no list")
    equal(person.tenancy.tenants.get(other.id), None, "and not there by its id")
    equal(person.tenancy.tenants.get(mine.id).description, "of the reader", "what is allowed is")
    true(person.tenancy.tenants.get(mine.id).update({"description": "changed"}), "and is changed")
    refused(lambda: person.tenancy.tenants.create(name=f"{MARK} third"), 403, REFUSED, "a new object out of bounds")
    equal(tenants.count(name=f"{MARK} third"), 0, "is not there")
    shared = person.tenancy.tenants.get(mine.id)
    refused(lambda: shared.update({"name": f"{MARK} renamed"}), 403, REFUSED, "a change out of bounds")
    equal(tenants.get(mine.id).name, mine.name, "is not made")
    made = person.tenancy.tenants.create(name=f"{MARK} mine too")
    true(made.delete(), "what is allowed is made and deleted")
    refused(lambda: shared.notes.list(), 403, REFUSED, "notes ask for more")
    refused(lambda: person.dcim.devices.count(), 403, REFUSED, "other objects too")

    true(rule.update({"constraints": [{"name": other.name}, {"name": "nothing"}], "actions": ["view"]}), "other constraints")
    equal([one.name for one in person.tenancy.tenants.all()], [other.name], "one of which is enough")
    refused(lambda: person.tenancy.tenants.create(name=f"{MARK} mine"), 403, REFUSED, "an action that is gone")
    true(rule.update({"enabled": False}), "a permission is switched off")
    refused(lambda: person.tenancy.tenants.count(), 403, REFUSED, "and allows nothing")

    true(user.update({"is_active": False}), "a user is switched off")
    refused(lambda: person.tenancy.tenants.count(), 403, "User inactive", "and is nobody")
    true(rule.delete() and tokens.delete(), "permissions are deleted")
    true(user.delete() and group.delete(), "user and group")
    true(mine.delete() and other.delete(), "tenants")
