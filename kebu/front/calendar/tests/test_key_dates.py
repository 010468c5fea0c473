"""Contracts that end, purchases that come again and care that is due, in the calendar."""

import re

import pytest
from django.test import Client

from kebu.base.journal.models import JournalEntry
from kebu.crm.key_dates.models import KeyDate
from kebu.crm.key_dates.tests.cast import day, key_date
from kebu.front.calendar.models import Feed
from kebu.office.staff.models import User
from tests.cast import ClientOf, MakeCustomer

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def seen(client: Client, days: int = 0, **params: str) -> str:
    answer = client.get("/calendar/", {"look": "day", "on": day(days).isoformat(), **params})
    assert answer.status_code == 200
    return answer.content.decode()


def test_each_stands_on_its_days_and_can_be_hidden(
    rep: User, mate: User, client_of: ClientOf, make_customer: MakeCustomer
) -> None:
    customer, client = make_customer(rep, name="湖州蔺氏竹业有限公司"), client_of(rep)
    key_date(customer, day(3), name="框架合同")
    key_date(customer, day(3), name="季度耗材", sort="purchase", repeat="month")
    key_date(make_customer(mate), day(3), name="同事的合同")
    settled = key_date(customer, day(3), name="办好的合同")
    KeyDate.objects.filter(pk=settled.pk).update(settled_on=day(0))
    text = seen(client, 3)
    assert "合同到期：框架合同" in text
    assert "周期采购：季度耗材" in text
    assert "同事的合同" not in text
    assert "办好的合同" not in text
    assert "框架合同" not in seen(client, 3, without="key_date")
    assert "框架合同" not in seen(client, 2)
    row = KeyDate.objects.get(name="季度耗材")
    again = row.following()
    assert again
    later = seen(client, (again - day(0)).days)
    assert "季度耗材" in later
    assert f"key_date-{row.pk}-{again.isoformat()}" in later


def test_it_is_moved_by_who_may_and_taken_back(
    rep: User, manager: User, outsider: User, client_of: ClientOf, make_customer: MakeCustomer
) -> None:
    row = key_date(make_customer(rep), day(5), repeat="year")
    url = f"/calendar/events/key_date/{row.pk}/day/"
    sent = {"to": day(9).isoformat(), "version": "1"}
    assert client_of(outsider).post(url, sent, headers=HTMX).status_code == 404
    assert client_of(manager).post(url, sent, headers=HTMX).status_code == 403
    client = client_of(rep)
    assert client.post(url, {**sent, "to": day(800).isoformat()}, headers=HTMX).status_code == 409
    answer = client.post(url, sent, headers=HTMX)
    assert answer.status_code == 204
    assert client.post(url, sent, headers=HTMX).status_code == 409  # somebody moved it since
    row.refresh_from_db()
    goes_by = day(5) if row.is_of_month(day(5)) else day(9)
    assert (row.next_on, row.remind_on, row.anchor_day) == (day(9), day(-21), goes_by.day)
    (undo,) = re.findall(r'"undo": "([^"]+)"', answer.headers["HX-Trigger"])
    assert client.post(undo, headers=HTMX).status_code == 204
    row.refresh_from_db()
    assert row.next_on == day(5)


def test_the_phone_s_calendar_has_them(rep: User, client_of: ClientOf, make_customer: MakeCustomer) -> None:
    key_date(make_customer(rep, name="湖州蔺氏竹业有限公司"), day(5), name="框架合同")
    client = client_of(rep)
    client.post("/calendar/subscription/", headers=HTMX)
    assert Feed.objects.filter(user=rep).exists()
    token = Feed.objects.renew(rep.pk, at=Feed.objects.get(user=rep).created_at)
    text = client.get(f"/calendar/feed/{token}.ics").content.decode().replace("\r\n ", "")
    assert "合同到期：框架合同" in text


def test_it_can_be_dragged_by_who_may_only(
    rep: User, manager: User, client_of: ClientOf, make_customer: MakeCustomer
) -> None:
    row = key_date(make_customer(rep), day(3))
    door = f"/calendar/events/key_date/{row.pk}/day/"
    assert door in seen(client_of(rep), 3)
    looked = seen(client_of(manager), 3, who=str(rep.pk))
    assert "年度框架合同" in looked
    assert door not in looked


def test_into_another_month_it_goes_by_that_day(
    rep: User, client_of: ClientOf, make_customer: MakeCustomer
) -> None:
    row = key_date(make_customer(rep), day(5), repeat="year")
    url, to = f"/calendar/events/key_date/{row.pk}/day/", day(5 + 45)
    assert client_of(rep).post(url, {"to": to.isoformat(), "version": "1"}, headers=HTMX).status_code == 204
    row.refresh_from_db()
    assert (row.next_on, row.anchor_day) == (to, to.day)
    entry = JournalEntry.objects.get(kind="key-date")
    assert entry.changes == {"next_on": [day(5).isoformat(), to.isoformat()]}
