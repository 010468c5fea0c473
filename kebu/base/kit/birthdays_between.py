"""Which birthdays fall on the days of a stretch: their endings as kept, so that a table is asked once."""

import datetime as dt
from functools import lru_cache
from typing import NamedTuple

from lunar_python import LunarYear, Solar

from kebu.base.kit.months import month_end

ENDING = 6
"""So long is what tells month and day of a kept birthday: 1988-03-05, L--08-15, L1987-06+-01."""


class Endings(NamedTuple):
    """How birthdays of each calendar end that fall on some days."""

    solar: frozenset[str]
    lunar: frozenset[str]


class _Month(NamedTuple):
    """A month of a lunar year; that of a leap month carries its number a second time."""

    first: dt.date
    days: int
    number: int
    is_leap: bool


def endings_between(first: dt.date, last: dt.date) -> Endings:
    """The endings of all birthdays that fall on a day from first to last, both included.

    As in ``Birthday.next_on``: 29 February falls on the 28th in common years, the lunar 30th on the 29th in
    short months, a leap month on the ordinary one in years without it.
    """
    days = [first + dt.timedelta(days=n) for n in range((last - first).days + 1)]
    solar = {ending for day in days for ending in _solar(day)}
    lunar = {ending for day in days for ending in _lunar(day)}
    return Endings(frozenset(solar), frozenset(lunar))


def _solar(day: dt.date) -> list[str]:
    found = [f"-{day:%m-%d}"]
    if (day.month, day.day) == (2, 28) and day == month_end(day):
        found.append("-02-29")
    return found


def _lunar(day: dt.date) -> list[str]:
    year = day.year if day >= _months(day.year)[0].first else day.year - 1
    months = _months(year)
    month = next(month for month in reversed(months) if month.first <= day)
    number = (day - month.first).days + 1
    numbers = [29, 30] if number == month.days == 29 else [number]
    has_leap = any(other.is_leap and other.number == month.number for other in months)
    forms = ["+"] if month.is_leap else [""] if has_leap else ["", "+"]
    return [f"{month.number:02d}{form}-{n:02d}".rjust(ENDING, "-") for form in forms for n in numbers]


@lru_cache(maxsize=64)
def _months(year: int) -> tuple[_Month, ...]:
    """The months of a lunar year in their order; the calendar takes milliseconds to compute them."""
    found = []
    for month in LunarYear.fromYear(year).getMonths():
        if month.getYear() == year:
            first = Solar.fromJulianDay(month.getFirstJulianDay())
            day = dt.date(first.getYear(), first.getMonth(), first.getDay())
            found.append(_Month(day, month.getDayCount(), abs(month.getMonth()), month.getMonth() < 0))
    return tuple(found)
