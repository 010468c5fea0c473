"""On which day a turn is planned: a workday, near its due day, that is not full."""

import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from kebu.office.workdays.calendars import ONE, WorkCalendar

NONE = timedelta()
CATCH_UP = timedelta(days=28)  # within which a backlog is spread


@dataclass(frozen=True, slots=True)
class Need:
    """A turn to be planned: counted from ``base``, due by ``due``; the ``first`` of a customer has time."""

    base: date
    due: date
    slack_days: int
    is_first: bool


def target(need: Need, today: date, calendar: WorkCalendar) -> date:
    """The workday for the due day: itself, else the one before it within the slack, else the one after."""
    before = calendar.previous_workday(need.due)
    early = max(today, need.base + ONE)
    if before >= early and (need.due - before).days <= need.slack_days:
        return before
    return calendar.next_workday(max(need.due, today))


def days_for(need: Need, today: date, calendar: WorkCalendar) -> Iterator[date]:
    """The days on which the turn may be planned, the best first.

    On time: its target, then the days before it within the slack. The first one of a customer may come any
    day before. What is overdue comes as soon as it can.
    """
    if need.due < today:
        best = calendar.next_workday(today)
        last = max(best, today + min(need.due - need.base, CATCH_UP))
        return _workdays(best, last, ONE, calendar)
    best = target(need, today, calendar)
    early = max(today, need.base + ONE)
    if not need.is_first:
        early = max(early, need.due - timedelta(days=need.slack_days))
    return _workdays(best, min(early, best), -ONE, calendar)


def _workdays(day: date, last: date, step: timedelta, calendar: WorkCalendar) -> Iterator[date]:
    while (day <= last) if step > NONE else (day >= last):
        if calendar.is_workday(day):
            yield day
        day += step


def chosen(days: Iterable[date], load: Mapping[date, int], share: int) -> date:
    """The best day that holds less than a day's share; when all are full, the one that holds least."""
    least, found = sys.maxsize, None
    for day in days:
        count = load.get(day, 0)
        if count < share:
            return day
        if count < least:
            least, found = count, day
    if found is None:
        raise ValueError("no day was offered")
    return found
