"""What the tests of plans share."""

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from kebu.base.fields.directories import Context
from kebu.base.journal.authors import Author
from kebu.base.journal.choices import Door
from kebu.base.kit.dates import day_bounds
from kebu.crm.customers.models import Customer
from kebu.crm.followups.actions import make_plan
from kebu.crm.followups.choices import Source
from kebu.crm.followups.models import Plan, PlanExecutor
from kebu.office.staff.models import User


def morning(days: int) -> datetime:
    """Nine o'clock that many days from today."""
    return day_bounds(timezone.localdate() + timedelta(days=days))[0] + timedelta(hours=9)


def given(by: User | None, customer: Customer | None, days: int = 1, **values: Any) -> Plan:
    """A plan for that many days from today, carried out by who gives it unless told otherwise."""
    executors = values.pop("executors", [by] if by else [])
    told = {
        "goal": "确认试样时间",
        "expected": "客户签回试样单",
        "starts_at": morning(days),
        "due_at": morning(days) + timedelta(hours=9),
        **values,
    }
    author = Author.for_user(by, Door.PAGE) if by else Author.system()
    keys = [one.pk for one in executors]
    found = Customer.objects.get(pk=customer.pk) if customer else None
    return make_plan(
        told, executors=keys, customer=found, by=author, at=timezone.now(), context=Context(reader=by)
    )


def by_rhythm(*plans: Plan) -> None:
    """Let the plans be some that the cadence made."""
    rows = Plan.objects.filter(pk__in=[plan.pk for plan in plans])
    rows.update(source=Source.CADENCE)
    PlanExecutor.objects.filter(plan__in=rows).update(is_rhythm=True)


def hand(user: User) -> dict[str, Any]:
    """``by``, ``at`` and ``context`` of a verb."""
    return {
        "by": Author.for_user(user, Door.PAGE),
        "at": timezone.now(),
        "context": Context(reader=user),
    }
