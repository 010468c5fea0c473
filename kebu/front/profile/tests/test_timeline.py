"""One history of contacts and changes, cut into pages without loss or repetition."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from kebu.base.fields.directories import Context
from kebu.base.journal.authors import Author
from kebu.base.journal.choices import Door
from kebu.base.kit.money import parse_amount_range
from kebu.crm.customers.actions import change_customer
from kebu.crm.customers.models import Customer
from kebu.crm.interactions.actions import log_interaction
from kebu.front.profile import timeline
from kebu.front.profile.queries import SIZE
from kebu.office.staff.models import User
from tests.cast import ClientOf, MakeCustomer

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def log(customer: Customer, user: User, summary: str, days_ago: float, **values: Any) -> None:
    """Log a contact on the very day it happened."""
    at = NOW - timedelta(days=days_ago)
    by, told = Author.for_user(user, Door.PAGE), {"summary": summary, "happened_at": at, **values}
    log_interaction(customer, told, contact=None, by=by, at=at, context=Context())


def change(customer: Customer, user: User, days_ago: float, **values: Any) -> None:
    at = NOW - timedelta(days=days_ago)
    by = Author.for_user(user, Door.PAGE)
    change_customer(customer, values, version=customer.version, by=by, at=at, context=Context())


def told(page: timeline.Page) -> list[str]:
    talks = [(item, item.interaction.summary) for item in page.items if item.interaction]
    changes = [(item, item.change.pairs[0].after) for item in page.items if item.change and item.change.pairs]
    return [text for item, text in sorted(talks + changes, key=lambda pair: page.items.index(pair[0]))]


def test_merged_by_time_with_old_and_new_value(
    rep: User, client_of: ClientOf, make_customer: MakeCustomer
) -> None:
    customer = make_customer(rep, budget=parse_amount_range("60-80万"))
    change(customer, rep, 2, budget=parse_amount_range("80-90万"))
    log(customer, rep, "先谈", 3)
    log(customer, rep, "后谈", 1)
    assert told(timeline.history(customer, customer.contacts.all(), Context())) == ["后谈", "80–90万", "先谈"]
    answer = client_of(rep).get(customer.get_absolute_url())
    for text in ("<del>60–80万</del>", "<ins>80–90万</ins>", "资料变更", "预算范围"):
        assertContains(answer, text)


@pytest.mark.slow
@pytest.mark.parametrize("show", [timeline.ALL, timeline.TALKS, timeline.CHANGES])
def test_pages_follow_one_another_without_gap(show: str, rep: User, make_customer: MakeCustomer) -> None:
    customer = make_customer(rep)
    expected: list[str] = []
    for day in range(90, 0, -1):
        if day % 3:
            log(customer, rep, f"谈{day}", day)
            expected += [f"谈{day}"] if show != timeline.CHANGES else []
        else:
            change(customer, rep, day, remark=f"记{day}")
            expected += [f"记{day}"] if show != timeline.TALKS else []
    found: list[str] = []
    place, pages = "", 0
    while True:
        page = timeline.history(customer, customer.contacts.all(), Context(), show, place)
        found += told(page)
        place, pages = page.older, pages + 1
        assert len(page.items) <= SIZE
        if not place:
            break
    assert found == expected[::-1]
    assert pages > 1


def test_what_a_contact_set_is_not_told_twice(rep: User, make_customer: MakeCustomer) -> None:
    """Logging moves the next follow-up; that change is part of the contact, moving it by hand is not."""
    customer = make_customer(rep)
    log(customer, rep, "谈过", 2, next_follow_up_at=NOW + timedelta(days=1), next_step="发报价")
    assert told(timeline.history(customer, customer.contacts.all(), Context())) == ["谈过"]
    change(customer, rep, 1, next_step="改天再说")
    assert told(timeline.history(customer, customer.contacts.all(), Context())) == ["改天再说", "谈过"]


def test_a_day_stands_once_even_across_pages(rep: User, make_customer: MakeCustomer) -> None:
    customer = make_customer(rep)
    for number in range(SIZE + 5):
        log(customer, rep, f"谈{number}", 40)
    first = timeline.history(customer, customer.contacts.all(), Context(), timeline.TALKS)
    second = timeline.history(customer, customer.contacts.all(), Context(), timeline.TALKS, first.older)
    assert [bool(item.day) for item in first.items].count(True) == 1
    assert not any(item.day for item in second.items)
    assert len(told(first) + told(second)) == SIZE + 5


def test_filter_and_older_by_address(rep: User, client_of: ClientOf, make_customer: MakeCustomer) -> None:
    customer = make_customer(rep)
    for number in range(SIZE + 5):
        log(customer, rep, f"谈了第{number}回", 40 - number)
    client, url = client_of(rep), customer.get_absolute_url()
    assertNotContains(client.get(f"{url}?show=talks"), "新建客户</b>")
    assertNotContains(client.get(f"{url}?show=changes"), "谈了第24回</p>")
    older = timeline.history(customer, customer.contacts.all(), Context()).older
    headers = {"HX-Request": "true", "HX-Target": "older"}
    answer = client.get(f"{url}?before={older}", headers=headers)
    assertContains(answer, "谈了第0回")
    assertNotContains(answer, "谈了第24回")


@pytest.mark.parametrize(
    "text", ["x", "1.2.3", "9" * 40, "-1.-1.-1.-1", "1.2.3.4.5", "0.0.0.99999999", "١.1.1.1"]
)
def test_a_wrong_place_is_the_beginning_or_empty(
    text: str, rep: User, client_of: ClientOf, make_customer: MakeCustomer
) -> None:
    assert client_of(rep).get(f"{make_customer(rep).get_absolute_url()}?before={text}").status_code == 200
