"""Days and moments as people write them."""

import datetime as dt
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kebu.base.kit.dates import SHANGHAI, day_bounds, local_day, parse_date, parse_moment
from kebu.base.kit.errors import KitError, Unreadable

TODAY = dt.date(2025, 11, 22)  # a Saturday
NOW = dt.datetime(2025, 11, 22, 3, 0, tzinfo=dt.UTC)  # 11:00 in Shanghai


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2024/3/5", "2024-03-05"),
        ("2024.3.5", "2024-03-05"),
        ("2024-03-05", "2024-03-05"),
        ("2024年3月5日", "2024-03-05"),
        ("２０２４年３月５日", "2024-03-05"),
        ("20240305", "2024-03-05"),
        (20240305, "2024-03-05"),
        ("2024-03-05 10:20", "2024-03-05"),
        ("2024年3月5日 下午3点半", "2024-03-05"),
        ("2024年3月5日（周二）", "2024-03-05"),
        ("24/3/5", "2024-03-05"),
        ("24年3月5日", "2024-03-05"),
        (45352, "2024-03-01"),
        (45352.75, "2024-03-01"),
        ("45352", "2024-03-01"),
        (36526, "2000-01-01"),
        ("3月5日", "2025-03-05"),
        ("12月5日", "2024-12-05"),
        ("11月22日", "2025-11-22"),
        ("2月29日", "2024-02-29"),
        ("去年3月5日", "2024-03-05"),
        ("今天", "2025-11-22"),
        ("昨天", "2025-11-21"),
        ("明天", "2025-11-23"),
        ("后天", "2025-11-24"),
        ("下周三", "2025-11-26"),
        ("上周五", "2025-11-14"),
        ("周三", "2025-11-19"),
        ("3天前", "2025-11-19"),
        ("三天后", "2025-11-25"),
        ("两周后", "2025-12-06"),
        ("3个月后", "2026-02-22"),
        ("下月5号", "2025-12-05"),
        ("5号", "2025-11-05"),
        ("月底", "2025-11-30"),
        (dt.date(2024, 3, 5), "2024-03-05"),
        (dt.datetime(2024, 3, 5, 20, 0, tzinfo=dt.UTC), "2024-03-06"),
    ],
)
def test_days(written: object, day: str) -> None:
    assert parse_date(written, TODAY).isoformat() == day


@pytest.mark.parametrize(
    ("written", "day"),
    [("3月5日", "2026-03-05"), ("周三", "2025-11-26"), ("周六", "2025-11-22"), ("5号", "2025-12-05")],
)
def test_days_to_come(written: str, day: str) -> None:
    assert parse_date(written, TODAY, prefer="future").isoformat() == day


@pytest.mark.parametrize(
    ("written", "fault"),
    [
        ("2024年2月30日", "2024年2月没有30日"),
        ("2023-02-29", "2023年2月没有29日"),
        ("2月30日", "2月没有30日"),
        ("2024-13-05", "没有13月"),
        ("2024年3月", "缺少日"),
        ("3/4/24", "看不出年月日的顺序"),
        ("去年春天", "“去年春天”看不出是哪一天"),
        ("1024-1-1", "没有1024年"),
        (1.5, "看不出是哪一天"),
        (float("nan"), "看不出是哪一天"),
        ("", "看不出是哪一天"),
        ("999年后", "没有3024年"),
    ],
)
def test_refusals(written: object, fault: str) -> None:
    with pytest.raises(Unreadable, match=fault):
        parse_date(written, TODAY)


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("2024-05-01 09:00:11", "2024-05-01T09:00:11+08:00"),
        ("2024-05-01T09:00:11Z", "2024-05-01T17:00:11+08:00"),
        ("昨天下午3点", "2025-11-21T15:00:00+08:00"),
        ("明天上午9点半", "2025-11-23T09:30:00+08:00"),
        ("今天 10:30", "2025-11-22T10:30:00+08:00"),
        ("10:30", "2025-11-22T10:30:00+08:00"),
        ("晚上8点一刻", "2025-11-22T20:15:00+08:00"),
        ("半小时前", "2025-11-22T10:30:00+08:00"),
        ("今天", "2025-11-22T11:00:00+08:00"),
        ("昨天", "2025-11-21T00:00:00+08:00"),
        (45352.5, "2024-03-01T12:00:00+08:00"),
        (dt.date(2024, 3, 5), "2024-03-05T00:00:00+08:00"),
    ],
)
def test_moments(written: object, moment: str) -> None:
    assert parse_moment(written, NOW).isoformat() == moment


@pytest.mark.parametrize("written", ["0001-01-01T00:00", "9999-12-31T23:59Z", "9999-12-31T23:59"])
def test_moments_lie_in_the_same_years_as_days(written: str) -> None:
    with pytest.raises(Unreadable, match="年份要在1900到2100之间"):
        parse_moment(written, NOW)


def test_there_is_no_hour_25() -> None:
    with pytest.raises(Unreadable, match="没有25:00这个时间"):
        parse_moment("昨天25:00", NOW)


def test_a_day_is_a_shanghai_day() -> None:
    start, end = day_bounds(TODAY)
    assert start == dt.datetime(2025, 11, 21, 16, 0, tzinfo=dt.UTC)
    assert end - start == dt.timedelta(days=1)
    assert local_day(start) == TODAY
    assert local_day(start - dt.timedelta(seconds=1)) == TODAY - dt.timedelta(days=1)
    assert local_day(end.astimezone(SHANGHAI)) == TODAY + dt.timedelta(days=1)


@given(st.dates(dt.date(1900, 1, 1), dt.date(2100, 12, 31)))
def test_every_day_is_read_in_every_form(day: dt.date) -> None:
    for form in (
        "{0:%Y-%m-%d}",
        "{0.year}/{0.month}/{0.day}",
        "{0.year}年{0.month}月{0.day}日",
        "{0:%Y%m%d}",
    ):
        assert parse_date(form.format(day), TODAY) == day


@given(st.text(alphabet="0123456789年月日-/.: 上下周三天前后号今昨底点半", max_size=12))
def test_any_text_is_read_or_refused(written: str) -> None:
    with suppress(KitError):
        parse_date(written, TODAY)
    with suppress(KitError):
        parse_moment(written, NOW)
