"""A masked value in full: under a reason, counted, in the journal, for this one look."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from django.utils import timezone

from kebu.base.access.choices import FieldRule, Permission, Scope
from kebu.base.journal.authors import Author
from kebu.base.journal.choices import Action, Door
from kebu.base.journal.models import JournalEntry
from kebu.crm.customers.models import Customer
from kebu.crm.recycling.actions import discard
from kebu.crm.recycling.registry import TREES
from kebu.front.reveals.actions import Look, OverQuota, reveal
from kebu.front.reveals.models import RevealCount
from kebu.office.staff.models import Role, User
from tests.at_once import faults
from tests.cast import ClientOf, MakeCustomer, MakeUser

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true", "HX-Target": "dialog"}
WAYS = ("customer.phone", "customer.email", "contact.phone")
WHY = {"reason": "call"}
PHONE, DIGITS, SHOWN = "+8613812345671", "12345671", "138 1234 5671"


@pytest.fixture
def agent(make_user: MakeUser) -> User:
    """Somebody whose role masks the ways to reach customers, and lets him look."""
    rights = (Permission.CUSTOMER_VIEW, Permission.CUSTOMER_REVEAL)
    grants = {right.value: Scope.OWN.value for right in rights}
    rules = dict.fromkeys(WAYS, FieldRule.MASKED.value) | {"customer.wechat": FieldRule.HIDDEN.value}
    role = Role.objects.create(name="坐席", grants=grants, field_rules=rules)
    user = make_user("yin", "殷素问")
    user.roles.set([role])
    return user


@pytest.fixture
def customer(agent: User, make_customer: MakeCustomer) -> Customer:
    people = [{"name": "纪闻笙", "phone": "+8613612345673"}]
    return make_customer(agent, people, phone=PHONE, email="zhou@a.cn", wechat="wxsecret")


def looks() -> Any:
    return JournalEntry.objects.filter(action=Action.REVEAL).order_by("id")


def address(customer: Customer, name: str = "phone") -> str:
    return f"/customers/{customer.number}/reveal/{name}/"


def test_the_value_comes_in_place_and_the_look_is_written_down(
    agent: User, customer: Customer, client_of: ClientOf,
    read_only: Callable[[], AbstractContextManager[None]],
) -> None:  # fmt: skip
    client = client_of(agent)
    page = client.get(customer.get_absolute_url()).content.decode()
    assert "138****5671" in page
    assert f'href="{address(customer)}"' in page
    with read_only():
        asked = client.get(address(customer), headers=HTMX).content.decode()
    assert "核对信息" in asked
    assert "今天还能看50个" in asked
    assert DIGITS not in asked
    answer = client.post(address(customer), {**WHY, "words": "约周三到厂"}, headers=HTMX)
    text = answer.content.decode()
    assert f'id="masked-customer-{customer.pk}-phone" hx-swap-oob="true"' in text
    assert SHOWN in text
    assert f'href="tel:{PHONE}"' in text
    assert "no-store" in answer["Cache-Control"]
    entry = looks().get()
    assert (entry.kind, entry.author_id, entry.customer_id) == ("reveal", agent.pk, customer.pk)
    assert entry.changes == {"field": [None, "customer.phone"], "reason": [None, "电话联系：约周三到厂"]}
    history = client.get(f"/customers/{customer.number}/history/").content.decode()
    assert "客户：电话" in history
    assert "约周三到厂" in history
    assert DIGITS not in history
    assert DIGITS not in client.get(customer.get_absolute_url()).content.decode()  # one look


def test_a_contact_and_a_page_without_script(agent: User, customer: Customer, client_of: ClientOf) -> None:
    contact = customer.contacts.get()
    answer = client_of(agent).post(f"/contacts/{contact.pk}/reveal/phone/", {"reason": "send"})
    assert "136 1234 5673" in answer.content.decode()
    assert looks().get().record_name == "纪闻笙"


@pytest.mark.parametrize(
    "form", [{}, {"reason": "其他"}, {"reason": "other"}, {"reason": "other", "words": " "}]
)
def test_no_look_without_a_reason(
    form: dict[str, str], agent: User, customer: Customer, client_of: ClientOf
) -> None:
    answer = client_of(agent).post(address(customer), form, headers=HTMX)
    assert answer.status_code == 422
    assert DIGITS not in answer.content.decode()
    assert not looks().exists()
    assert not RevealCount.objects.exists()


def test_who_may_look(
    agent: User, mate: User, rep: User, auditor: User, customer: Customer,
    make_customer: MakeCustomer, client_of: ClientOf,
) -> None:  # fmt: skip
    """404 for what one does not see, is hidden, open or empty; 403 without the right or beyond its reach."""
    client = client_of(agent)
    statuses = [
        client.post(address(customer, name), WHY).status_code for name in ("wechat", "name", "x", "budget")
    ]
    assert statuses == [404, 404, 404, 404]
    assert client.post(address(make_customer(rep)), WHY).status_code == 404
    empty = make_customer(agent, email="")
    assert client.post(address(empty, "email"), WHY).status_code == 404
    Role.objects.filter(name="坐席").update(grants={"customer.view": "all", "customer.reveal": "own"})
    assert client.post(address(make_customer(rep)), WHY).status_code == 403
    assert client_of(auditor).post(address(customer), WHY).status_code == 403
    assert client_of(mate).post(address(customer), WHY).status_code == 404
    Role.objects.filter(name="坐席").update(grants={"customer.view": "own"})
    assert client.post(address(customer), WHY).status_code == 403
    assert "/reveal/" not in client.get(customer.get_absolute_url()).content.decode()
    assert not looks().exists()


def test_who_reads_the_journal_alone_looks_there(
    auditor: User, customer: Customer, client_of: ClientOf
) -> None:
    client = client_of(auditor)
    entry = JournalEntry.objects.of_record("customer", customer.pk).get()
    place = f"/journal/{entry.pk}/reveal/phone/"
    assert f'href="{place}"' in client.get("/journal/").content.decode()
    assert SHOWN in client.post(place, {"reason": "check"}, headers=HTMX).content.decode()
    assert looks().get().changes["entry"] == [None, str(entry.pk)]
    assert client.post(f"/journal/{entry.pk}/reveal/name/", WHY).status_code == 404


def test_the_right_must_reach_the_very_customer(
    agent: User, rep: User, client_of: ClientOf, make_customer: MakeCustomer
) -> None:
    """Of a contact too, and in the journal; of a customer that is gone only whom it reaches everywhere."""
    theirs = make_customer(rep, [{"name": "纪闻笙", "phone": "+8613612345673"}], phone=PHONE)
    grants = {"customer.view": "all", "journal.view": "all", "customer.reveal": "own"}
    Role.objects.filter(name="坐席").update(grants=grants)
    entry = JournalEntry.objects.of_record("customer", theirs.pk).get()
    contact, told = (
        f"/contacts/{theirs.contacts.get().pk}/reveal/phone/",
        f"/journal/{entry.pk}/reveal/phone/",
    )
    client = client_of(agent)
    assert [client.post(place, WHY).status_code for place in (contact, told)] == [403, 403]
    discard(TREES["customer"], [theirs.pk], by=Author.for_user(rep, Door.PAGE), at=timezone.now())
    assert client.post(told, WHY).status_code == 403
    assert not looks().exists()
    Role.objects.filter(name="坐席").update(grants=grants | {"customer.reveal": "all"})
    assert client.post(told, WHY).status_code == 200


@pytest.mark.parametrize("most", [0, 1])
def test_beyond_the_quota_one_is_told_whom_to_ask(
    most: int, agent: User, admin: User, customer: Customer, client_of: ClientOf, settings: Any
) -> None:
    settings.KEBU_REVEAL_QUOTA = most
    client = client_of(agent)
    answers: list[Any] = [client.post(address(customer), WHY, headers=HTMX) for _turn in range(most + 1)]
    assert [answer.status_code for answer in answers] == [200] * most + [422]
    refused = answers[-1].content.decode()
    assert f"请找{admin.name}" in refused
    assert DIGITS not in refused
    assert looks().count() == most
    RevealCount.objects.update(day="2020-01-01")
    assert client.post(address(customer), WHY, headers=HTMX).status_code == (200 if most else 422)


@pytest.mark.django_db(transaction=True)
def test_looks_at_once_do_not_slip_past_the_quota(agent: User, customer: Customer, settings: Any) -> None:
    settings.KEBU_REVEAL_QUOTA = 3
    by, look = Author.for_user(agent, Door.PAGE), Look("customer.phone", customer.pk, "x", customer.pk)
    errors = faults([lambda: reveal(look, "电话联系", by=by, at=timezone.now()) for _turn in range(8)])
    assert [type(error) for error in errors] == [OverQuota] * 5
    assert looks().count() == RevealCount.objects.get().count == 3
