"""Each right reaches as far as its own scope: on every door, over many at once, by import, taken back."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from django.test import Client

import kebu
from kebu.base.access.choices import Permission, Scope
from kebu.crm.customers.models import Customer
from kebu.exchange.imports.tests.sheets import committed, taken
from kebu.office.staff.models import Department, Role, User
from tests.access.conftest import MakePlaces, Places
from tests.cast import ClientOf, MakeUser

Guard = Callable[[], AbstractContextManager[None]]
P = Permission
KEBU = Path(kebu.__file__).parent
HTMX = {"HX-Request": "true"}
OWNERS = ("own", "mate", "below", "other")
GRANTS = {
    P.CUSTOMER_VIEW: Scope.ALL,
    P.CUSTOMER_EDIT: Scope.DEPARTMENT,
    P.CUSTOMER_ASSIGN: Scope.SUBTREE,
    P.CUSTOMER_ARCHIVE: Scope.OWN,
    P.CUSTOMER_CREATE: Scope.ALL,
    P.CUSTOMER_IMPORT: Scope.ALL,
    P.CONTACT_CREATE: Scope.OWN,
    P.CONTACT_EDIT: Scope.SUBTREE,
    P.INTERACTION_CREATE: Scope.SUBTREE,
    P.INTERACTION_EDIT: Scope.DEPARTMENT,
    P.FILE_ADD: Scope.ALL,
    P.FILE_REMOVE: Scope.OWN,
}
REACH = {Scope.OWN: 1, Scope.DEPARTMENT: 2, Scope.SUBTREE: 3, Scope.ALL: 4}
DOORS = """
customer.view       GET  /customers/{customer}/
customer.edit       GET  /customers/{customer}/edit/
customer.edit       POST /customers/{customer}/stage/
customer.edit       POST /customers/{customer}/field/need/
customer.edit       POST /desk/{customer}/postponement/
customer.assign     POST /customers/assignment/?step=ask
customer.archive    POST /customers/{customer}/archival/
customer.archive    POST /customers/archivals/
contact.create      GET  /contacts/new/?customer={customer}
contact.create      POST /contacts/new/?customer={customer}
contact.edit        POST /contacts/{contact}/edit/
contact.edit        POST /contacts/{contact}/key/
interaction.create  POST /interactions/new/?customer={customer}
interaction.edit    POST /interactions/{interaction}/edit/
file.add            POST /customers/{customer}/files/
file.remove         POST /files/{file}/removal/
"""


@pytest.fixture
def leader(make_user: MakeUser, departments: dict[str, Department]) -> User:
    """Somebody of 总部 whose rights reach to four different distances."""
    user = make_user("xie", "谢停云", department="总部")
    user.roles.add(Role.objects.create(name="片区", grants={str(k): str(v) for k, v in GRANTS.items()}))
    return user


@pytest.fixture
def places(leader: User, make_user: MakeUser, make_places: MakePlaces) -> dict[str, Places]:
    """A customer with all that hangs on it, by how far its owner stands."""
    owners = {
        "own": leader,
        "mate": make_user("mei", "梅迟", "sales", department="总部"),
        "below": make_user("tang", "唐棣", "sales"),
        "other": make_user("qi", "戚远", "sales", department=None),
    }
    return {name: make_places(owner) for name, owner in owners.items()}


def knock(client: Client, verb: str, address: str, place: Places) -> int:
    form = {"ids": place["id"], "step": "ask"}
    send = client.get if verb == "GET" else client.post
    return send(address.format(**place), form if verb == "POST" else None, headers=HTMX).status_code


@pytest.mark.slow
def test_every_door(leader: User, places: dict[str, Places], client_of: ClientOf, read_only: Guard) -> None:
    client, wrong = client_of(leader), []
    for permission, verb, address in (line.split() for line in DOORS.strip().splitlines()):
        within = OWNERS[: REACH[GRANTS[P(permission)]]]
        for owner in OWNERS:
            if owner in within and not address.endswith(("al/", "als/")):
                status = knock(client, verb, address, places[owner])
                is_wrong = status in (403, 404)
            elif owner not in within:
                with read_only():
                    status = knock(client, verb, address, places[owner])
                is_wrong = status != 403
            else:
                continue
            wrong += [f"{owner} {verb} {address}: {status}"] if is_wrong else []
    assert not wrong


def test_many_at_once_are_all_within_reach_or_none_is_touched(
    leader: User, places: dict[str, Places], client_of: ClientOf
) -> None:
    client, pks = client_of(leader), {name: int(place["id"]) for name, place in places.items()}
    seen, archive = Customer.objects.live(), "/customers/archivals/"
    answer = client.post(archive, {"ids": f"{pks['own']},{pks['mate']}"}, headers=HTMX)
    assert (answer.status_code, "其中1个客户不在你“归档和恢复客户”的范围里" in answer.content.decode()) == (
        403,
        True,
    )
    assert client.post(archive, {"scope": "all"}, headers=HTMX).status_code == 403
    assert seen.filter(pk__in=pks.values()).count() == 4
    give, mine = "/customers/assignment/", {"owner": leader.pk}
    ids = ",".join(str(pks[name]) for name in OWNERS[1:])
    assert client.post(give, {"ids": ids, **mine}, headers=HTMX).status_code == 403
    other = Customer.objects.get(pk=pks["other"]).owner_id
    assert client.post(give, {"ids": pks["mate"], "owner": other}, headers=HTMX).status_code == 422
    answer = client.post(give, {"ids": f"{pks['mate']},{pks['below']}", **mine}, headers=HTMX)
    assert (answer.status_code, Customer.objects.filter(owner=leader, archived_at=None).count()) == (204, 3)


def test_taking_back_reaches_no_further_than_doing(
    leader: User, places: dict[str, Places], client_of: ClientOf
) -> None:
    """What he archived while it was his he brings back no more once it is another's."""
    client, pk = client_of(leader), places["own"]["id"]
    answer = client.post("/customers/archivals/", {"ids": pk}, headers=HTMX)
    assert answer.status_code == 204
    mate = Customer.objects.get(pk=places["mate"]["id"]).owner_id
    Customer.objects.filter(pk=pk).update(owner=mate)
    path = f"/customers/{places['own']['customer']}/archival/"
    assert client.delete(path, headers=HTMX).status_code == 403
    assert Customer.objects.get(pk=pk).is_archived


def test_an_import_changes_only_what_may_be_edited(
    leader: User, places: dict[str, Places], client_of: ClientOf, tmp_path: Path
) -> None:
    """Rows that are customers of the department change them, those of others are told and left alone."""
    client, phones = client_of(leader), {"mate": "+8613700000001", "below": "+8613700000002"}
    for name, phone in phones.items():
        Customer.objects.filter(pk=places[name]["id"]).update(phone=phone)
    rows = [[f"无锡听雨{phone[-1]}号店", phone, "", "", "", "", "展会", ""] for phone in phones.values()]
    source = taken(client, tmp_path, rows)
    client.post(f"/imports/{source.pk}/decisions/", {"row": "2", "decision": "update", "all": "1"})
    committed(client, tmp_path, source)
    told = [row.customer_id for row in source.rows.order_by("number")]
    assert told == [int(places["mate"]["id"]), None]
    names = {name: Customer.objects.get(pk=places[name]["id"]).name for name in phones}
    assert (names["mate"], names["below"]) == ("无锡听雨1号店", "苏州澄岳精密有限公司")


def test_no_right_reaches_further_than_looking(
    leader: User, places: dict[str, Places], client_of: ClientOf, read_only: Guard
) -> None:
    """What is granted wider than 查看客户 neither shows a customer nor acts on one."""
    wide = dict.fromkeys(GRANTS, "all") | {P.CUSTOMER_VIEW: "own"}
    Role.objects.filter(name="片区").update(grants={str(one): scope for one, scope in wide.items()})
    client, other = client_of(leader), places["other"]
    within = Customer.objects.within(User.objects.get(pk=leader.pk), P.CUSTOMER_EDIT)
    assert set(within.values_list("owner", flat=True)) == {leader.pk}
    with read_only():
        assert other["customer"] not in client.get("/interactions/quick/?q=苏州澄岳精密").content.decode()
        for _permission, verb, address in (line.split() for line in DOORS.strip().splitlines()):
            assert knock(client, verb, address, other) == 404, address


def test_every_right_opens_a_door() -> None:
    """None can be given that nothing asks for."""
    told = {"base/access/choices.py", "office/staff/queries.py"}
    paths = [path for path in KEBU.rglob("*.py") if "tests" not in path.parts]
    asking = [path for path in paths if path.relative_to(KEBU).as_posix() not in told]
    text = "\n".join(path.read_text(encoding="utf-8") for path in asking)
    assert not [one.name for one in Permission if f"Permission.{one.name}" not in text]
