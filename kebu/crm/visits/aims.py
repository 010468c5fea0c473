"""What a visit is for: the plan that stands next, the next follow-up without a plan, or nothing so far.

Whoever goes to a customer goes for what is due there: that moves to the day of the round, and nothing is
planned twice.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple, cast

from django.db.models import F

from kebu.base.access.choices import Permission
from kebu.crm.followups.models import Plan
from kebu.crm.followups.queries import STEERING
from kebu.crm.visits.models import Stop
from kebu.office.staff.models import User


class Aim(NamedTuple):
    """What comes next at a customer: a plan or a time alone. ``is_elsewhere``: a colleague's plan, or a stop
    of another round, which stays where it is."""

    at: datetime | None = None
    plan: Plan | None = None
    is_elsewhere: bool = False

    @property
    def moves(self) -> bool:
        """Whether a round takes it along."""
        return self.at is not None and not self.is_elsewhere

    @property
    def token(self) -> str:
        """As the page showed it, to be told whether it still is so."""
        if self.at is None:
            return "none"
        return f"{self.plan.pk}.{self.plan.version}" if self.plan else f"at{self.at.timestamp():.0f}"


def aims(user: User, stands: Mapping[int, datetime | None]) -> dict[int, Aim]:
    """The aim of a visit by ``user`` for each customer, whose next follow-up is given by its id."""
    found = {pk: Aim(at) for pk, at in stands.items()}
    planned = [pk for pk, at in stands.items() if at is not None]
    rows = Plan.objects.filter(STEERING, customer__in=planned, starts_at=F("customer__next_follow_up_at"))
    may_move = user.can(Permission.PLAN_EDIT)
    taken = set(Stop.objects.filter(plan__in=rows.values("pk")).values_list("plan", flat=True))
    for plan in rows.order_by("-id"):
        is_ours = may_move and user.pk in plan.executor_ids and plan.pk not in taken
        pk = cast("int", plan.customer_id)
        if is_ours or not (found[pk].plan and found[pk].moves):
            found[pk] = Aim(plan.starts_at, plan, is_elsewhere=not is_ours)
    return found
