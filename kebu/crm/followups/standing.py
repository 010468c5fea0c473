"""The next step of a customer that a new one would replace: it may be kept as a plan."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from kebu.base.access.choices import Permission
from kebu.base.access.queries import Viewer, may
from kebu.base.fields.directories import Context
from kebu.base.journal.authors import Author
from kebu.base.kit.dates import day_bounds, local_day
from kebu.crm.customers.models import Customer
from kebu.crm.followups.actions import make_plan
from kebu.crm.followups.models import Plan
from kebu.crm.interactions.concluding import Standing
from kebu.office.staff.models import User

MORNING, EVENING = timedelta(hours=9), timedelta(hours=18)


def standing_of(
    user: Viewer, customer: Customer, context: Context, plans: Iterable[Plan] | None = None
) -> Standing | None:
    """What is still to come with the customer and stands in no open plan; ``plans`` are the customer's open
    ones, when the caller has read them."""
    moment = customer.next_follow_up_at
    if moment is None or not customer.next_step or local_day(moment) <= context.today:
        return None
    if plans is None:
        plans = Plan.objects.open().filter(customer=customer, starts_at=moment)
    if any(one.starts_at == moment for one in plans):
        return None
    return Standing(moment, customer.next_step, may(user, Permission.PLAN_CREATE, customer))


def keep(
    standing: Standing, customer: Customer, user: User, *, by: Author, at: datetime, context: Context
) -> None:
    """A plan for that day, which does not move the next follow-up: that is told anew in a moment."""
    start = day_bounds(local_day(standing.moment))[0]
    starts_at = standing.moment if standing.moment != start else start + MORNING
    values = {
        "goal": standing.step,
        "expected": _("做完“%(step)s”") % {"step": standing.step},
        "starts_at": starts_at,
        "due_at": max(starts_at, start + EVENING),
    }
    make_plan(values, executors=[user.pk], customer=customer, by=by, at=at, context=context)
