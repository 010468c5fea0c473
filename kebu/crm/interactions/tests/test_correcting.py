"""Correcting a follow-up: what the customer knows of it follows, and only what was touched changes."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from kebu.base.journal.models import JournalEntry
from kebu.base.kit.dates import day_bounds
from kebu.crm.customers.models import Customer
from kebu.crm.interactions.models import Interaction
from kebu.office.staff.models import User
from tests.cast import ClientOf, MakeCustomer

pytestmark = pytest.mark.django_db
SHEET = {"HX-Request": "true", "HX-Target": "sheet"}
EARLIER = "2026-01-05T10:00"


@pytest.fixture
def customer(rep: User, make_customer: MakeCustomer) -> Customer:
    return make_customer(owner=rep, contacts=[{"name": "郑国栋", "title": "采购经理"}, {"name": "蒋雅文"}])


@pytest.fixture
def client(rep: User, client_of: ClientOf) -> Client:
    return client_of(rep)


def log(client: Client, customer: Customer, key: str = "k1", **values: Any) -> Interaction:
    form = {"summary": "谈账期", "method": "phone", "status": "ongoing", "submission": key, **values}
    assert (
        client.post(f"/interactions/new/?customer={customer.number}", form, headers=SHEET).status_code == 204
    )
    return Interaction.objects.latest("id")


def shown(client: Client, told: Interaction) -> dict[str, str]:
    """The form as a browser would send it back untouched."""
    page = client.get(f"/interactions/{told.pk}/edit/", headers=SHEET).content.decode()
    inputs = dict(
        re.findall(r'name="(happened_at|next_follow_up_at|next_step|version)" value="([^"]*)"', page)
    )
    chosen = re.search(r'name="contact".*?<option value="(\d*)" selected', page, re.DOTALL)
    values = {"summary": told.summary, "method": told.method, "status": told.status, **inputs}
    return values | {"contact": chosen[1] if chosen else ""}


def correct(client: Client, told: Interaction, **values: str) -> int:
    sent = shown(client, told) | values
    return client.post(f"/interactions/{told.pk}/edit/", sent, headers=SHEET).status_code


def test_untouched_form_changes_nothing(client: Client, customer: Customer) -> None:
    person = customer.contacts.get(name="蒋雅文")
    tomorrow = (timezone.localdate() + timedelta(days=1)).isoformat()
    told = log(client, customer, contact=person.pk, next_day=tomorrow, next_step="寄样品")
    before = JournalEntry.objects.count()
    assert correct(client, told) == 204
    told.refresh_from_db()
    assert (told.version, told.contact, JournalEntry.objects.count()) == (1, person, before)


def test_corrected_time_moves_the_last_contact(client: Client, customer: Customer) -> None:
    first = log(client, customer, happened_at="2026-01-01T09:00")
    second = log(client, customer, "k2")
    assert correct(client, second, happened_at=EARLIER) == 204
    customer.refresh_from_db()
    second.refresh_from_db()
    assert customer.last_contact_at == second.happened_at
    assert correct(client, second, happened_at="2025-12-01T10:00") == 204
    customer.refresh_from_db()
    assert customer.last_contact_at == first.happened_at


def test_the_time_cannot_be_emptied(client: Client, customer: Customer) -> None:
    told = log(client, customer, happened_at=EARLIER)
    assert correct(client, told, happened_at="") == 422
    happened_at = told.happened_at
    told.refresh_from_db()
    assert told.happened_at == happened_at


def test_another_contact_is_chosen_and_journalled(client: Client, customer: Customer) -> None:
    first, second = customer.contacts.in_order()
    told = log(client, customer, contact=first.pk)
    assert correct(client, told, contact=str(second.pk)) == 204
    told.refresh_from_db()
    assert told.contact == second
    entry = JournalEntry.objects.filter(kind="interaction").latest("id")
    assert [side["name"] for side in entry.changes["contact"]] == ["郑国栋 采购经理", "蒋雅文"]
    assert "郑国栋 采购经理" in client.get(customer.get_absolute_url()).content.decode()


def test_the_contact_collides_like_any_field(client: Client, customer: Customer) -> None:
    first, second = customer.contacts.in_order()
    told = log(client, customer)
    stale = shown(client, told)
    assert correct(client, told, contact=str(first.pk)) == 204
    answer = client.post(f"/interactions/{told.pk}/edit/", stale | {"contact": str(second.pk)}, headers=SHEET)
    told.refresh_from_db()
    assert (answer.status_code, told.contact) == (409, first)
    text = answer.content.decode()
    assert all(word in text for word in ("keep-contact", "蒋雅文", "郑国栋 采购经理"))


def test_corrected_plan_of_the_latest_is_the_customers_plan(client: Client, customer: Customer) -> None:
    day = timezone.localdate() + timedelta(days=3)
    old = log(client, customer, next_step="寄样品")
    assert correct(client, old, next_step="寄样品和报价", next_follow_up_at=f"{day}T00:00") == 204
    customer.refresh_from_db()
    assert (customer.next_step, customer.next_follow_up_at) == ("寄样品和报价", day_bounds(day)[0])
    log(client, customer, "k2", next_step="签合同")
    assert correct(client, old, next_step="旧事") == 204
    customer.refresh_from_db()
    assert customer.next_step == "签合同"


def test_a_fold_with_something_wrong_is_open(client: Client, customer: Customer) -> None:
    path = f"/interactions/new/?customer={customer.number}"
    form = {"summary": "谈账期", "method": "phone", "status": "ongoing", "place": "sheet"}
    late = client.post(path, form | {"happened_at": "2099-01-01T10:00"}, headers=SHEET).content.decode()
    assert '<details class="k-more" open>' in late
    assert "不能晚于现在" in late
    short = client.post(path, form | {"summary": ""}, headers=SHEET).content.decode()
    assert '<details class="k-more">' in short


def test_the_quick_sheet_takes_up_what_was_written_offline(client: Client) -> None:
    """Both forms share the draft's key and the field's name."""
    offline = client.get("/ui/offline/").content.decode()
    quick = client.get("/interactions/quick/", headers=SHEET).content.decode()
    for page in (offline, quick):
        assert 'data-draft="log"' in page
        assert re.search(r'<textarea[^>]*name="summary"', page)


def test_the_quick_sheet_keeps_what_was_searched_for(
    client: Client, rep: User, make_customer: MakeCustomer
) -> None:
    wanted, other = (
        make_customer(owner=rep, name="长沙云诺橡塑集团"),
        make_customer(owner=rep, name="厦门泰航装饰"),
    )
    form = {"summary": "电话没接", "method": "phone", "q": "云诺"}
    answer = client.post("/interactions/quick/", form, headers=SHEET)
    page = answer.content.decode()
    assert (answer.status_code, "请先选客户" in page, "电话没接" in page) == (422, True, True)
    assert wanted.number in page
    assert other.number not in page
