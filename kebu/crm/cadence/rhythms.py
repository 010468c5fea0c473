"""When a rhythm comes round: pure reckoning with days."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from kebu.base.kit.months import months_later
from kebu.crm.cadence.choices import Unit

WORKDAYS = {Unit.DAY: 5 / 7, Unit.WEEK: 5.0, Unit.MONTH: 21.0}


@dataclass(frozen=True, slots=True)
class Step:
    """A rule as the engine reads it: how often from a day on, and what its plans say."""

    pk: int
    grade: str
    rhythm: str
    valid_from: date
    is_active: bool
    every: int
    unit: str
    slack_days: int
    name: str
    method: str
    expected: str

    def after(self, base: date) -> date:
        """The day by which the next contact is due."""
        if self.unit == Unit.MONTH:
            return months_later(base, self.every)
        return base + timedelta(days=self.every * (7 if self.unit == Unit.WEEK else 1))

    @property
    def workdays(self) -> float:
        """About how many workdays lie between two contacts."""
        return max(1.0, WORKDAYS[Unit(self.unit)] * self.every)


@dataclass(frozen=True, slots=True)
class Due:
    """The step by which something falls due, and when; it may be past."""

    step: Step
    day: date


def due(steps: Sequence[Step], base: date, today: date) -> Due | None:
    """The first day from today on by which the steps, in the order of their days, want a contact.

    Each step rules from its day until the next one's. What was due before today is due on its own day, and
    nothing falls due under a step before that step rules.
    """
    for place, step in enumerate(steps):
        end = steps[place + 1].valid_from if place + 1 < len(steps) else date.max
        if end <= today or not step.is_active:
            continue
        day = step.after(base)
        if step.valid_from > today:
            day = max(day, step.valid_from)
        if max(day, today) < end:
            return Due(step, day)
    return None
