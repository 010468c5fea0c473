"""What the roles of an installation may do stays what it was when each had one scope."""

from importlib import import_module

from kebu.office.staff.queries import SHIPPED_ROLES

OLD = import_module("kebu.office.staff.migrations.0002_shipped_roles").ROLES
grants_of = import_module("kebu.office.staff.migrations.0005_grants").grants_of
NEW = {role.code: role.values()["grants"] for role in SHIPPED_ROLES}
# Rights that came afterwards, granted by migrations of their own.
LATER = ("customer.export", "plan.", "meeting.lead", "pool.")


def test_shipped_roles_carried_over_are_the_shipped_roles() -> None:
    for code, _name, scope, permissions in OLD:
        carried = grants_of(scope, permissions)
        if code == "marketing":
            del carried["customer.reveal"]
        assert carried.items() <= NEW[code].items(), code
        if code != "admin":
            assert carried == {one: far for one, far in NEW[code].items() if not one.startswith(LATER)}, code


def test_editing_for_the_team_becomes_editing_as_far_as_one_sees() -> None:
    team = ["customer.view", "customer.edit", "customer.edit_team", "customer.archive", "interaction.edit"]
    assert set(grants_of("department", team).values()) == {"department"}
    alone = grants_of("department", [one for one in team if one != "customer.edit_team"])
    assert alone["customer.view"] == "department"
    assert {alone[one] for one in ("customer.edit", "customer.archive", "file.add")} == {"own"}
    assert "contact.edit" not in grants_of("all", ["customer.view", "customer.edit_team"])
