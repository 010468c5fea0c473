"""What is taken back takes along what it made; what does not say which version it saw is not done."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from kebu.crm.customers.models import Collaborator
from kebu.crm.followups.actions import cancel, reassign
from kebu.crm.followups.completing import take_back
from kebu.crm.followups.models import Plan
from kebu.crm.followups.tests.cast import given, hand
from kebu.office.notices.models import Notice
from kebu.office.staff.models import User
from tests.cast import ClientOf, MakeCustomer

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def shared_with(user: User) -> int:
    return Collaborator.objects.filter(user=user).count()


def test_an_undone_assignment_takes_its_share_back(
    rep: User, outsider: User, make_customer: MakeCustomer
) -> None:
    plan = given(rep, make_customer(rep))
    reassign(plan, [outsider.pk], version=1, **hand(rep))
    assert shared_with(outsider) == 1
    assert take_back(plan, version=2, **hand(rep))
    assert shared_with(outsider) == 0


@pytest.mark.parametrize("use", ["another plan", "prolonged by hand"])
def test_a_share_used_otherwise_stays(
    rep: User, outsider: User, make_customer: MakeCustomer, use: str
) -> None:
    customer = make_customer(rep)
    plan = given(rep, customer)
    reassign(plan, [outsider.pk], version=1, **hand(rep))
    if use == "another plan":
        given(rep, customer, executors=[outsider])
    else:
        Collaborator.objects.update(version=2)
    assert take_back(plan, version=2, **hand(rep))
    assert shared_with(outsider) == 1


def test_a_plan_given_up_at_once_leaves_nobody_in(
    rep: User, outsider: User, make_customer: MakeCustomer
) -> None:
    plan = given(rep, make_customer(rep), executors=[outsider])
    cancel(plan, version=1, **hand(rep))
    assert shared_with(outsider) == 0
    assert take_back(plan, version=2, **hand(rep))
    assert shared_with(outsider) == 1  # it is his again


def test_without_a_version_nothing_is_done(
    rep: User, client_of: ClientOf, make_customer: MakeCustomer
) -> None:
    plan, client = given(rep, make_customer(rep), 0), client_of(rep)
    day = timezone.localdate() + timedelta(days=3)
    sent: dict[str, dict[str, Any]] = {
        "edit": {"goal": "别的", "expected": "别的", "method": "phone", "executors": rep.pk, "due_at": day},
        "completion": {"summary": "谈好了", "method": "phone", "submission": "v1"},
        "postponement": {"day": day, "reason": "出差"},
        "waiting": {"is_waiting": "1"},
        "cancellation": {},
        "undo": {},
    }
    for door, data in sent.items():
        answer = client.post(f"/plans/{plan.pk}/{door}/", data, headers=HTMX)
        assert (door, answer.status_code) == (door, 409)
        assert "页面旧了" in answer.content.decode()
    assert Plan.objects.get().version == 1


def test_a_batch_tells_how_many_plans_were_really_given(
    manager: User, rep: User, mate: User, client_of: ClientOf, make_customer: MakeCustomer
) -> None:
    plans = [given(rep, make_customer(rep), days) for days in (1, 2, 3)]
    cancel(plans[0], version=1, **hand(rep))
    ids = ",".join(str(plan.pk) for plan in plans)
    data = {"ids": ids, "executors": mate.pk}
    assert client_of(manager).post("/plans/reassignments/", data, headers=HTMX).status_code == 204
    told = Notice.objects.get(user=mate, key__startswith="plans-given:")
    assert told.title == f"{manager.name}交给你2个计划"
