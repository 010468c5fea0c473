"""Days told from today, typed as people write them; birthdays that fall on them."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kebu.base.kit.birthdays import Birthday, parse_birthday
from kebu.base.kit.birthdays_between import ENDING, endings_between
from kebu.base.kit.spans import read_span

TODAY = date(2026, 5, 31)  # a Sunday


@pytest.mark.parametrize(
    ("text", "kept", "first", "last"),
    [
        ("今天", "today", "2026-05-31", "2026-05-31"),
        ("上周", "last_week", "2026-05-18", "2026-05-24"),
        ("下个星期", "next_week", "2026-06-01", "2026-06-07"),
        ("上个月", "last_month", "2026-04-01", "2026-04-30"),
        ("本季度", "this_quarter", "2026-04-01", "2026-06-30"),
        ("去年", "last_year", "2025-01-01", "2025-12-31"),
        ("近7天", "last7", "2026-05-25", "2026-05-31"),
        ("近三个月", "last3m", "2026-03-01", "2026-05-31"),  # 28 February is three months ago
        ("最近半年", "last6m", "2025-12-01", "2026-05-31"),
        ("两周内", "next2w", "2026-05-31", "2026-06-14"),
        ("未来10天", "next10", "2026-05-31", "2026-06-10"),
        ("30天以前", "before30", "", "2026-05-01"),
        ("1年后", "after1y", "2027-05-31", ""),
        ("三十天没有联系", "quiet30", "", "2026-04-30"),
        ("超过1个月未跟进", "quiet1m", "", "2026-04-29"),
        ("逾期", "overdue", "", "2026-05-30"),
    ],
)
def test_said_kept_and_meant(text: str, kept: str, first: str, last: str) -> None:
    span = read_span(text)
    assert span is not None
    assert str(span) == kept
    assert span.days(TODAY) == tuple(date.fromisoformat(day) if day else None for day in (first, last))
    assert read_span(str(span)) == read_span(span.words) == span


@pytest.mark.parametrize(
    "text", ["", "近", "3个月", "近0天", "last99999", "近9999年", "近3天以前", "超过3天", "明后天"]
)
def test_no_span(text: str) -> None:
    assert read_span(text) is None


BORN = st.sampled_from(
    [
        "2月29日", "2月28日", "1988-03-05", "农历八月十五", "农历十二月三十", "农历腊月廿九",
        "农历1987年闰六月初一", "农历1987年闰六月廿九", "农历六月初一", "农历正月初一",
    ]
).map(parse_birthday)  # fmt: skip


@given(BORN, st.dates(date(2023, 1, 1), date(2031, 1, 1)), st.sampled_from([0, 1, 6, 30]))
def test_birthdays_of_a_stretch_are_those_whose_next_day_lies_in_it(
    born: Birthday, first: date, more: int
) -> None:
    last = first + timedelta(days=more)
    endings = endings_between(first, last)
    is_found = str(born)[-ENDING:] in (endings.lunar if born.is_lunar else endings.solar)
    assert is_found is (born.next_on(first) <= last)
