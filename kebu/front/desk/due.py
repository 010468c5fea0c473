"""What is due of people, as their own desks tell it: next follow-ups, plans that do not stand there anyway,
promises. Desk, team table, badge, weekly meeting and the list behind a figure all ask here."""

from collections.abc import Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import NamedTuple

from django.db.models import Case, Count, F, Q, QuerySet, When
from django.db.models.functions import Now

from kebu.base.access.choices import Permission
from kebu.base.bulk.prepared import Fixed
from kebu.base.fields.apart import ADayApart
from kebu.base.kit.dates import day_bounds
from kebu.crm.customers.models import Customer
from kebu.crm.followups.models import PlanExecutor
from kebu.crm.promises.choices import Side
from kebu.crm.promises.models import Promise
from kebu.front.desk.figures import WEEK
from kebu.front.desk.reach import Reach

STRETCHES = ("overdue", "today", "week")


class Also(NamedTuple):
    """How many plans and promises are due of somebody besides the next follow-ups of his customers."""

    overdue: int = 0
    today: int = 0


def follow_ups(owners: Sequence[int], today: date, when: str) -> QuerySet[Customer]:
    """Customers whose next follow-up falls into that stretch, the oldest first."""
    start, end = day_bounds(today)
    spans = {
        "overdue": Q(next_follow_up_at__lt=start),
        "today": Q(next_follow_up_at__gte=start, next_follow_up_at__lt=end),
        "week": Q(next_follow_up_at__gte=end, next_follow_up_at__lt=end + WEEK),
    }
    rows = Customer.objects.live().filter(spans[when], owner__in=owners)
    return rows.order_by("next_follow_up_at", "id")


def plans(reach: Reach, owners: Sequence[int], today: date, when: str) -> QuerySet[PlanExecutor]:
    """Who is to carry out which plan in that stretch, as far as the reader sees it, in the order of time."""
    end = day_bounds(today)[1]
    on_time = Q(due_at__gte=Now())
    spans = {
        "overdue": Q(due_at__lt=Now()),
        "today": on_time,
        "week": on_time & Q(starts_at__gte=end),
    }
    until = end + WEEK if when == "week" else end
    rows = carried_out(reach, owners, until).filter(spans[when])
    return rows.order_by("starts_at", "plan_id", "user_id")


def carried_out(reach: Reach, owners: Sequence[int], until: datetime) -> QuerySet[PlanExecutor]:
    """Open plans of these people that begin before that moment, but for what the desk of whose customer it is
    shows without them: one at its next follow-up, and a touch of the cadence that is had by a follow-up which
    comes no later."""
    rows = PlanExecutor.objects.filter(user__in=list(owners), is_open__in=[True], starts_at__lt=until)
    rows = rows.filter(customer__archived_at__isnull=True)
    told = Q(customer__owner=F("user"), customer__next_follow_up_at=F("starts_at"))
    is_had = Q(customer__next_follow_up_at__isnull=False)
    is_had &= ~Q(ADayApart("customer__next_follow_up_at", "starts_at"))
    rows = rows.exclude(told, is_rhythm=False).exclude(is_had, is_rhythm=True)
    seen = reach.owner_ids(Permission.CUSTOMER_VIEW)
    if seen is None:
        return rows
    found = Q(customer__isnull=True) | Q(customer__owner__in=seen)
    return rows.filter(found | Q(customer__in=reach.shared) if reach.shared else found)


def promises(owners: Sequence[int], today: date, when: str) -> QuerySet[Promise]:
    """Open promises of these people at their own customers: late ones of both sides, ours to come."""
    spans = {
        "overdue": Q(due_on__lt=today),
        "today": Q(due_on=today, side=Side.OURS),
        "week": Q(due_on__gt=today, due_on__lte=today + WEEK, side=Side.OURS),
    }
    rows = Promise.objects.open().filter(spans[when], customer__archived_at=None)
    return rows.filter(responsible__in=owners, customer__owner=F("responsible")).order_by("due_on", "id")


def also_due(reach: Reach, owners: Sequence[int], today: date) -> dict[int, Also]:
    """What is late or for today with each besides next follow-ups, by key; who has nothing is left out."""
    found: dict[int, Also] = {}
    for whose, late, every in _counts(reach, tuple(owners), today).rows() if owners else ():
        had = found.get(whose, Also())
        found[whose] = Also(had.overdue + late, had.today + every - late)
    return found


@lru_cache(maxsize=256)
def _counts(reach: Reach, owners: tuple[int, ...], today: date) -> Fixed:
    """Plans, then promises, until today's end by whose they are: late ones and all, each one stretch of
    an index of time."""
    plans = carried_out(reach, owners, day_bounds(today)[1])
    is_late, is_broken = When(due_at__lt=Now(), then=1), When(due_on__lt=today, then=1)
    kept = Promise.objects.open().filter(Q(due_on__lt=today) | Q(side=Side.OURS), due_on__lte=today)
    kept = kept.filter(responsible__in=owners, customer__owner=F("responsible"), customer__archived_at=None)
    done = plans.order_by().values_list("user").annotate(late=Count(Case(is_late)), every=Count("pk"))
    ended = (
        kept.order_by().values_list("responsible").annotate(late=Count(Case(is_broken)), every=Count("pk"))
    )
    return Fixed(done.union(ended, all=True))
