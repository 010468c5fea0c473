"""When a day comes again."""

from datetime import date

import pytest

from kebu.crm.key_dates.models import KeyDate


@pytest.mark.parametrize(
    ("start", "repeat", "expected"),
    [
        ("2026-11-30", "quarter", ["2027-02-28", "2027-05-30", "2027-08-30"]),
        ("2027-08-31", "half_year", ["2028-02-29", "2028-08-31", "2029-02-28"]),  # a leap day
        ("2028-02-29", "year", ["2029-02-28", "2030-02-28", "2031-02-28", "2032-02-29"]),
        ("2026-12-31", "month", ["2027-01-31", "2027-02-28", "2027-03-31"]),
        ("2026-11-25", "two_years", ["2028-11-25", "2030-11-25"]),
        ("2025-10-06", "lunar_year", ["2026-09-25", "2027-09-15", "2028-10-03"]),  # 中秋
        ("2025-01-28", "lunar_year", ["2026-02-16", "2027-02-05", "2028-01-25"]),  # 除夕: 29 or 30 days
        ("2025-07-25", "lunar_year", ["2026-07-14", "2027-07-04"]),  # 闰六月初一
    ],
)
def test_it_keeps_its_day_over_short_months(start: str, repeat: str, expected: list[str]) -> None:
    row = KeyDate(next_on=date.fromisoformat(start), repeat=repeat, lead_days=7)
    row.derive()
    for text in expected:
        row.next_on = row.following() or date.min
        assert row.next_on == date.fromisoformat(text)


def test_what_comes_once_does_not_follow() -> None:
    row = KeyDate(next_on=date(2026, 12, 31), repeat="once", lead_days=30)
    assert row.derive() == {"anchor_day": 31, "remind_on": date(2026, 12, 1)}
    assert row.following() is None
    assert row.days_between(date(2026, 1, 1), date(2030, 1, 1)) == [date(2026, 12, 31)]
    assert row.days_between(date(2027, 1, 1), date(2030, 1, 1)) == []


def test_all_its_days_in_a_stretch() -> None:
    row = KeyDate(next_on=date(2026, 11, 30), repeat="month", lead_days=0)
    row.derive()
    days = row.days_between(date(2026, 12, 1), date(2027, 3, 30))
    assert [each.isoformat() for each in days] == ["2026-12-30", "2027-01-30", "2027-02-28", "2027-03-30"]


def test_repeats_are_foreseen_for_three_years() -> None:
    row = KeyDate(next_on=date(2026, 11, 30), repeat="month", lead_days=0)
    row.derive()
    assert len(row.days_between(date(2026, 1, 1), date(2099, 12, 31))) == 37


@pytest.mark.parametrize(
    ("stands", "repeat", "day", "is_same"),
    [
        ("2027-01-01", "year", "2027-01-31", True),
        ("2027-01-01", "year", "2026-12-31", False),
        ("2027-01-01", "year", "2028-01-01", False),
        ("2027-02-06", "lunar_year", "2027-03-07", True),  # 正月初一 and 正月三十
        ("2027-02-06", "lunar_year", "2027-02-05", False),  # 除夕
        ("2025-07-24", "lunar_year", "2025-07-25", False),  # 六月三十 and 闰六月初一
    ],
)
def test_which_days_lie_in_its_month(stands: str, repeat: str, day: str, is_same: bool) -> None:
    row = KeyDate(next_on=date.fromisoformat(stands), repeat=repeat, lead_days=0)
    assert row.is_of_month(date.fromisoformat(day)) is is_same


@pytest.mark.parametrize("moved_to", ["2027-09-10", "2027-09-15", "2027-09-28"])
def test_a_lunar_day_moved_within_its_month_comes_next_a_year_later(moved_to: str) -> None:
    row = KeyDate(next_on=date(2027, 9, 15), repeat="lunar_year", lead_days=7)  # 中秋
    row.derive()
    row.next_on = date.fromisoformat(moved_to)
    assert row.following() == date(2028, 10, 3)


@pytest.mark.parametrize("repeat", ["month", "two_years", "lunar_year"])
def test_nothing_comes_after_the_last_year(repeat: str) -> None:
    row = KeyDate(next_on=date(2100, 12, 31), repeat=repeat, lead_days=7)
    row.derive()
    assert row.following() is None
