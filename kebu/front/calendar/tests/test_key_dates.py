"""Contracts that end, purchases that come again and care that is due, in the calendar."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from kebu.base.kit.months import month_end
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
    row = key_date(make_customer(rep), day(5))
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
    assert (row.next_on, row.remind_on) == (day(9), day(-21))
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


def test_what_comes_again_is_moved_within_its_month_only(
    rep: User, client_of: ClientOf, make_customer: MakeCustomer
) -> None:
    start = month_end(day(0)) + timedelta(days=1)
    stood, near, far = (start + timedelta(days=days) for days in (20, 4, 40))
    row, client = key_date(make_customer(rep), stood, repeat="year"), client_of(rep)
    url = f"/calendar/events/key_date/{row.pk}/day/"
    refused = client.post(url, {"to": far.isoformat(), "version": "1"}, headers=HTMX)
    assert refused.status_code == 409
    assert client.post(url, {"to": near.isoformat(), "version": "1"}, headers=HTMX).status_code == 204
    row.refresh_from_db()
    assert (row.next_on, row.anchor_day) == (near, stood.day)
    following = row.following()
    assert following
    assert (following.year, following.month, following.day) == (stood.year + 1, stood.month, stood.day)


def test_what_was_forgotten_long_ago_takes_no_place_of_what_comes(
    rep: User, client_of: ClientOf, make_customer: MakeCustomer, monkeypatch: pytest.MonkeyPatch
) -> None:
    customer = make_customer(rep)
    for days in (-400, -300, -200):
        key_date(customer, day(days), name="忘了的合同")
    key_date(customer, day(3), name="框架合同")
    monkeypatch.setattr("kebu.front.calendar.events.Whose.__init__.__defaults__", (2,))
    assert "框架合同" in seen(client_of(rep), 3)
