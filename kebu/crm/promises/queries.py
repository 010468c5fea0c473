"""Which promises there are, and how well they are kept."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet

from kebu.base.bulk.prepared import prepared
from kebu.crm.interactions.pressing import Pressing
from kebu.crm.promises.choices import Side, State
from kebu.crm.promises.models import Promise, PromiseQuerySet
from kebu.office.staff.models import User

MOST = 200  # of one customer that its page looks at
ENDED = Q(state__in=(State.KEPT, State.KEPT_LATE, State.BROKEN))


@dataclass(slots=True)
class Rate:
    """How many of the promises that were due were kept in time (兑现率); open ones count once late."""

    kept: int = 0
    due: int = 0

    @property
    def percent(self) -> int | None:
        """In hundredths; None while nothing was due."""
        return round(100 * self.kept / self.due) if self.due else None


@prepared
def promises_of(customer_id: int) -> QuerySet[Promise]:
    """The latest promises of a customer."""
    return Promise.objects.filter(customer_id=customer_id).order_by("-made_on", "-pk")[:MOST]


def pressing(user: User, today: date, most: int) -> list[Pressing]:
    """Ours that are due today or late, and theirs that are late, at the user's own customers."""
    mine = Promise.objects.open().filter(responsible=user.pk, customer__owner=user.pk)
    due = Q(side=Side.OURS, due_on__lte=today) | Q(side=Side.THEIRS, due_on__lt=today)
    rows = mine.filter(due).order_by("due_on", "id").values_list("customer_id", "due_on")[:most]
    return [Pressing(key, day) for key, day in rows if day]


class PromiseBook:
    """The promises of one customer as its page shows them."""

    def __init__(self, customer_id: int, today: date) -> None:
        self.all = promises_of(customer_id)
        self.ours = rate_of(self.all, Side.OURS, today)
        self.theirs = rate_of(self.all, Side.THEIRS, today)

    @property
    def open(self) -> list[Promise]:
        """The open ones, what is due first; those without a day last."""
        found = [one for one in self.all if one.is_open]
        return sorted(found, key=lambda one: (one.due_on is None, one.due_on or one.made_on, one.pk))

    @property
    def is_rated(self) -> bool:
        """Whether anything was due."""
        return bool(self.ours.due or self.theirs.due)


def rate_of(promises: Iterable[Promise], side: Side, today: date) -> Rate:
    """The rate of one side among the promises at hand."""
    mine = [one for one in promises if one.side == side]
    ended = sum(one.state in (State.KEPT, State.KEPT_LATE, State.BROKEN) for one in mine)
    late = sum(one.is_late(today) for one in mine)
    return Rate(sum(one.state == State.KEPT for one in mine), ended + late)


def rates(rows: PromiseQuerySet, by: str, today: date) -> dict[Any, dict[str, Rate]]:
    """The rates of both sides by a column: the responsible person, the customer."""
    late = Q(state=State.OPEN, due_on__lt=today)
    counted = (
        rows.order_by()
        .values(by, "side")
        .annotate(kept=Count("pk", filter=Q(state=State.KEPT)), due=Count("pk", filter=ENDED | late))
    )
    found: dict[Any, dict[str, Rate]] = {}
    for row in counted:
        sides = found.setdefault(row[by], {side.value: Rate() for side in Side})
        sides[row["side"]] = Rate(row["kept"], row["due"])
    return found
