"""A round takes along what stands at its customers, says so before, and gives it back."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from kebu.base.fields.directories import Context
from kebu.base.journal.authors import Author
from kebu.base.journal.choices import Door
from kebu.base.journal.models import JournalEntry
from kebu.base.kit.dates import day_bounds
from kebu.crm.customers.actions import change_customer
from kebu.crm.customers.models import Customer
from kebu.crm.followups.actions import change_plan, make_plan
from kebu.crm.followups.choices import Source
from kebu.crm.followups.models import Plan
from kebu.crm.visits.models import Trip
from kebu.office.staff.models import User
from tests.cast import ClientOf, MakeCustomer

pytestmark = pytest.mark.django_db
SUZHOU, NINE, SIX = "320500", timedelta(hours=9), timedelta(hours=18)


def day(ahead: int) -> date:
    return timezone.localdate() + timedelta(days=ahead)


def clock(ahead: int, hours: float = 16) -> datetime:
    return day_bounds(day(ahead))[0] + timedelta(hours=hours)


def by(user: User) -> Author:
    return Author.for_user(user, Door.PAGE)


@pytest.fixture
def customer(rep: User, make_customer: MakeCustomer) -> Customer:
    return make_customer(owner=rep, name="姑苏砖雕有限公司", region="320508", address="平江路3号")


def planned(customer: Customer, user: User, ahead: int) -> Plan:
    values = {"goal": "收合同原件", "expected": "原件", "starts_at": clock(ahead), "due_at": clock(ahead, 18)}
    facts: dict[str, Any] = {"by": by(user), "at": timezone.now(), "context": Context()}
    return make_plan(values, executors=[user.pk], customer=customer, **facts)


def follow(customer: Customer, user: User, ahead: int, step: str) -> None:
    values = {"next_follow_up_at": clock(ahead), "next_step": step}
    facts: dict[str, Any] = {"by": by(user), "at": timezone.now(), "context": Context()}
    change_customer(customer, values, version=customer.version, **facts)


def choose(client: Client, customer: Customer, ahead: int, token: str = "") -> int:
    number = f"{customer.number}@{token}" if token else customer.number
    sent = {"city": SUZHOU, "on": day(ahead).isoformat(), "numbers": [number]}
    return client.post("/visits/new/", sent).status_code


def left_out(client: Client) -> str:
    stop = Trip.objects.get().stops.get()
    page = client.post(f"/visits/{stop.trip_id}/stops/{stop.pk}/removal/", follow=True)
    return page.content.decode()


def shown_token(client: Client, customer: Customer) -> str:
    text = client.get("/visits/new/", {"city": SUZHOU}).content.decode()
    assert "改到这天" in text
    return text.split(f"{customer.number}@")[1].split('"')[0]


@pytest.mark.parametrize("ahead", [1, 9])
def test_the_plan_that_stands_becomes_the_stop_and_goes_back(
    rep: User, customer: Customer, client_of: ClientOf, ahead: int
) -> None:
    plan, client = planned(customer, rep, 5), client_of(rep)
    assert choose(client, customer, ahead, shown_token(client, customer)) == 302
    moved = Plan.objects.get()
    customer.refresh_from_db()
    start = day_bounds(day(ahead))[0]
    assert (moved.pk, moved.starts_at, moved.due_at) == (plan.pk, start + NINE, start + SIX)
    assert (moved.kind, moved.method, moved.goal) == ("visit", "visit", "收合同原件")
    assert (customer.next_follow_up_at, customer.next_step) == (start + NINE, "收合同原件")
    assert JournalEntry.objects.of_record("plan", plan.pk).count() == 2
    assert "改回原来的时间" in left_out(client)
    back = Plan.objects.get()
    customer.refresh_from_db()
    assert (back.starts_at, back.due_at, back.kind, back.method) == (
        clock(5),
        clock(5, 18),
        plan.kind,
        "phone",
    )
    assert (back.is_open, customer.next_follow_up_at) == (True, clock(5))


def test_a_plan_of_that_very_day_keeps_its_hour(rep: User, customer: Customer, client_of: ClientOf) -> None:
    plan, client = planned(customer, rep, 2), client_of(rep)
    assert choose(client, customer, 2) == 302
    plan.refresh_from_db()
    assert (plan.starts_at, plan.kind) == (clock(2), "visit")
    Trip.objects.all().delete()
    assert choose(client, customer, 2) == 302  # a visit then already: nothing is changed, nothing taken back
    stood = Plan.objects.values().get()
    left_out(client)
    assert Plan.objects.values().get() == stood


@pytest.mark.parametrize("ahead", [1, 9])
def test_a_next_follow_up_comes_along_and_goes_back(
    rep: User, customer: Customer, client_of: ClientOf, ahead: int
) -> None:
    follow(customer, rep, 4, "问样品")
    client = client_of(rep)
    assert choose(client, customer, ahead, shown_token(client, customer)) == 302
    customer.refresh_from_db()
    start = day_bounds(day(ahead))[0] + NINE
    plan = Plan.objects.get()
    assert (plan.goal, plan.source, plan.starts_at) == ("问样品", Source.VISIT, start)
    assert (customer.next_follow_up_at, customer.next_step) == (start, "问样品")
    left_out(client)
    customer.refresh_from_db()
    assert Plan.objects.get().status == "cancelled"
    assert (customer.next_follow_up_at, customer.next_step) == (clock(4), "问样品")


def test_what_was_changed_since_it_was_seen_is_not_moved(
    rep: User, customer: Customer, client_of: ClientOf
) -> None:
    plan, client = planned(customer, rep, 5), client_of(rep)
    token = shown_token(client, customer)
    facts: dict[str, Any] = {"by": by(rep), "at": timezone.now(), "context": Context()}
    change_plan(plan, {"expected": "两份原件"}, version=1, **facts)
    assert choose(client, customer, 1, token) == 422
    assert not Trip.objects.exists()
    assert choose(client, customer, 1, shown_token(client, customer)) == 302
    plan.refresh_from_db()
    change_plan(plan, {"goal": "收合同和章"}, version=plan.version, **facts)
    assert "没有动" in left_out(client)
    plan.refresh_from_db()
    assert (plan.is_open, plan.goal, plan.kind) == (True, "收合同和章", "visit")


def test_plans_of_others_and_of_other_rounds_stay(
    rep: User, mate: User, customer: Customer, client_of: ClientOf
) -> None:
    client = client_of(rep)
    theirs = planned(customer, rep, 5)
    facts: dict[str, Any] = {"by": by(rep), "at": timezone.now(), "context": Context()}
    change_plan(theirs, {"executors": [mate.pk]}, version=1, **facts)
    assert choose(client, customer, 8) == 302
    theirs.refresh_from_db()
    assert (theirs.starts_at, theirs.kind) == (clock(5), "follow_up")
    assert Plan.objects.get(source="visit").goal == "拜访姑苏砖雕有限公司"
    customer.refresh_from_db()
    assert customer.next_follow_up_at == clock(5)
    left_out(client)
    customer.refresh_from_db()
    assert customer.next_follow_up_at == clock(5)
