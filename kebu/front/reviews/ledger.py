"""Which customers there were of which type at the beginning of each month, and who became another one.

Counted backwards from what is there today: what came and who turned since then is taken off again.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from operator import attrgetter
from typing import NamedTuple

from django.db.models import Case, Count, IntegerField, When
from django.utils import timezone

from kebu.base.access.queries import Viewer
from kebu.crm.customers.choices import CustomerType
from kebu.crm.customers.models import Customer
from kebu.crm.lifecycle.models import TypeTurn
from kebu.front.reviews.periods import Month, Period

NEXT = {  # who goes on from a type is of one of these in the end
    CustomerType.POTENTIAL: (CustomerType.PROSPECT, CustomerType.WON),
    CustomerType.PROSPECT: (CustomerType.WON,),
}
Types = Counter[str]


def share(part: int, whole: int) -> float | None:
    """In hundredths; None of nothing."""
    return round(100 * part / whole, 1) if whole else None


class Turn(NamedTuple):
    """A row of TypeTurn; or what became of a customer in a period, from its first type there to its last."""

    customer_id: int
    before: str
    after: str
    at: datetime
    owner_id: int | None


class Passage(NamedTuple):
    """Of the customers that were of a type at the beginning, came as such or became such in the period: how
    many went on, were lost."""

    type: CustomerType
    all: int
    onward: int
    lost: int

    @property
    def onward_share(self) -> float | None:
        """In hundredths; None of nothing."""
        return share(self.onward, self.all)

    @property
    def lost_share(self) -> float | None:
        """In hundredths; None of nothing."""
        return share(self.lost, self.all)


@dataclass(frozen=True)
class Ledger:
    """The months from ``first`` until now, for customers that one sees; ``turns`` in the order of time."""

    first: Month
    present: Types
    came: Mapping[Month, Types]
    turns: Sequence[Turn]
    _known: dict[Period, list[Turn]] = field(default_factory=dict)

    @classmethod
    def of(cls, seen: Viewer, first: Month) -> "Ledger":
        """Read it, in four statements."""
        customers = Customer.objects.visible_to(seen)
        by_type = customers.order_by().values_list("customer_type").annotate(many=Count("pk"))
        rows = TypeTurn.objects.visible_to(seen).filter(at__gte=first.start).order_by("at", "id")
        turns = [Turn(*row) for row in rows.values_list(*Turn._fields)]
        return cls(first, Counter(dict(by_type)), _came(seen, first), turns)

    def _within(self, start: datetime, end: datetime) -> Sequence[Turn]:
        places = (bisect_left(self.turns, moment, key=attrgetter("at")) for moment in (start, end))
        return self.turns[slice(*places)]

    @cached_property
    def _gained(self) -> Mapping[Month, Types]:
        """By month, how many more there were of each type for its turns."""
        found: dict[Month, Types] = {}
        for month in self.came:
            turns = self._within(month.start, month.later(1).start)
            found[month] = Counter(turn.after for turn in turns)
            found[month].subtract(turn.before for turn in turns)
        return found

    def changes(self, period: Period) -> list[Turn]:
        """Who was of another type at the end than at the beginning, from its first type to its last: what was
        taken back is no change."""
        if period not in self._known:
            before: dict[int, str] = {}
            last: dict[int, Turn] = {}
            for turn in self._within(period.start, period.end):
                before.setdefault(turn.customer_id, turn.before)
                last[turn.customer_id] = turn
            self._known[period] = [
                turn if turn.before == before[pk] else turn._replace(before=before[pk])
                for pk, turn in last.items()
                if before[pk] != turn.after
            ]
        return self._known[period]

    def became(self, period: Period, kind: CustomerType) -> list[Turn]:
        """Who became one of that type."""
        return [change for change in self.changes(period) if change.after == kind]

    def arrived(self, period: Period) -> Types:
        """How many customers were made in the period, by the type with which they came."""
        months = [period.first.later(count) for count in range(period.length)]
        return sum((self.came.get(month, Counter()) for month in months), Counter())

    def stock(self, kind: CustomerType, month: Month) -> int:
        """How many there were of a type at the first moment of the month."""
        later = [when for when in self.came if when >= month]
        return self.present[kind] - sum(self.came[when][kind] + self._gained[when][kind] for when in later)

    def passages(self, period: Period) -> list[Passage]:
        """How customers of the first two types went on (各阶段客户转化率)."""
        changes, arrived = {one.customer_id: one for one in self.changes(period)}, self.arrived(period)
        found = []
        for kind, onward in NEXT.items():
            been = {turn.customer_id for turn in self._within(period.start, period.end) if turn.after == kind}
            became = {pk for pk in been if pk in changes and changes[pk].before != kind}
            every = self.stock(kind, period.first) + arrived[kind] + len(became)
            ends = [one.after for pk, one in changes.items() if one.before == kind or pk in became]
            went_on = sum(end in onward for end in ends)
            found.append(Passage(kind, every, went_on, ends.count(CustomerType.LOST)))
        return found


def _came(seen: Viewer, first: Month) -> dict[Month, Types]:
    """By month, how many were made, by the type with which they came: the present one, but for those who
    turned since."""
    months, last = [first], Month.of(timezone.localdate())
    while months[-1] < last:
        months.append(months[-1].later(1))
    made = Customer.objects.visible_to(seen).filter(created_at__gte=first.start).order_by()
    turned = TypeTurn.objects.visible_to(seen).filter(customer__created_at__gte=first.start).order_by()
    place, later = _place("created_at", months), _place("customer__created_at", months)
    found: dict[Month, Types] = {month: Counter() for month in months}
    for at, kind, many in made.values_list(place, "customer_type").annotate(many=Count("pk")):
        found[months[at]][kind] += many
    for at, before, after, many in turned.values_list(later, "before", "after").annotate(many=Count("pk")):
        found[months[at]][after] -= many
        found[months[at]][before] += many
    return found


def _place(path: str, months: Sequence[Month]) -> Case:
    """Into which of the months a moment falls, by its place among them."""
    ends = (When(**{f"{path}__lt": month.later(1).start}, then=place) for place, month in enumerate(months))
    return Case(*ends, default=len(months) - 1, output_field=IntegerField())
