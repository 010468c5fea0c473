"""Which customers there were of which type at the beginning of each month, and who became another one.

Counted backwards from what is there today: what came and who turned since then is taken off again.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import NamedTuple

from django.db.models import Case, Count, IntegerField, Value, When
from django.utils import timezone

from kebu.crm.customers.choices import CustomerType
from kebu.crm.customers.models import Customer
from kebu.crm.lifecycle.models import TypeTurn
from kebu.front.reviews.periods import Month, Period
from kebu.office.staff.models import User

NEXT = {  # who goes on from a type is of one of these in the end
    CustomerType.POTENTIAL: (CustomerType.PROSPECT, CustomerType.WON),
    CustomerType.PROSPECT: (CustomerType.WON,),
}
Types = Counter[str]


def share(part: int, whole: int) -> float | None:
    """In hundredths; None of nothing."""
    return round(100 * part / whole, 1) if whole else None


class Turn(NamedTuple):
    """A row of TypeTurn, and when its customer was made."""

    customer_id: int
    before: str
    after: str
    at: datetime
    owner_id: int | None
    came_at: datetime


class Change(NamedTuple):
    """What became of a customer in a period: from its first type there to its last; what was taken back
    meanwhile is no change."""

    customer_id: int
    before: str
    after: str
    at: datetime
    owner_id: int | None


class Passage(NamedTuple):
    """Of the customers of a type at the beginning, or that came as such: how many went on, were lost."""

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
    """The months from ``first`` until now, for customers that a user sees."""

    first: Month
    present: Types
    came: Mapping[Month, Types]
    turns: Sequence[Turn]

    @classmethod
    def of(cls, user: User, first: Month) -> "Ledger":
        """Read it, in three statements."""
        customers = Customer.objects.visible_to(user)
        by_type = customers.order_by().values_list("customer_type").annotate(many=Count("pk"))
        names = ("customer_id", "before", "after", "at", "owner_id", "customer__created_at")
        rows = TypeTurn.objects.visible_to(user).filter(at__gte=first.start).order_by("at", "id")
        turns = [Turn(*row) for row in rows.values_list(*names)]
        return cls(first, Counter(dict(by_type)), _came(user, first, turns), turns)

    @cached_property
    def _of_customers(self) -> Mapping[int, Sequence[Turn]]:
        found: dict[int, list[Turn]] = defaultdict(list)
        for turn in self.turns:
            found[turn.customer_id].append(turn)
        return found

    def changes(self, period: Period) -> Iterator[Change]:
        """Who was of another type at the end than at the beginning."""
        start, end = period.start, period.end
        for turns in self._of_customers.values():
            within = [turn for turn in turns if start <= turn.at < end]
            if within and within[0].before != within[-1].after:
                last = within[-1]
                yield Change(last.customer_id, within[0].before, last.after, last.at, last.owner_id)

    def became(self, period: Period, kind: CustomerType) -> list[Change]:
        """Who became one of that type."""
        return [change for change in self.changes(period) if change.after == kind]

    def arrived(self, period: Period) -> Types:
        """How many customers were made in the period, by the type with which they came."""
        months = [period.first.later(count) for count in range(period.length)]
        return sum((self.came.get(month, Counter()) for month in months), Counter())

    def stock(self, kind: CustomerType, month: Month) -> int:
        """How many there were of a type at the first moment of the month."""
        since = [types[kind] for when, types in self.came.items() if when >= month]
        turned = [turn for turn in self.turns if turn.at >= month.start]
        gained = sum((turn.after == kind) - (turn.before == kind) for turn in turned)
        return self.present[kind] - sum(since) - gained

    def passages(self, period: Period) -> list[Passage]:
        """How customers of the first two types went on (各阶段客户转化率)."""
        changes, arrived = list(self.changes(period)), self.arrived(period)
        return [
            Passage(
                kind,
                self.stock(kind, period.first) + arrived[kind],
                sum(one.before == kind and one.after in onward for one in changes),
                sum(one.before == kind and one.after == CustomerType.LOST for one in changes),
            )
            for kind, onward in NEXT.items()
        ]


def _came(user: User, first: Month, turns: Sequence[Turn]) -> dict[Month, Types]:
    """By month, how many were made, by the type with which they came: the present one, but for those who
    turned since."""
    months, last = [first], Month.of(timezone.localdate())
    while months[-1] < last:
        months.append(months[-1].later(1))
    bucket = Case(
        *(When(created_at__lt=month.later(1).start, then=Value(place)) for place, month in enumerate(months)),
        default=Value(len(months) - 1),
        output_field=IntegerField(),
    )
    rows = Customer.objects.visible_to(user).filter(created_at__gte=first.start).order_by()
    counted = rows.annotate(month=bucket).values_list("month", "customer_type").annotate(many=Count("pk"))
    found: dict[Month, Types] = {month: Counter() for month in months}
    for place, kind, many in counted:
        found[months[place]][kind] += many
    for turn in turns:
        if turn.came_at >= first.start:
            month = found[Month.of(timezone.localdate(turn.came_at))]
            month[turn.after] -= 1
            month[turn.before] += 1
    return found
