"""Months of different length."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as some

from kebu.base.kit.months import month_end, months_later

DAYS = some.dates(dt.date(1950, 1, 1), dt.date(2100, 1, 1))


@pytest.mark.parametrize(
    ("day", "count", "on", "found"),
    [
        ("2026-01-31", 1, None, "2026-02-28"),
        ("2024-01-31", 1, None, "2024-02-29"),
        ("2026-03-31", -1, None, "2026-02-28"),
        ("2026-12-15", 1, None, "2027-01-15"),
        ("2026-01-15", -1, None, "2025-12-15"),
        ("2024-02-29", 12, None, "2025-02-28"),
        ("2026-02-28", 1, 31, "2026-03-31"),
        ("2026-01-10", 1, 31, "2026-02-28"),
    ],
)
def test_a_day_a_short_month_has_not_is_its_last(day: str, count: int, on: int | None, found: str) -> None:
    """Forwards, backwards, over the turn of the year, by an anchor day."""
    assert months_later(dt.date.fromisoformat(day), count, on) == dt.date.fromisoformat(found)


@given(DAYS, some.integers(-500, 500))
def test_months_are_counted_one_by_one(day: dt.date, count: int) -> None:
    """So many months on is that month, on the day itself or the month's last."""
    later = months_later(day, count)
    assert (later.year - day.year) * 12 + later.month - day.month == count
    assert later.day == day.day or (later == month_end(later) and later.day < day.day)
    assert (month_end(day) + dt.timedelta(days=1)).day == 1
