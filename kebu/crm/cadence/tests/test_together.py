"""Nobody is asked for twice at one customer: the deep contact stands for the other one."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.utils import timezone

from kebu.base.fields.directories import Context
from kebu.base.journal.authors import Author
from kebu.base.journal.choices import Door
from kebu.base.kit.dates import day_bounds, local_day
from kebu.crm.cadence.engine import World, place
from kebu.crm.cadence.following import replan
from kebu.crm.cadence.models import Turn
from kebu.crm.cadence.rulebook import rulebook
from kebu.crm.cadence.seen import chunks
from kebu.crm.cadence.wanting import Wanted
from kebu.crm.customers.models import Customer
from kebu.crm.followups.completing import complete
from kebu.crm.followups.models import IS_OPEN, Plan
from kebu.crm.interactions.concluding import Talk
from kebu.crm.interactions.models import Interaction
from kebu.office.staff.models import User
from kebu.office.workdays.queries import calendar
from tests.cast import ClientOf, MakeCustomer

pytestmark = pytest.mark.django_db


def spoken(customer: Customer, rep: User, ago: int, *, is_deep: bool = False) -> None:
    """Spoken to so many days ago, by the columns alone."""
    at = day_bounds(timezone.localdate() - timedelta(days=ago))[0] + timedelta(hours=10)
    moments = {"happened_at": at, "created_at": at, "updated_at": at}
    Interaction.objects.create(customer=customer, author=rep, summary="聊了", is_deep=is_deep, **moments)
    Customer.objects.filter(pk=customer.pk).update(last_contact_at=at, assigned_at=at, created_at=at)


def days(customer: Customer) -> dict[str, date]:
    rows = Turn.objects.filter(customer=customer, day__isnull=False).values_list("rhythm", "day")
    return {rhythm: day for rhythm, day in rows if day}


@pytest.fixture
def customer(rep: User, make_customer: MakeCustomer) -> Customer:
    """B级, deeply spoken to 85 days ago, at all 40 days ago: due within days the one, long due the other."""
    customer = make_customer(owner=rep, grade="B")
    spoken(customer, rep, 85, is_deep=True)
    spoken(customer, rep, 40)
    replan([customer.pk], at=timezone.now())
    return customer


def test_an_overdue_contact_waits_for_the_deep_one_that_is_near(customer: Customer) -> None:
    assert set(days(customer)) == {"deep"}
    plan = Plan.objects.get(IS_OPEN, customer=customer)
    assert plan.goal == "需求回访"
    assert replan([customer.pk], at=timezone.now()) == 0


def test_ending_it_settles_both(customer: Customer, rep: User) -> None:
    now, plan = timezone.now(), Plan.objects.get(IS_OPEN, customer=customer)
    talk = Talk({"summary": "回访了", "happened_at": now, "is_deep": True})
    by = Author.for_user(rep, Door.PAGE)
    complete(plan, talk, version=plan.version, by=by, at=now, context=Context())
    found, today = days(customer), local_day(now)
    assert (found["contact"] - today).days in range(10, 18)
    assert (found["deep"] - today).days > 70


def test_both_never_come_on_one_day_while_there_is_another(rep: User, make_customer: MakeCustomer) -> None:
    now, today = timezone.now(), timezone.localdate()
    make_customer(owner=rep, grade="B")
    Turn.objects.all().delete()
    seen = next(chunks(Customer.objects.live(), 1))[0]
    step = rulebook().in_effect("B", "contact", today)
    assert step
    due = calendar().next_workday(today + timedelta(days=20))
    for slack in (9, 0):
        want = Wanted(replace(step, slack_days=slack), due - timedelta(days=14), False, due, None)
        seen.turns = {}
        best = place(seen, want, World.now(now))
        seen.turns = {"deep": Turn(customer_id=seen.pk, rhythm="deep", day=best)}
        assert (place(seen, want, World.now(now)) != best) is (slack > 0)


def test_the_page_says_what_a_deep_contact_is(rep: User, customer: Customer, client_of: ClientOf) -> None:
    page = client_of(rep).get(customer.get_absolute_url()).content.decode()
    assert page.count("问清需求、预算、决策人有什么变化") == 1


def test_the_last_moment_is_told_where_it_is_another_day(
    rep: User, customer: Customer, client_of: ClientOf
) -> None:
    plan, start = Plan.objects.get(IS_OPEN, customer=customer), day_bounds(timezone.localdate())[1]
    for hours, is_told in ((18, False), (42, True)):
        moments = {
            "starts_at": start + timedelta(hours=9),
            "due_at": start + timedelta(hours=hours),
        }
        Plan.objects.filter(pk=plan.pk).update(**moments)
        page = client_of(rep).get(customer.get_absolute_url()).content.decode()
        section = page.split('id="plans"')[1].split("</section>")[0]
        assert ("截止" in section) is is_told
        assert "18:00" not in section
