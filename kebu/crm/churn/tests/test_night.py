from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from kebu.base.jobs.models import Job
from kebu.base.journal.models import JournalEntry
from kebu.crm.changes.models import ImportantChange, deadline
from kebu.crm.churn.engine import RESTS, settle
from kebu.crm.churn.models import ChurnWarning, rules
from kebu.crm.churn.tasks import concerned, next_ids, watch
from kebu.crm.churn.tests.cast import talked, warned
from kebu.crm.customers.models import Customer
from kebu.crm.key_dates.actions import roll_forward
from kebu.crm.key_dates.models import KeyDate
from kebu.crm.key_dates.tests.cast import day, key_date
from kebu.office.staff.models import User
from tests.cast import ClientOf, MakeCustomer

pytestmark = pytest.mark.django_db
OFTEN = tuple(range(95, 275, 10))
HTMX = {"HX-Request": "true"}


def night(at: Any = None) -> int:
    return settle(next_ids(0), rules().values, at=at or timezone.now())


def told(customer: Customer) -> list[str]:
    return [one.sentence for one in ChurnWarning.objects.get(customer=customer).found]


def test_every_signal_is_found_in_what_was_done(rep: User, make_customer: MakeCustomer) -> None:
    customer = make_customer(rep, customer_type="won")
    talked(customer, 60, *OFTEN)
    key_date(customer, day(-15), name="年度框架")
    key_date(customer, day(-15), name="季度耗材", sort="purchase", repeat="quarter")
    key_date(customer, day(-14), name="质保", sort="warranty")
    at = timezone.now()
    ImportantChange.objects.create(
        customer=customer, sort="decider", happened_on=day(-30), due_at=deadline(day(-30)), content="换人了",
        created_at=at, updated_at=at,
    )  # fmt: skip
    assert night() == 1
    assert night() == 0
    assert told(customer) == [
        f"合同“年度框架”{day(-15)}到期，还没有续",
        f"周期采购“季度耗材”{day(-15)}该来，没有办",
        "平时90天谈6次，最近90天谈1次",
        f"平时11天谈一次，{day(-60)}以后没有谈过",
        f"{day(-30)}有决策人更换，之后没有沟通过",
    ]
    row = ChurnWarning.objects.get()
    assert (row.risk, row.score, row.status) == ("danger", 9, "open")
    entry = JournalEntry.objects.get(kind="churn-warning")
    assert (entry.action, entry.customer_id) == ("create", customer.pk)


def test_only_who_bought_and_is_here_is_looked_at(rep: User, make_customer: MakeCustomer) -> None:
    intent, gone, pool = (make_customer(rep, customer_type=kind) for kind in ("intent", "won", "won"))
    for customer in (intent, gone, pool):
        talked(customer, *OFTEN)
    Customer.objects.filter(pk=gone.pk).update(archived_at=timezone.now())
    Customer.objects.filter(pk=pool.pk).update(owner=None)
    night()
    assert list(ChurnWarning.objects.values_list("customer", flat=True)) == [pool.pk]


def test_a_purchase_that_moved_on_by_itself_is_still_missed(
    rep: User, make_customer: MakeCustomer, client_of: ClientOf
) -> None:
    customer = make_customer(rep, customer_type="won")
    row = key_date(customer, day(-15), name="季度耗材", sort="purchase", repeat="quarter")
    roll_forward(day(0), at=timezone.now())
    row.refresh_from_db()
    assert row.next_on > day(0)
    assert told(customer) == [f"周期采购“季度耗材”{day(-15)}该来，没有办"]
    url = f"/key-dates/{row.pk}/settlement/"
    assert client_of(rep).post(url, {"version": str(row.version)}, headers=HTMX).status_code == 204
    found = ChurnWarning.objects.get()
    assert (found.status, found.closing, found.by_hand) == ("steady", "信号都消失了", False)
    assert KeyDate.objects.get().missed_on is None


def test_a_talk_ends_a_pause_at_once(rep: User, make_customer: MakeCustomer, client_of: ClientOf) -> None:
    customer = make_customer(rep, customer_type="won")
    talked(customer, 50, 60, 70, 80)
    night()
    assert told(customer) == [f"平时10天谈一次，{day(-50)}以后没有谈过"]
    form = {"customer": customer.number, "summary": "通了电话", "method": "phone", "status": "ongoing"}
    at = timezone.localtime().strftime("%Y-%m-%dT%H:%M")
    url = f"/interactions/new/?customer={customer.number}"
    answer = client_of(rep).post(url, {**form, "happened_at": at, "submission": "one"}, headers=HTMX)
    assert answer.status_code < 400
    row = ChurnWarning.objects.get()
    assert (row.status, row.by_hand) == ("steady", False)
    assert JournalEntry.objects.filter(kind="churn-warning").latest("id").changes["status"] == [
        "open",
        "steady",
    ]


def test_what_somebody_works_on_waits_for_him(rep: User, make_customer: MakeCustomer) -> None:
    customer = make_customer(rep, customer_type="won")
    row = warned(customer, status="saving")
    assert night() == 1
    assert night() == 0
    row.refresh_from_db()
    assert row.status == "saving"
    assert row.quiet_since is not None
    assert row.version == 1  # who has it open is not in the way
    key_date(customer, day(-15))
    assert night() == 1
    row.refresh_from_db()
    assert row.quiet_since is None


def test_a_customer_that_was_lost_takes_its_warning_along(rep: User, make_customer: MakeCustomer) -> None:
    lost, back = (make_customer(rep, customer_type=kind) for kind in ("lost", "intent"))
    warned(lost, status="saving")
    warned(back)
    night()
    found = ChurnWarning.objects.order_by("pk").values_list("status", "closing")
    assert list(found) == [("lost", "客户类型改成了流失客户"), ("steady", "客户不再是成交客户")]


def test_the_same_signal_rests_after_somebody_closed_it(rep: User, make_customer: MakeCustomer) -> None:
    customer, at = make_customer(rep, customer_type="won"), timezone.now()
    key_date(customer, day(-20), name="旧合同")
    night()
    ChurnWarning.objects.update(status="steady", closed_at=at, by_hand=True)
    assert night() == 0
    key_date(customer, day(-16), name="质保合同", sort="purchase")
    assert night() == 1
    ChurnWarning.objects.under_way().update(status="steady", closed_at=at, by_hand=True)
    assert night(at + RESTS) == 0
    assert night(at + RESTS + timedelta(seconds=1)) == 1


def test_a_night_takes_as_many_statements_for_many_as_for_few(rep: User, make_customer: MakeCustomer) -> None:
    def statements() -> int:
        ChurnWarning.objects.all().delete()
        with CaptureQueriesContext(
            connection,
        ) as seen:
            night()
        return len(seen)

    for _each in range(3):
        talked(make_customer(rep, customer_type="won"), *OFTEN)
    few = statements()
    for _each in range(7):
        talked(make_customer(rep, customer_type="won"), *OFTEN)
    assert statements() == few
    assert concerned().count() == 10


def test_the_job_of_the_night_goes_on_from_its_cursor(rep: User, make_customer: MakeCustomer) -> None:
    first, second = (make_customer(rep, customer_type="won") for _each in range(2))
    talked(first, *OFTEN)
    talked(second, *OFTEN)
    Job.objects.enqueue("churn.watch")
    job = Job.objects.claim("test", at=timezone.now())
    assert job is not None
    job.cursor = {"last": first.pk, "done": 1, "changed": 1}
    assert watch(job, lambda: None) == {"changed": 2}
    assert list(ChurnWarning.objects.values_list("customer", flat=True)) == [second.pk]
