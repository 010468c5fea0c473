"""What waits with a person besides the next follow-ups of his customers: plans, promises, birthdays."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.db.models import Count, F, Q
from django.utils import timezone

from kebu.base.access.choices import Permission
from kebu.base.fields.choices import Use
from kebu.base.fields.directories import Context
from kebu.base.kit.dates import day_bounds
from kebu.crm.contacts.models import Contact
from kebu.crm.contacts.queries import Celebrated, birthdays_between
from kebu.crm.customers.fields import CUSTOMER_FIELDS
from kebu.crm.customers.models import Customer
from kebu.crm.followups.choices import PlanStatus, Source
from kebu.crm.followups.models import Plan, PlanQuerySet
from kebu.crm.promises.choices import Side
from kebu.crm.promises.models import Promise
from kebu.office.staff.models import User

WEEK = timedelta(days=7)
DAY = timedelta(days=1)
MOST = 100  # birthdays of a week
READ = 80  # plans until a week from now; with more of them they are counted apart


class PlanRow(NamedTuple):
    """A plan to carry out."""

    pk: int
    goal: str
    due_at: datetime
    starts_at: datetime
    is_waiting: bool
    number: str
    name: str
    grade: str
    phone: str
    kind: str = "plan"

    @property
    def order(self) -> datetime:
        return self.starts_at


class PromiseRow(NamedTuple):
    """A promise that is open."""

    pk: int
    text: str
    due_on: date
    number: str
    name: str
    grade: str
    phone: str
    version: int
    kind: str = "promise"


class PlanCounts(NamedTuple):
    """How many plans wait: late, for today, in the week after it."""

    overdue: int = 0
    today: int = 0
    week: int = 0


def own_plans(user: User) -> PlanQuerySet:
    """What the user is to carry out and does not find anyway: a plan at his own customer's next follow-up
    stands there, and a touch of the cadence is had by a follow-up that comes no later."""
    plans = Plan.objects.visible_to(user).open().live().executed_by(user.pk)
    told = Q(customer__owner=user.pk, customer__next_follow_up_at=F("starts_at"))
    by_the_way = Q(source=Source.CADENCE, customer__next_follow_up_at__lt=F("starts_at") + DAY)
    return plans.exclude(told & ~Q(source=Source.CADENCE)).exclude(by_the_way)


def spans(today: date) -> dict[str, Q]:
    """Late, for today, in the week after it."""
    now, end = timezone.now(), day_bounds(today)[1]
    return {
        "overdue": Q(due_at__lt=now),
        "today": Q(due_at__gte=now, starts_at__lt=end),
        "week": Q(due_at__gte=now, starts_at__gte=end, starts_at__lt=end + WEEK),
    }


class Planned(NamedTuple):
    """What of the plans stands in the queue: how many, and the first of each stretch."""

    counts: PlanCounts
    rows: Mapping[str, list[PlanRow]]


def planned(user: User, context: Context, most: int) -> Planned:
    """The user's plans until a week from now; one statement, two where there are very many."""
    now, end = timezone.now(), day_bounds(context.today)[1]
    soon = own_plans(user).filter(starts_at__lt=end + WEEK)
    first = list(soon.select_related("customer").order_by("starts_at", "id")[: READ + 1])
    can_dial = CUSTOMER_FIELDS["phone"].allows(Use.READ, context)
    rows: dict[str, list[PlanRow]] = {"overdue": [], "today": [], "week": []}
    for plan in first:
        stretch = "overdue" if plan.due_at < now else "today" if plan.starts_at < end else "week"
        rows[stretch].append(_plan_row(plan, can_dial=can_dial))
    counts = PlanCounts(*(len(found) for found in rows.values()))
    if len(first) > READ:
        kinds = {name: Count("id", filter=span) for name, span in spans(context.today).items()}
        counts = PlanCounts(**soon.aggregate(**kinds))
    return Planned(counts, {name: found[:most] for name, found in rows.items()})


def _plan_row(plan: Plan, *, can_dial: bool) -> PlanRow:
    customer = plan.customer
    return PlanRow(
        plan.pk,
        plan.goal,
        plan.due_at,
        plan.starts_at,
        plan.status == PlanStatus.WAITING,
        customer.number if customer else "",
        customer.name if customer else "",
        customer.grade if customer else "",
        customer.phone if customer and can_dial else "",
    )


def steering_plans(user: User, numbers: list[str]) -> dict[str, int]:
    """The plan that stands behind the next follow-up of each of these customers, by the customer's number."""
    stand = Plan.objects.open().executed_by(user.pk).exclude(source=Source.CADENCE)
    same = stand.filter(customer__number__in=numbers, customer__next_follow_up_at=F("starts_at"))
    return dict(same.values_list("customer__number", "pk"))


def promises(user: User, context: Context, most: int) -> dict[Side, tuple[int, list[PromiseRow]]]:
    """Ours that are due within a week or late, and theirs that are late: how many, and the first of them."""
    names = (
        "id",
        "text",
        "due_on",
        "customer__number",
        "customer__name",
        "customer__grade",
        "customer__phone",
    )
    open_ones = (
        Promise.objects.visible_to(user).open().filter(responsible=user.pk, customer__archived_at=None)
    )
    today = context.today
    ours, theirs = Q(side=Side.OURS, due_on__lte=today + WEEK), Q(side=Side.THEIRS, due_on__lt=today)
    can_dial = CUSTOMER_FIELDS["phone"].allows(Use.READ, context)
    found: dict[Side, tuple[int, list[PromiseRow]]] = {}
    rows = open_ones.filter(ours | theirs).order_by("due_on", "id").values_list("side", *names, "version")
    for values in rows[: MOST * 2]:
        side, row = Side(values[0]), PromiseRow(*values[1:])
        count, shown = found.get(side, (0, []))
        if len(shown) < most:
            shown = [*shown, row if can_dial else row._replace(phone="")]
        found[side] = (count + 1, shown)
    return found


def birthdays(user: User, context: Context) -> list[Celebrated]:
    """Whose birthday it is within a week, at the user's own customers."""
    if not user.can(Permission.CUSTOMER_VIEW):
        return []
    own = Customer.objects.owned_by(user).live()
    people = Contact.objects.filter(customer__owner=user.pk, customer__archived_at=None)
    found = birthdays_between(people, own, context.today, context.today + WEEK, context, MOST)
    return sorted(found, key=lambda one: (one.on, one.name))
