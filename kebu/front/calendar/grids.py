"""Days laid out: a month of weeks, a week, one day by its hours."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from django.utils.translation import gettext as _
from lunar_python import Solar

from kebu.base.kit.dates import SHANGHAI
from kebu.base.kit.months import month_end, months_later
from kebu.front.calendar.events import Event
from kebu.office.workdays.queries import calendar

WEEK = timedelta(days=7)
DAY = timedelta(days=1)
IN_CELL = 3  # events of a month's cell; the rest opens the day
WEEKDAYS = "一二三四五六日"
FIRST_HOUR, LAST_HOUR = 8, 20  # always drawn; others when something falls into them


class Look(StrEnum):
    """How much is seen at once."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Cell:
    """One day of a look, with its events."""

    day: date
    is_today: bool
    is_other: bool
    is_past: bool
    is_off: bool
    name: str
    events: Sequence[Event] = ()

    @property
    def shown(self) -> Sequence[Event]:
        return self.events if len(self.events) <= IN_CELL + 1 else self.events[:IN_CELL]

    @property
    def rest(self) -> int:
        return len(self.events) - len(self.shown)

    @property
    def weekday(self) -> str:
        return WEEKDAYS[self.day.weekday()]

    @property
    def mark(self) -> str:
        """休 or 班 where the day is not what its weekday says."""
        is_weekend = self.day.weekday() >= 5
        return "" if self.is_off == is_weekend else _("休") if self.is_off else _("班")

    @property
    def lunar(self) -> str:
        """十五; the first of a lunar month by the month's name."""
        lunar = Solar.fromYmd(self.day.year, self.day.month, self.day.day).getLunar()
        if lunar.getDay() > 1:
            return str(lunar.getDayInChinese())
        return _("%(month)s月") % {"month": lunar.getMonthInChinese()}


@dataclass(frozen=True, slots=True)
class Hour:
    """An hour of a day; -1 holds what has no time."""

    hour: int
    events: list[Event] = field(default_factory=list)

    @property
    def clock(self) -> str:
        return f"{self.hour:02d}:00" if self.hour >= 0 else ""


def span(look: Look, on: date) -> tuple[date, date]:
    """The first and the last day of the look that holds ``on``; of a month whole weeks from Monday."""
    if look is Look.DAY:
        return on, on
    if look is Look.WEEK:
        monday = on - timedelta(days=on.weekday())
        return monday, monday + WEEK - DAY
    first = on.replace(day=1)
    last = month_end(on)
    return first - timedelta(days=first.weekday()), last + timedelta(days=6 - last.weekday())


def beside(look: Look, on: date, step: int) -> date:
    """The day to go to for the look before (-1) or after (1)."""
    if look is Look.DAY:
        return on + step * DAY
    if look is Look.WEEK:
        return on + step * WEEK
    return months_later(on, step)


def cells(look: Look, on: date, today: date, events: Iterable[Event]) -> list[Cell]:
    """Every day of the look with its events."""
    by_day: dict[date, list[Event]] = {}
    for event in events:
        by_day.setdefault(event.on, []).append(event)
    first, last = span(look, on)
    days = [first + n * DAY for n in range((last - first).days + 1)]
    is_month, working = look is Look.MONTH, calendar()
    return [
        Cell(
            day,
            day == today,
            is_month and day.month != on.month,
            day < today,
            not working.is_workday(day),
            working.name(day),
            by_day.get(day, []),
        )
        for day in days
    ]


def hours(events: Iterable[Event]) -> list[Hour]:
    """A day's hours with what begins in them, the whole-day events first."""
    found = {hour: Hour(hour) for hour in (-1, *range(FIRST_HOUR, LAST_HOUR + 1))}
    for event in events:
        hour = event.at.astimezone(SHANGHAI).hour if event.at else -1
        found.setdefault(hour, Hour(hour)).events.append(event)
    return [found[hour] for hour in sorted(found)]


def title(look: Look, on: date) -> str:
    """2026年11月, 11月16日至22日, 11月22日周日."""
    if look is Look.MONTH:
        return _("%(year)d年%(month)d月") % {"year": on.year, "month": on.month}
    if look is Look.DAY:
        return _("%(month)d月%(day)d日周%(weekday)s") % {
            "month": on.month,
            "day": on.day,
            "weekday": WEEKDAYS[on.weekday()],
        }
    first, last = span(look, on)
    end = _("%(day)d日") if first.month == last.month else _("%(month)d月%(day)d日")
    start = _("%(month)d月%(day)d日") % {"month": first.month, "day": first.day}
    return _("%(first)s至%(last)s") % {"first": start, "last": end % {"month": last.month, "day": last.day}}
