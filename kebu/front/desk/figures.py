"""What waits with each of a team, what came and what he told: one statement, read in indexes alone."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple

from django.db.models import Case, Func, IntegerField, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.expressions import Star

from kebu.base.access.choices import Permission
from kebu.base.bulk.prepared import Prepared
from kebu.base.kit.dates import day_bounds
from kebu.crm.customers.models import NEW_DAYS, Customer, newly_assigned
from kebu.crm.customers.outlooks import QUIET_DAYS
from kebu.crm.interactions.models import TOLD_LATE, Interaction
from kebu.office.staff.models import User

WEEK = timedelta(days=7)


class Waiting(NamedTuple):
    """How many customers wait with an owner for when, or for no day; how many the month brought him; how
    often he told of talks in the month, how often of those too late; when he last spoke to a customer."""

    overdue: int = 0
    today: int = 0
    week: int = 0
    fresh: int = 0
    joined: int = 0
    later: int = 0
    unplanned: int = 0
    told: int = 0
    late: int = 0
    last_at: datetime | None = None

    @property
    def customers(self) -> int:
        """All that he has."""
        return self.overdue + self.today + self.week + self.later + self.unplanned

    @property
    def on_time_share(self) -> float | None:
        """The share (0 to 1, None without any) recorded within 24 hours (S0-36, S1-14)."""
        return (self.told - self.late) / self.told if self.told else None


NOTHING = Waiting()


def month_start(today: date) -> datetime:
    """The first moment of the month."""
    return day_bounds(today.replace(day=1))[0]


def waiting(owners: Sequence[int], today: date) -> dict[int, Waiting]:
    """What waits with each owner, by his id."""
    return {row.pk: _read(row) for row in _figures(today, len(owners))(*owners)} if owners else {}


def own_waiting(user: User, today: date) -> Waiting:
    """What waits with the user himself; of customers nothing when he may not look at them."""
    found = waiting([user.pk], today)[user.pk]
    return found if user.can(Permission.CUSTOMER_VIEW) else Waiting(told=found.told, late=found.late)


def summed(found: Sequence[Waiting]) -> Waiting:
    """What waits with all of them together."""
    counts = [sum(numbers) for numbers in zip(*(one[:-1] for one in found), strict=True)]
    return Waiting._make([*counts, None]) if counts else NOTHING


def _read(row: User) -> Waiting:
    return Waiting(*(getattr(row, f"{name}_") for name in Waiting._fields))


@lru_cache(maxsize=32)
def _figures(today: date, count: int) -> Prepared[User]:
    """The query for so many owners on that day: putting it together costs more than asking it."""

    def figures_of(*owners: int) -> QuerySet[User]:
        found = {f"{name}_": asked(today) for name, asked in ASKED.items()}
        return User.objects.filter(pk__in=owners).order_by().only("pk").annotate(**found)

    return Prepared(figures_of, count)


def _owned(condition: Q, only: Q | None = None) -> Subquery:
    return _counted(Customer.objects.live().filter(condition, owner=OuterRef("pk")), only)


def _told(today: date, condition: Q) -> Subquery:
    within = Q(happened_at__gte=month_start(today))
    return _counted(Interaction.objects.filter(within, condition, author=OuterRef("pk")))


def _counted(rows: QuerySet[Any], only: Q | None = None) -> Subquery:
    """How many, for each row outside; ``only`` is asked of each and leads to no index of its own."""
    counted: Any = Case(When(only, then=1)) if only else Star()
    number = Func(counted, function="COUNT", output_field=IntegerField())
    return Subquery(rows.order_by().values(n=number))


def _last(today: date) -> Subquery:
    """Looked for no further back than a customer is not called quiet."""
    since = min(month_start(today), day_bounds(today)[0] - timedelta(days=QUIET_DAYS))
    rows = Interaction.objects.filter(author=OuterRef("pk"), happened_at__gte=since)
    return Subquery(rows.order_by("-happened_at").values("happened_at")[:1])


def _due(start: datetime | None, end: datetime) -> Q:
    """With a next follow-up in that time."""
    before = Q(next_follow_up_at__lt=end)
    return before & Q(next_follow_up_at__gte=start) if start else before


def _came(since: datetime, only: Q) -> Subquery:
    """Customers given to somebody since then."""
    return _owned(Q(assigned_at__gte=since), only)


ASKED: dict[str, Callable[[date], Subquery]] = {
    "overdue": lambda day: _owned(_due(None, day_bounds(day)[0])),
    "today": lambda day: _owned(_due(*day_bounds(day))),
    "week": lambda day: _owned(_due(day_bounds(day)[1], day_bounds(day)[1] + WEEK)),
    "fresh": lambda day: _came(day_bounds(day)[0] - timedelta(days=NEW_DAYS), newly_assigned(day)),
    "joined": lambda day: _came(month_start(day), Q(created_at__gte=month_start(day))),
    "later": lambda day: _owned(Q(next_follow_up_at__gte=day_bounds(day)[1] + WEEK)),
    "unplanned": lambda _day: _owned(Q(next_follow_up_at__isnull=True)),
    "told": lambda day: _told(day, Q()),
    "late": lambda day: _told(day, TOLD_LATE),
    "last_at": _last,
}
