"""Rises: made with the purchase that caused them, once, by the night too, and taken back when wrong."""

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from kebu.base.jobs.models import Job
from kebu.base.journal.models import JournalEntry
from kebu.crm.customers.models import Customer
from kebu.crm.purchases import tasks
from kebu.crm.purchases.growth import Rule
from kebu.crm.purchases.models import GrowthRule, Purchase, Rise
from kebu.crm.purchases.rises import look_again
from kebu.crm.purchases.tests.cast import bought, day, risen
from kebu.office.staff.models import User
from tests.cast import ClientOf, MakeCustomer

pytestmark = pytest.mark.django_db


def buy(client: Client, customer: Customer, amount: str, days_ago: int = 0) -> None:
    told = {"bought_on": day(-days_ago).isoformat(), "what": "季度耗材", "amount": amount}
    assert client.post(f"/purchases/new/?customer={customer.number}", told).status_code == 302


def night() -> Mapping[str, Any] | None:
    Job.objects.enqueue("purchases.watch")
    job = Job.objects.claim("test", at=timezone.now())
    assert job is not None
    found = tasks.watch(job, lambda: None)
    job.finish(found, at=timezone.now())
    return found


def rule(percent: int = 20, days: int = 90) -> None:
    now = timezone.now()
    told = {"percent": percent, "days": days, "created_at": now, "updated_at": now}
    GrowthRule.objects.update_or_create(pk=1, defaults=told)


def test_the_purchase_that_causes_it_makes_it_once(
    rep: User, make_customer: MakeCustomer, client_of: ClientOf
) -> None:
    customer, client = make_customer(rep), client_of(rep)
    bought(customer, 100, 400_000)
    buy(client, customer, "48万")
    assert not Rise.objects.exists()  # exactly 20 %
    buy(client, customer, "0.01", 89)
    row = Rise.objects.get()
    assert (row.found_on, row.percent, row.days, row.measure) == (day(0), 20, 90, "amount")
    assert (row.before, row.now) == (Decimal(400_000), Decimal("480000.01"))
    entry = JournalEntry.objects.get(kind="purchase-rise")
    assert (entry.action, entry.author_name, entry.customer_id) == ("create", "系统", customer.pk)
    assert night() == {"changed": 0}
    buy(client, customer, "10万")
    assert Rise.objects.get().now == Decimal("580000.01")


def test_no_second_one_within_as_many_days(
    rep: User, make_customer: MakeCustomer, client_of: ClientOf
) -> None:
    for days, many in ((89, 1), (90, 2)):
        customer = make_customer(rep)
        bought(customer, days + 90, 1)
        bought(customer, days, 100_000)  # as of that day it had grown
        risen(customer, days, before=Decimal(1), now=Decimal(100_000))
        buy(client_of(rep), customer, "50万")
        assert Rise.objects.filter(customer=customer).count() == many, days


def test_a_correction_takes_it_back_and_what_holds_again_is_the_same(
    rep: User, make_customer: MakeCustomer, client_of: ClientOf
) -> None:
    customer, client = make_customer(rep), client_of(rep)
    bought(customer, 100, 100_000)
    buy(client, customer, "50万")
    row, purchase = Rise.objects.get(), Purchase.objects.get(amount=500_000)
    told = {"bought_on": day(0).isoformat(), "what": "季度耗材", "amount": "5万"}
    url = f"/purchases/{purchase.pk}/"
    slot = f"/purchases/of/?customer={customer.number}"
    assert "采购量增长" in client.get(slot).content.decode()
    assert client.post(url, {**told, "version": 1}).status_code == 302
    assert not Rise.objects.standing().exists()
    assert "采购量增长" not in client.get(slot).content.decode()
    assert "少50%" in client.get(slot).content.decode()
    assert client.post(url, {**told, "amount": "15万", "version": 2}).status_code == 302
    again = Rise.objects.standing().get()
    assert (again.pk, again.now) == (row.pk, Decimal(150_000))
    assert client.post(f"{url}removal/", {"version": 3}).status_code == 302
    assert not Rise.objects.standing().exists()
    history = client.get(f"/customers/{customer.number}/history/").content.decode()
    for words in ("发现采购增长", "采购增长的更正", "记采购", "修改采购记录", "删除采购记录"):
        assert words in history, words


def test_an_old_purchase_that_was_forgotten_takes_it_back_as_of_its_day(
    rep: User, make_customer: MakeCustomer, client_of: ClientOf
) -> None:
    customer, client = make_customer(rep), client_of(rep)
    bought(customer, 130, 100_000)
    bought(customer, 40, 150_000)
    risen(customer, 30, before=Decimal(100_000), now=Decimal(150_000))
    buy(client, customer, "8万", 125)  # of the stretch before that day, and of the one before today
    assert not Rise.objects.standing().exists()


def test_days_alone_bring_it_and_archived_ones_rest(rep: User, make_customer: MakeCustomer) -> None:
    moved, still, archived = (make_customer(rep) for _each in range(3))
    for customer in (moved, archived):
        bought(customer, 180, 900_000)  # by now too long ago
        bought(customer, 179, 10_000)
        bought(customer, 1, 20_000)
    bought(still, 100, 10_000)
    bought(still, 1, 10_000)
    Customer.objects.filter(pk=archived.pk).update(archived_at=timezone.now())
    assert night() == {"changed": 1}
    assert Rise.objects.get().customer == moved
    assert night() == {"changed": 0}


def test_a_changed_rule_is_applied_anew_and_back(rep: User, make_customer: MakeCustomer) -> None:
    customer = make_customer(rep)
    bought(customer, 100, 100_000)
    bought(customer, 1, 130_000)
    assert night() == {"changed": 1}
    rule(percent=50)
    assert night() == {"changed": 1}
    assert not Rise.objects.standing().exists()
    rule(percent=25)
    assert night() == {"changed": 1}
    row = Rise.objects.get()
    assert (row.withdrawn_at, row.percent) == (None, 25)


def test_a_chunk_costs_the_same_however_many_bought(rep: User, make_customer: MakeCustomer) -> None:
    def cost(many: int) -> int:
        ids = [make_customer(rep).pk for _each in range(many)]
        for customer in Customer.objects.filter(pk__in=ids):
            bought(customer, 100, 100_000)
            bought(customer, 1, 100_000)
        with CaptureQueriesContext(connection) as captured:
            assert look_again(ids, Rule(), at=timezone.now()) == 0
        return len(captured)

    assert cost(2) == cost(8)


def test_the_night_goes_on_where_it_was_killed(
    rep: User, make_customer: MakeCustomer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tasks, "CHUNK", 2)
    for _each in range(5):
        customer = make_customer(rep)
        bought(customer, 100, 100_000)
        bought(customer, 1, 200_000)
    Job.objects.enqueue("purchases.watch")
    job = Job.objects.claim("test", at=timezone.now())
    assert job is not None
    left = iter([None])

    def stop() -> None:
        next(left)  # the second time somebody pulls the plug

    with pytest.raises(StopIteration):
        tasks.watch(job, stop)
    assert Rise.objects.count() == 2
    job.refresh_from_db()
    assert tasks.watch(job, lambda: None) == {"changed": 5}
    assert Rise.objects.count() == 5


def test_found_by_when_they_bought_last_and_since_when_more(
    rep: User, make_customer: MakeCustomer, client_of: ClientOf
) -> None:
    fresh, old, never = (make_customer(rep, name=f"{name}公司") for name in "甲乙丙")
    bought(fresh, 200, 1)
    bought(fresh, 3, 1)
    bought(old, 200, 1)
    risen(fresh, 2)
    risen(old, 100)
    risen(never, 1, withdrawn_at=timezone.now() - timedelta(hours=1))

    def found(query: str) -> list[str]:
        page = client_of(rep).get(f"/customers/?view=mine&{query}").content.decode()
        return [name for name in ("甲公司", "乙公司", "丙公司") if name in page]

    assert found("purchase.last_on.within=last30") == ["甲公司"]
    assert found("purchase.last_on.within=before30") == ["乙公司"]
    assert found("purchase.last_on.empty=1") == ["丙公司"]
    assert found("purchase.risen_on.within=last7") == ["甲公司"]
    assert found("purchase.risen_on.filled=1") == ["甲公司"]
    page = client_of(rep).get("/customers/?purchase.last_on.within=last30").content.decode()
    assert "最近采购日期" in page
