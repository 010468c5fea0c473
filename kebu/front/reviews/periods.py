"""Months and quarters, and how an address names them: 2026-11, 2026-Q4."""

import re
from datetime import date, datetime
from typing import NamedTuple

from django.utils.translation import gettext as _

from kebu.base.kit.dates import day_bounds

MONTHS = 12
EARLIEST, LATEST = 2000, 2999
PATTERN = re.compile(r"([0-9]{4})-(?:(0[1-9]|1[0-2])|Q([1-4]))")


class Month(NamedTuple):
    """A month of the calendar."""

    year: int
    number: int

    @classmethod
    def of(cls, day: date) -> "Month":
        return cls(day.year, day.month)

    def later(self, count: int) -> "Month":
        """So many months later, or earlier by a negative count."""
        index = self.year * MONTHS + self.number - 1 + count
        return Month(index // MONTHS, index % MONTHS + 1)

    @property
    def start(self) -> datetime:
        """Its first moment."""
        return day_bounds(date(self.year, self.number, 1))[0]

    @property
    def label(self) -> str:
        return _("%(number)d月") % {"number": self.number}


BEGINNING = Month(EARLIEST, 1)


class Period(NamedTuple):
    """One month, or the three of a quarter."""

    first: Month
    length: int

    @property
    def is_quarter(self) -> bool:
        return self.length > 1

    @property
    def start(self) -> datetime:
        return self.first.start

    @property
    def end(self) -> datetime:
        """The first moment after it."""
        return self.first.later(self.length).start

    @property
    def last(self) -> Month:
        return self.first.later(self.length - 1)

    @property
    def before(self) -> "Period":
        return Period(self.first.later(-self.length), self.length)

    @property
    def after(self) -> "Period":
        return Period(self.first.later(self.length), self.length)

    @property
    def code(self) -> str:
        """As an address names it."""
        if self.is_quarter:
            return f"{self.first.year}-Q{(self.first.number + 2) // 3}"
        return f"{self.first.year}-{self.first.number:02}"

    @property
    def label(self) -> str:
        told = {"year": self.first.year, "number": (self.first.number + 2) // 3}
        if self.is_quarter:
            return _("%(year)d年第%(number)d季度") % told
        return _("%(year)d年%(number)d月") % (told | {"number": self.first.number})

    @property
    def former(self) -> str:
        """What figures are held against."""
        return _("上季度") if self.is_quarter else _("上月")


def month_of(day: date) -> Period:
    """The month of a day."""
    return Period(Month.of(day), 1)


def quarter_of(day: date) -> Period:
    """The quarter of a day."""
    return Period(Month(day.year, (day.month - 1) // 3 * 3 + 1), 3)


def named(text: str, today: date) -> Period | None:
    """The period of that name, the present month without one; None when there is none or it is to come."""
    if not text:
        return month_of(today)
    found = PATTERN.fullmatch(text)
    if not found or not EARLIEST <= int(found[1]) <= LATEST:
        return None
    year, number, quarter = int(found[1]), found[2], found[3]
    period = Period(Month(year, int(quarter) * 3 - 2), 3) if quarter else Period(Month(year, int(number)), 1)
    return period if period.first <= Month.of(today) else None
