"""Each right by itself: who has all others everywhere, and this one over his own customers, is refused."""

import pytest
from django.test import Client
from django.utils import timezone

from kebu.base.access.choices import Permission
from kebu.base.journal.authors import Author
from kebu.crm.customers.collaborators import Grant, let_in
from kebu.crm.customers.models import Customer
from kebu.crm.segments.actions import keep
from kebu.crm.segments.models import Segment
from kebu.office.staff.models import Role, User
from tests.access.conftest import Places
from tests.access.oracle import doors
from tests.access.test_matrix import Guard, Row, attempt
from tests.cast import ClientOf, MakeCustomer, MakeUser

pytestmark = [pytest.mark.slow, pytest.mark.django_db]
EVERYTHING = {one.value: "all" for one in Permission}


@pytest.fixture
def reader(make_user: MakeUser) -> Role:
    user = make_user("quan", "全知")
    role = Role.objects.create(name="几乎什么都能", grants=EVERYTHING)
    user.roles.set([role])
    return role


def test_every_door_asks_the_right_it_says(
    reader: Role, places: Places, client_of: ClientOf, read_only: Guard
) -> None:
    client: Client = client_of(reader.users.get())
    wrong = []
    for right in (one for one in Permission if one.is_scoped):
        reader.grants = EVERYTHING | {right.value: "own"}
        reader.save()
        told = "404" if right == Permission.CUSTOMER_VIEW else "403"
        for door in doors():
            if told == "404" or door.right.rstrip("!") == right:
                got = attempt(client, Row(door.verb, door.address, {}), places, read_only())
                if got != door.odd.get(told, told):
                    wrong.append(f"{door.verb} {door.address} with {right} over his own: {got}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(
    ("table", "place"), [("customers", "id"), ("plans", "plan"), ("records", "interaction")]
)
def test_only_what_the_right_reaches_is_taken_out(
    table: str, place: str, reader: Role, places: Places, client_of: ClientOf
) -> None:
    client, form = client_of(reader.users.get()), {"ids": places[place], "step": "ask"}
    for grants, status in (({}, 200), ({"customer.export": "own"}, 403), ({"customer.view": "own"}, 404)):
        reader.grants = EVERYTHING | grants
        reader.save()
        assert client.post(f"/exports/new/{table}/", form).status_code == status


def test_a_share_is_worth_nothing_without_the_right_to_look(reader: Role, places: Places) -> None:
    user, customer = reader.users.get(), Customer.objects.filter(pk=places["id"])
    let_in(list(customer), Grant(user.pk, level="edit"), by=Author.system(), at=timezone.now())
    for grants, is_reached in (({"customer.view": "own"}, True), ({}, False)):
        reader.grants = {"customer.edit": "own", **grants}
        reader.save()
        user = User.objects.get(pk=user.pk)
        assert customer.within(user, Permission.CUSTOMER_EDIT).exists() is is_reached


def test_who_edits_his_own_moves_and_edits_no_card_or_line_of_others(
    reader: Role, places: Places, client_of: ClientOf
) -> None:
    """Neither by a button of the board nor in the table; without the right nothing at all."""
    client, found = client_of(reader.users.get()), []
    for scope in ("all", "own", ""):
        reader.grants = {**EVERYTHING, "customer.edit": scope}
        if not scope:
            del reader.grants["customer.edit"]
        reader.save()
        board, table = (
            client.get(f"/customers/?view=team&look={look}&by=grade").content.decode()
            for look in ("board", "list")
        )
        found.append(("k-card-move" in board, 'id="move-name"' in board, "data-edits" in table))
    assert found == [(True, True, True), (False, True, True), (False, False, False)]


@pytest.mark.parametrize("page", ["/batches/{batch}/", "/imports/{import}/"])
def test_who_sees_not_all_customers_sees_no_work_of_others(
    page: str, reader: Role, places: Places, client_of: ClientOf
) -> None:
    """Though he manages the staff."""
    client = client_of(reader.users.get())
    for lacking, status in (({}, 200), ({"customer.view": "own"}, 404), ({"staff.manage": ""}, 404)):
        reader.grants = {right: scope for right, scope in (EVERYTHING | lacking).items() if scope}
        reader.save()
        assert client.get(page.format(**places)).status_code == status


GOES = (
    ("/segments/new/?grade=A", "segment.publish", "", "全公司"),
    ("/segments/new/?grade=A", "segment.publish", "", "销售二部及下级"),
    ("/search/?q=没有这一家", "customer.create", "", "/customers/new/"),
    ("/customers/?grade=A", "customer.view", "own", "/settings/tags/rules/new/"),
    ("/customers/", "customer.edit", "", "/customers/collaborators/"),
    ("/settings/privacy/?name=王砺锋", "customer.view", "own", "/settings/privacy/binned/"),
    ("/settings/privacy/?name=沈砚秋", "customer.view", "own", "/personal-data/{person}/"),
    ("/personal-data/{person}/", "customer.view", "own", "沈砚秋"),
    ("/disputes/?tab=waiting", "customer.assign", "", "/disputes/{dispute}/"),
    ("/segments/{segment}/", "customer.export", "", "/exports/new/customers/"),
)


@pytest.mark.parametrize(("page", "right", "scope", "words"), GOES)
def test_what_a_page_says_goes_with_the_right(
    page: str, right: str, scope: str, words: str, reader: Role, places: Places, client_of: ClientOf,
    make_customer: MakeCustomer, rep: User,
) -> None:  # fmt: skip
    person = make_customer(rep, kind="person", name="沈砚秋")
    segment = Segment(owner=reader.users.get(), name="全部", query="view=team&sort=name")
    keep(segment, by=Author.system(), at=timezone.now())
    keys = places | {"person": person.number, "segment": str(segment.pk)}
    client, texts = client_of(reader.users.get()), []
    for grants in ({}, {right: scope}):
        reader.grants = {one: wide for one, wide in (EVERYTHING | grants).items() if wide}
        reader.save()
        texts.append(client.get(page.format(**keys)).content.decode())
    assert [words.format(**keys) in text for text in texts] == [True, False]
