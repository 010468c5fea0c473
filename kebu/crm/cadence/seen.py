"""What the engine sees of a chunk of customers: themselves, their last contacts, their turns and plans."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import Max

from kebu.base.kit.dates import local_day
from kebu.crm.cadence.models import Turn
from kebu.crm.customers.models import CustomerQuerySet
from kebu.crm.followups.choices import Source
from kebu.crm.followups.models import IS_OPEN, Plan, PlanQuerySet
from kebu.crm.interactions.models import Interaction

COLUMNS = (
    "pk", "owner_id", "grade", "customer_type", "need_stage", "last_contact_at", "assigned_at", "created_at",
    "archived_at",
)  # fmt: skip
PLAN = (
    "source_key", "pk", "status", "version", "completed_at", "starts_at", "due_at", "method", "goal",
    "expected", "requirement", "executor_ids",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Made:
    """A plan as it stands."""

    source_key: str
    pk: int
    status: str
    version: int
    completed_at: datetime | None
    starts_at: datetime
    due_at: datetime
    method: str
    goal: str
    expected: str
    requirement: str
    executor_ids: list[int]

    @property
    def is_open(self) -> bool:
        return self.completed_at is None

    @property
    def is_untouched(self) -> bool:
        """Nobody has changed it since a rule made it."""
        return self.is_open and self.version == 1

    @property
    def is_own(self) -> bool:
        """Somebody has changed it and not ended it: it is his."""
        return self.is_open and self.version > 1


@dataclass(slots=True)
class Seen:
    """A customer as the engine sees it."""

    pk: int
    owner_id: int | None
    grade: str
    customer_type: str
    need_stage: str
    last_on: date | None
    since_on: date
    is_archived: bool
    deep_on: date | None = None
    turns: dict[str, Turn] = field(default_factory=dict)
    plans: dict[str, Made] = field(default_factory=dict)
    revived: dict[str, int] = field(default_factory=dict)
    rivals: list[Made] = field(default_factory=list)


def seen_of(row: Sequence[Any]) -> Seen:
    """A customer from its columns."""
    pk, owner_id, grade, kind, need_stage, last, assigned, created, archived = row
    last_on = local_day(last) if last else None
    since_on = local_day(assigned or created)
    return Seen(pk, owner_id, grade, kind, need_stage, last_on, since_on, archived is not None)


def chunks(customers: CustomerQuerySet, size: int, after: int = 0) -> Iterator[list[Seen]]:
    """All of the customers by their keys, from ``after`` on, as they are at that moment."""
    while rows := list(customers.filter(pk__gt=after).order_by("pk").values_list(*COLUMNS)[:size]):
        after = rows[-1][0]
        yield [seen_of(row) for row in rows]


def look_closer(found: Sequence[Seen], *, has_turns: bool = True) -> None:
    """Read what hangs on the customers: when one last went deep, their turns, the plans of these."""
    by_key = {one.pk: one for one in found}
    talks = Interaction.objects.filter(customer__in=by_key, is_deep=True).order_by()
    for pk, last in talks.values_list("customer").annotate(last=Max("happened_at")):
        by_key[pk].deep_on = local_day(last)
    if not has_turns:
        return
    for turn in Turn.objects.filter(customer__in=by_key):
        by_key[turn.customer_id].turns[turn.rhythm] = turn
    _look_at_plans(found, Plan.objects.filter(IS_OPEN, source=Source.CADENCE, customer__in=by_key))
    ended = [
        turn.source_key
        for one in found
        for turn in one.turns.values()
        if turn.has_plan and turn.rhythm not in one.plans
    ]
    if ended:
        _look_at_plans(found, Plan.objects.filter(source_key__in=ended))


def _look_at_plans(found: Sequence[Seen], plans: PlanQuerySet) -> None:
    """Give turns their plans. One that was ended and is open again, as its end was taken back, is the turn's
    once more; the one made in its place goes."""
    turns = {turn.pk: (one, turn) for one in found for turn in one.turns.values()}
    for values in plans.values_list(*PLAN).order_by("pk"):
        made = Made(*values)
        key, number = (int(part) for part in made.source_key.split("-")[1:])
        if key not in turns:
            continue
        one, turn = turns[key]
        present = one.plans.get(turn.rhythm)
        if present is None:
            one.plans[turn.rhythm] = made
            if made.is_open and not (turn.has_plan and number == turn.number):
                one.revived[turn.rhythm] = number
        elif present.is_open and number > turn_number(present):
            one.rivals.append(made)


def turn_number(made: Made) -> int:
    """The how-manieth plan of its turn it is."""
    return int(made.source_key.rpartition("-")[2])
