"""On which day a turn is planned: a workday, near its due day, that is not full."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from kebu.office.workdays.calendars import ONE, WorkCalendar

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


def days_for(need: Need, today: date, calendar: WorkCalendar) -> Sequence[date]:
    """The days on which the turn may be planned, the best first.

    On time: its target, then the days before it within the slack. The first one of a customer may come any
    day before. What is overdue comes as soon as it can.
    """
    if need.due < today:
        span = min(need.due - need.base, CATCH_UP)
        found = calendar.workdays_between(today, today + span)
        return found or [calendar.next_workday(today)]
    best = target(need, today, calendar)
    early = max(today, need.base + ONE)
    if not need.is_first:
        early = max(early, need.due - timedelta(days=need.slack_days))
    return calendar.workdays_between(min(early, best), best)[::-1]


def chosen(days: Sequence[date], load: Mapping[date, int], share: int) -> date:
    """The best day that holds less than a day's share; when all are full, the one that holds least."""
    for day in days:
        if load.get(day, 0) < share:
            return day
    return min(days, key=lambda day: load.get(day, 0))
