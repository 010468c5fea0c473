"""Months as people count them: of different length, and the 31st of a short one is its last day."""

import datetime as dt
from calendar import monthrange


def month_end(day: dt.date) -> dt.date:
    """The last day of the month that holds ``day``."""
    return day.replace(day=monthrange(day.year, day.month)[1])


def months_later(day: dt.date, count: int, on: int | None = None) -> dt.date:
    """The same day (or the day ``on``, 1–31) so many months on; back for a negative ``count``.

    A month without that day ends earlier: a month after 31 January is the end of February. Raises ValueError
    beyond the years 1–9999.
    """
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    return dt.date(year, month + 1, min(on or day.day, monthrange(year, month + 1)[1]))
