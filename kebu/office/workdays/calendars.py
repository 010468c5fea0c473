"""The working calendar, as it stands: told days over weekends."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from kebu.office.workdays.choices import DayKind, Origin

ONE = timedelta(days=1)
SATURDAY = 5
STEPS = 366  # a calendar without a workday in a year is none


@dataclass(frozen=True, slots=True)
class ToldDay:
    """A day of which something is said."""

    day: date
    kind: str
    name: str
    origin: str

    @property
    def is_off(self) -> bool:
        return self.kind == DayKind.OFF

    @property
    def label(self) -> str:
        """As a calendar writes it."""
        return self.name if self.is_off else f"{self.name}调休上班" if self.is_exchange else self.name

    @property
    def is_exchange(self) -> bool:
        """Worked instead of another day."""
        return not self.is_off and self.origin == Origin.NOTICE


@dataclass(frozen=True)
class WorkCalendar:
    """Which days are workdays; ``known`` are the years whose exchanges of days are told."""

    told: Mapping[date, ToldDay]
    known: frozenset[int]

    def is_workday(self, day: date) -> bool:
        """Whether the office works that day."""
        said = self.told.get(day)
        return day.weekday() < SATURDAY if said is None else said.kind == DayKind.WORK

    def name(self, day: date) -> str:
        """What the day is called, "" for one like any other."""
        said = self.told.get(day)
        return said.label if said else ""

    def is_known(self, year: int) -> bool:
        """Whether the year's exchanges of days are told; else weekends and the days fixed by law count."""
        return year in self.known

    def next_workday(self, day: date) -> date:
        """The day itself when the office works, else the first one after it that is worked."""
        return self._towards(day, ONE)

    def previous_workday(self, day: date) -> date:
        """The day itself when the office works, else the last one before it."""
        return self._towards(day, -ONE)

    def _towards(self, day: date, step: timedelta) -> date:
        for _count in range(STEPS):
            if self.is_workday(day):
                return day
            day += step
        return day

    def add_workdays(self, day: date, count: int) -> date:
        """The count-th workday after the day, or before it for a negative count; for 0 the next workday."""
        step = ONE if count > 0 else -ONE
        day = self.next_workday(day) if not count else day
        for _each in range(abs(count)):
            day = self._towards(day + step, step)
        return day

    def workdays_between(self, first: date, last: date) -> list[date]:
        """All workdays from the first to the last day, both included."""
        days = (first + timedelta(days=number) for number in range((last - first).days + 1))
        return [day for day in days if self.is_workday(day)]

    def of_year(self, year: int) -> list[ToldDay]:
        """What is told of a year, in order."""
        return sorted((said for said in self.told.values() if said.day.year == year), key=lambda one: one.day)
