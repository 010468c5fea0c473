"""Verbs of plans: what they write, what follows for the customer, what they refuse."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from kebu.base.journal.models import JournalEntry
from kebu.base.kit.dates import local_day
from kebu.base.records.actions import EditConflict
from kebu.crm.customers.mass_actions import assign_many
from kebu.crm.customers.models import Collaborator, Customer
from kebu.crm.followups import actions
from kebu.crm.followups.completing import complete, take_back
from kebu.crm.followups.letting_in import NotLetIn
from kebu.crm.followups.making import Draft, drop_untouched, make_many
from kebu.crm.followups.models import Plan, PlanExecutor
from kebu.crm.followups.queries import open_plans
from kebu.crm.followups.tests.cast import given, hand, morning
from kebu.crm.interactions.actions import log_interaction
from kebu.crm.interactions.concluding import Talk
from kebu.crm.interactions.models import Interaction
from kebu.office.notices.models import Notice
from kebu.office.staff.models import User
from tests.cast import MakeCustomer

pytestmark = pytest.mark.django_db


def stands(customer: Customer) -> tuple[Any, str]:
    found = Customer.objects.get(pk=customer.pk)
    return found.next_follow_up_at, found.next_step


def test_what_is_planned_stands_with_the_customer(rep: User, make_customer: MakeCustomer) -> None:
    customer = make_customer(rep)
    later = given(rep, customer, 5, goal="送样")
    assert stands(customer) == (later.starts_at, "送样")
    sooner = given(rep, customer, 2, goal="打电话")
    assert stands(customer) == (sooner.starts_at, "打电话")
    given(rep, customer, 3)
    actions.cancel(sooner, version=1, **hand(rep))
    assert stands(customer) == (morning(3), "确认试样时间")
    entry = JournalEntry.objects.of_record("plan", sooner.pk).last()
    assert entry is not None
    assert (entry.customer_id, entry.changes["status"][1]) == (customer.pk, "cancelled")


def test_putting_off_keeps_the_reason_and_moves_the_customer(rep: User, make_customer: MakeCustomer) -> None:
    customer = make_customer(rep)
    plan = given(rep, customer, 1)
    actions.postpone(plan, morning(4), reason="客户出差", version=1, **hand(rep))
    told = plan.postponements.get()
    assert (told.before, told.after, told.reason) == (morning(1), morning(4), "客户出差")
    assert (plan.due_at - plan.starts_at, plan.first_at) == (timedelta(hours=9), morning(1))
    assert stands(customer)[0] == morning(4)
    assert take_back(plan, version=2, **hand(rep))
    assert not plan.postponements.exists()
    assert stands(customer)[0] == morning(1)


def test_who_carries_it_out_is_let_in_until_a_month_later(
    rep: User, outsider: User, mate: User, make_customer: MakeCustomer
) -> None:
    customer = make_customer(rep)
    plan = given(rep, customer, executors=[rep, outsider])
    share = Collaborator.objects.get(customer=customer, user=outsider)
    assert (share.level, share.until_on) == ("view", local_day(plan.due_at) + timedelta(days=30))
    assert list(open_plans(User.objects.get(pk=outsider.pk))) == [plan]
    guest = User.objects.get(pk=outsider.pk)
    with pytest.raises(NotLetIn, match="林知遥看不到这个客户"):
        actions.reassign(plan, [mate.pk], version=1, **hand(guest))
    assert not Collaborator.objects.filter(user=mate).exists()
    assert Plan.objects.get(pk=plan.pk).executor_ids == [rep.pk, outsider.pk]


def test_completing_logs_what_happened_and_can_be_taken_back(rep: User, make_customer: MakeCustomer) -> None:
    customer = make_customer(rep)
    plan, following = given(rep, customer, 0), given(rep, customer, 6, goal="回访")
    values = {"summary": "试样时间定了", "happened_at": timezone.now(), "method": "phone"}
    logged = complete(plan, Talk(values), version=1, **hand(rep))
    assert logged is not None
    assert plan.interaction_id == logged.pk
    assert not Plan.objects.get(pk=plan.pk).is_open
    assert list(open_plans(rep)) == [following]
    assert stands(customer) == (following.starts_at, "回访")
    with pytest.raises(actions.Ended, match="已完成"):
        actions.cancel(plan, version=plan.version, **hand(rep))
    assert take_back(plan, version=2, **hand(rep))
    assert list(open_plans(rep)) == [plan, following]
    assert not Interaction.objects.exists()
    assert stands(customer)[0] == plan.starts_at
    assert Customer.objects.get(pk=customer.pk).interaction_count == 0
    assert not take_back(plan, version=2, **hand(rep))


def test_what_comes_next_is_what_the_record_says(rep: User, make_customer: MakeCustomer) -> None:
    customer = make_customer(rep)
    plan = given(rep, customer, 0)
    given(rep, customer, 6)
    said = {
        "summary": "改天",
        "happened_at": timezone.now(),
        "next_follow_up_at": morning(9),
        "next_step": "寄样",
    }
    complete(plan, Talk(said), version=1, **hand(rep))
    assert stands(customer) == (morning(9), "寄样")


def test_two_who_change_one_plan(rep: User, make_customer: MakeCustomer) -> None:
    plan = given(rep, make_customer(rep))
    actions.change_plan(plan, {"goal": "改了"}, version=1, **hand(rep))
    late = Plan.objects.get(pk=plan.pk)
    with pytest.raises(EditConflict):
        actions.change_plan(late, {"goal": "也改"}, version=1, **hand(rep))
    actions.change_plan(late, {"expected": "订单"}, version=1, **hand(rep))
    assert (late.goal, late.expected) == ("改了", "订单")


def test_rules_make_each_plan_once_and_leave_the_customer_alone(
    rep: User, make_customer: MakeCustomer
) -> None:
    customers = [make_customer(rep) for _n in range(3)]
    drafts = [
        Draft(one.pk, (rep.pk,), "每周联系", "知道近况", morning(3), morning(3), f"cadence:{one.pk}:47")
        for one in customers
    ]
    assert make_many(drafts[:2], at=timezone.now()) == 2
    assert make_many(drafts, at=timezone.now()) == 1
    assert PlanExecutor.objects.filter(user=rep).count() == 3
    assert stands(customers[0]) == (None, "")
    touched = Plan.objects.get(customer=customers[0])
    actions.postpone(touched, morning(4), reason="忙", version=1, **hand(rep))
    assert drop_untouched(Plan.objects.values_list("pk", flat=True)) == 2
    assert list(Plan.objects.all()) == [touched]


def test_a_task_of_its_own(rep: User, mate: User, manager: User, outsider: User) -> None:
    task = given(manager, None, kind="task", executors=[rep])
    sees = {user.pk for user in (rep, mate, manager, outsider) if Plan.objects.visible_to(user).exists()}
    assert sees == {rep.pk, manager.pk}
    assert complete(task, version=1, result="报价单做好了", **hand(rep)) is None
    assert (task.status, task.result) == ("done", "报价单做好了")


def test_plans_go_along_with_a_customer_given_away(
    rep: User, mate: User, manager: User, make_customer: MakeCustomer
) -> None:
    customer = make_customer(rep)
    plan, ended = given(rep, customer, executors=[rep, manager]), given(rep, customer)
    actions.cancel(ended, version=1, **hand(rep))
    assign_many(Customer.objects.all(), [customer.pk], mate.pk, **hand(manager))
    assert list(open_plans(mate)) == [plan]
    assert not open_plans(rep)
    assert Plan.objects.get(pk=plan.pk).executor_ids == [mate.pk, manager.pk]
    assert Plan.objects.get(pk=ended.pk).executor_ids == [rep.pk]


def test_who_is_given_a_plan_is_told_what_he_must_know(
    manager: User, rep: User, mate: User, make_customer: MakeCustomer
) -> None:
    customer = make_customer(rep, contacts=[{"name": "魏敬言", "title": "采购总监"}], grade="A")
    plan = given(manager, customer, executors=[rep], requirement="带上账期方案")
    notice = Notice.objects.get(user=rep)
    assert notice.title == f"{manager.name}交给你：确认试样时间"
    for words in (customer.name, "A", "预期成果：客户签回试样单", "带上账期方案", "截止时间"):
        assert words in notice.text
    actions.reassign(plan, [rep.pk, mate.pk], version=1, **hand(manager))
    assert [one.kind for one in Notice.objects.filter(user=mate)] == ["plan-given"]
    actions.cancel(plan, reason="客户自己定了", version=2, **hand(manager))
    told = Notice.objects.filter(user=mate).order_by("id")
    assert [(one.kind, one.read_at is None) for one in told] == [("plan-given", False), ("plan-taken", True)]
    assert not Notice.objects.filter(user=manager).exists()


def test_a_call_that_plans_nothing_leaves_the_plan_that_was_made(
    rep: User, make_customer: MakeCustomer
) -> None:
    customer = make_customer(rep)
    given(rep, customer, 4, goal="送样")
    customer.refresh_from_db()
    told = {"summary": "顺便问了近况", "method": "phone", "happened_at": timezone.now()}
    log_interaction(customer, told, contact=None, **hand(rep))
    assert stands(customer) == (morning(4), "送样")
