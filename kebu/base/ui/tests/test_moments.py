"""What a date says, and how urgent it looks."""

import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from kebu.base.ui.figures import capped, money, wan, yuan
from kebu.base.ui.moments import due_html, when_html

TODAY = date(2026, 11, 18)


def words(value: date, today: date) -> str:
    """What the reader sees of the element."""
    return re.sub(r"<[^>]*>", "", when_html(value, today))


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (date(2026, 11, 18), "今天"),
        (date(2026, 11, 17), "昨天"),
        (date(2026, 11, 15), "3天前"),
        (date(2026, 10, 19), "30天前"),
        (date(2026, 10, 18), "10-18"),
        (date(2026, 1, 1), "01-01"),
        (date(2025, 12, 30), "2025-12-30"),
        (date(2026, 11, 19), "明天"),
        (date(2026, 11, 20), "后天"),
        (date(2026, 11, 24), "11-24"),
        (date(2027, 1, 5), "2027-01-05"),
        (datetime(2026, 11, 16, 17, 0, tzinfo=UTC), "昨天"),  # 01:00 on the 17th in Shanghai
        (datetime(2026, 11, 19, 6, 30, tzinfo=UTC), "明天 14:30"),
        (datetime(2026, 11, 18, 16, 0, tzinfo=UTC), "明天"),  # midnight in Shanghai: the day, no clock time
        (datetime(2026, 11, 17, 16, 0, tzinfo=UTC), "今天"),
        (datetime(2026, 11, 18, 16, 0, 5, tzinfo=UTC), "明天 00:00"),
    ],
)
def test_words(day: date, said: str) -> None:
    assert words(day, TODAY) == said


def test_what_has_just_happened_is_told_in_minutes() -> None:
    now = timezone.now()
    local = timezone.localtime(now)
    if local.hour < 2:
        pytest.skip("the hours before belong to yesterday")
    assert words(now - timedelta(seconds=5), local.date()) == "刚刚"
    assert words(now - timedelta(minutes=5), local.date()) == "5分钟前"
    assert words(now - timedelta(minutes=90), local.date()) == "1小时前"


@pytest.mark.parametrize(
    ("days", "tone", "said"),
    [(-2, "k-overdue", "逾期2天"), (0, "k-today", "今天"), (1, "", "明天")],
)
def test_due_is_coloured_by_urgency(days: int, tone: str, said: str) -> None:
    html = due_html(TODAY + timedelta(days=days), TODAY)
    assert said in html
    assert ("k-overdue" in html) == (tone == "k-overdue")
    assert ("k-today" in html) == (tone == "k-today")


def test_the_exact_time_is_in_the_title_and_nothing_gives_nothing() -> None:
    html = when_html(datetime(2026, 11, 15, 8, 20, tzinfo=UTC), TODAY)
    assert 'title="2026-11-15 16:20"' in html
    assert 'title="2026-11-16"' in when_html(datetime(2026, 11, 15, 16, 0, tzinfo=UTC), TODAY)
    assert (when_html(None), due_html(None)) == ("", "")


def test_figures() -> None:
    assert (yuan(Decimal("860000.50")), yuan(-860000), yuan(None), yuan("x")) == (
        "860,000.50",
        "−860,000",
        "",
        "",
    )
    assert (wan(860000), wan(12345678)) == ("86.0", "1,234.6")
    assert (money(5000), money(860000), money(120000000)) == ("5,000元", "86万", "1.2亿")
    assert (capped(99, 99), capped(100, 99)) == ("99", "99+")
