"""Solar and lunar birthdays."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kebu.base.kit.birthdays import Birthday, lunar_birthday_of, parse_birthday
from kebu.base.kit.errors import KitError, Unreadable


@pytest.mark.parametrize(
    ("written", "kept", "shown"),
    [
        ("1988-03-05", "1988-03-05", "1988-03-05"),
        ("1988/3/5 00:00:00", "1988-03-05", "1988-03-05"),
        ("19880305", "1988-03-05", "1988-03-05"),
        ("88年3月5日", "1988-03-05", "1988-03-05"),
        ("3月5日", "--03-05", "3月5日"),
        ("2月29日", "--02-29", "2月29日"),
        ("32000", "1987-08-11", "1987-08-11"),
        (dt.date(1990, 1, 2), "1990-01-02", "1990-01-02"),
        ("农历八月十五", "L--08-15", "农历八月十五"),
        ("8月15日（农历）", "L--08-15", "农历八月十五"),
        ("农历1988年五月初三", "L1988-05-03", "农历1988年五月初三"),
        ("1987年闰六月初一", "L1987-06+-01", "农历1987年闰六月初一"),
        ("阴历腊月廿三", "L--12-23", "农历腊月廿三"),
        ("正月初一", "L--01-01", "农历正月初一"),
        ("农历二〇〇〇年十一月三十", "L2000-11-30", "农历2000年冬月三十"),
    ],
)
def test_read_kept_and_shown(written: object, kept: str, shown: str) -> None:
    birthday = parse_birthday(written)
    assert (str(birthday), birthday.display()) == (kept, shown)
    assert Birthday.from_storage(kept) == birthday


@pytest.mark.parametrize(
    ("written", "fault"),
    [
        ("2月30日", "2月没有30日"),
        ("1988-02-30", "1988年2月没有30日"),
        ("1989-02-29", "1989年2月没有29日"),
        ("13月1日", "没有13月"),
        ("农历1988年闰五月初三", "农历1988年没有闰五月"),
        ("农历1988年二月三十", "农历1988年二月只有29天"),
        ("农历13月1日", "农历月份是1到12"),
        ("什么", "看不出生日"),
    ],
)
def test_refusals(written: str, fault: str) -> None:
    with pytest.raises(Unreadable, match=fault):
        parse_birthday(written)


@pytest.mark.parametrize(
    ("kept", "today", "day"),
    [
        ("1988-03-05", "2025-11-22", "2026-03-05"),
        ("--11-22", "2025-11-22", "2025-11-22"),
        ("--02-29", "2025-01-01", "2025-02-28"),
        ("--02-29", "2028-01-01", "2028-02-29"),
        ("L--01-01", "2025-11-22", "2026-02-17"),
        ("L--08-15", "2025-01-01", "2025-10-06"),
        ("L--12-30", "2026-01-01", "2026-02-16"),  # the twelfth month of that year has 29 days
        ("L1987-06+-01", "2025-07-01", "2025-07-25"),  # a leap sixth month
        ("L1987-06+-01", "2026-01-01", "2026-07-14"),  # an ordinary year
    ],
)
def test_next_birthday(kept: str, today: str, day: str) -> None:
    assert Birthday.from_storage(kept).next_on(dt.date.fromisoformat(today)).isoformat() == day


@pytest.mark.slow
@given(
    st.dates(dt.date(1910, 3, 1), dt.date(2099, 12, 31)), st.dates(dt.date(2000, 1, 1), dt.date(2090, 1, 1))
)
def test_the_next_birthday_is_never_more_than_a_lunar_leap_year_away(born: dt.date, today: dt.date) -> None:
    for birthday in (Birthday(born.month, born.day, born.year), lunar_birthday_of(born)):
        assert Birthday.from_storage(str(birthday)) == birthday
        assert 0 <= (birthday.next_on(today) - today).days <= 385


@given(st.text(alphabet="0123456789年月日-/农历闰初正腊廿十一二三", max_size=12))
def test_any_text_is_read_or_refused(written: str) -> None:
    try:
        birthday = parse_birthday(written)
    except KitError:
        return
    assert parse_birthday(birthday.display()) == birthday
