"""Every door of a customer × every role × every relation to it, held against the oracle."""

import re
from collections import defaultdict
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from copy import deepcopy
from urllib.parse import urlsplit

import pytest
from django.db import transaction
from django.template.backends.django import Template
from django.urls import resolve
from django.utils import timezone
from django.utils.safestring import SafeString

from kebu.base.fields.directories import Context
from kebu.base.journal.authors import Author
from kebu.crm.customers.collaborators import Grant, let_in
from kebu.crm.customers.mass_actions import assign_many
from kebu.crm.customers.models import Customer
from kebu.office.staff.models import Role, User
from tests.access.conftest import MakePlaces, Places
from tests.access.oracle import GRANTS, HERE, RELATIONS, ROLES, doors, expected
from tests.access.test_matrix import FORMS, Guard, Row, attempt, fits, lines_of, rows
from tests.architecture.test_urls import all_patterns
from tests.cast import ClientOf, MakeUser

HANGS = re.compile(
    r"{(customer|shelved|contact|interaction|promise|proposal|file|consent|binned|plan|key_date|purchase|warning)}"
)
SENT = re.compile(r"{(id|plan)}")
# The columns of the written matrices as role and relation.
WRITTEN = {
    "rep": ("sales", "own"),
    "boss": ("manager", "team"),
    "mate": ("sales", "team"),
    "rival": ("manager", "other"),
    "market": ("marketing", "team"),
    "service": ("service", "team"),
    "audit": ("auditor", "other"),
    "admin": ("admin", "other"),
}
Book = dict[str, Places]


def test_there_are_enough_cells() -> None:
    assert len(doors()) * len(ROLES) * len(RELATIONS) + 8 * len(rows()) >= 3_000


def test_every_door_of_a_customer_is_known() -> None:
    """A row of the matrix about a customer has its line in doors.txt."""
    known = {(door.verb, door.address) for door in doors()}
    about = {
        (row.verb, row.address)
        for row in rows()
        if HANGS.search(row.address) or SENT.search("".join(FORMS.get(row.address, {}).values()))
    }
    assert about | {("POST", "/interactions/quick/")} == known


def test_the_oracle_says_what_was_written_by_hand() -> None:
    """matrix.txt and sharing.txt were written by people, the oracle reckons: both must say the same."""
    by_hand = {(row.verb, row.address): row.expected for row in rows()}
    columns = WRITTEN | {name: ("sales", name) for name in ("view", "edit", "kept")}
    for row in lines_of(HERE / "sharing.txt"):
        if "{shelved}" not in row.address:  # there it is not shared
            by_hand.setdefault((row.verb, row.address), {}).update(row.expected)
    wrong = [
        f"{door.verb} {door.address} {column}: {told}, reckoned {expected(door, *columns[column])}"
        for door in doors()
        for column, told in by_hand[door.verb, door.address].items()
        if expected(door, *columns[column]) != told
    ]
    assert not wrong


def test_the_right_of_every_view_would_be_missed() -> None:
    """For each right that a view names somebody is refused there who lacks it; see also `make mutations`."""
    named = {name: getattr(entry.callback, "permission", "") for name, entry in all_patterns()}
    missed = set()
    for row in rows():
        name = resolve(urlsplit(row.address.format_map(defaultdict(lambda: "1"))).path).view_name
        for column, told in row.expected.items():
            if told == "403" and named[name] not in GRANTS[WRITTEN[column][0]]:
                missed.add(name)
    assert {name for name, right in named.items() if "." in right} <= missed


@pytest.mark.django_db
def test_the_shipped_roles_are_those_of_the_table(shipped: None) -> None:
    assert {role.code: role.granted for role in Role.objects.all()} == GRANTS


@pytest.fixture
def _unrendered(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who gets in is decided before a page is drawn, and test_matrix draws each of them."""
    monkeypatch.setattr(Template, "render", lambda *_args, **_kwargs: SafeString(""))


@pytest.fixture
def book(viewer: User, make_user: MakeUser, make_places: MakePlaces) -> Book:
    """A customer of whoever tries, one of a colleague and one of somebody of another department."""
    mate, other = (
        make_user("lin", "林知遥", "sales"),
        make_user("he", "何清越", "sales", department="销售二部"),
    )
    somebody = {"user": str(mate.pk)}
    return {
        place: make_places(owner) | somebody
        for place, owner in (("own", viewer), ("team", mate), ("other", other))
    }


@pytest.fixture
def viewer(role: str, make_user: MakeUser) -> User:
    return make_user("zhou", "周慕白", role)


@contextmanager
def related(relation: str, viewer: User, book: Book) -> Iterator[Places]:
    """The customer in that relation to whoever tries, until the end."""
    place, share = RELATIONS[relation]
    was_own = relation in ("kept", "former")
    places, by, at = book["own" if was_own else place], Author.system(), timezone.now()
    point = transaction.savepoint()
    customers = Customer.objects.filter(number__in=(places["customer"], places["shelved"]))
    if was_own:
        other = User.objects.get(username="he").pk
        ids, context = list(customers.values_list("pk", flat=True)), Context()
        assign_many(
            Customer.objects.all(), ids, other, by=by, at=at, context=context, keeps_former=bool(share)
        )
    elif share:
        let_in(list(customers), Grant(viewer.pk, share), by=by, at=at)
    yield places
    transaction.savepoint_rollback(point)


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.usefixtures("_unrendered")
@pytest.mark.parametrize("role", ROLES)
def test_relations(role: str, viewer: User, book: Book, client_of: ClientOf, read_only: Guard) -> None:
    client, wrong = client_of(viewer), []
    cookies = deepcopy(client.cookies)
    for relation in RELATIONS:
        with related(relation, viewer, book) as places:
            for door in doors():
                told = expected(door, role, relation)
                guard: AbstractContextManager[None] = nullcontext() if told == "ok" else read_only()
                got = attempt(client, Row(door.verb, door.address, {}), places, guard)
                client.cookies = deepcopy(cookies)
                if not fits(told, got):
                    wrong.append(f"{relation} {door.verb} {door.address}: {got}, not {told}")
    assert not wrong
