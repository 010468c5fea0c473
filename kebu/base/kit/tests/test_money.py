"""Amounts and ranges in 元."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kebu.base.kit.chinese_numbers import digits_for_words
from kebu.base.kit.errors import KitError, Unreadable
from kebu.base.kit.money import (
    AmountRange,
    format_amount,
    format_amount_range,
    parse_amount,
    parse_amount_range,
)


@pytest.mark.parametrize(
    ("written", "low", "high", "shown"),
    [
        ("10万-20万", 100_000, 200_000, "10–20万"),
        ("50-80万", 500_000, 800_000, "50–80万"),
        ("５０－８０万", 500_000, 800_000, "50–80万"),
        ("30万~50万元", 300_000, 500_000, "30–50万"),
        ("十五万到二十万", 150_000, 200_000, "15–20万"),
        ("100000-200000", 100_000, 200_000, "10–20万"),
        ("500元-1万", 500, 10_000, "500元–1万"),
        ("5元–9万", 5, 90_000, "5元–9万"),
        ("5000-1万", 5_000, 10_000, "5,000元–1万"),
        ("8000万-1.2亿", 80_000_000, 120_000_000, "8,000万–1.2亿"),
        ("10-20", 10, 20, "10–20元"),
        ("1.2亿", 120_000_000, 120_000_000, "1.2亿"),
        ("约50万", 500_000, 500_000, "50万"),
        ("50w左右", 500_000, 500_000, "50万"),
        ("三十万", 300_000, 300_000, "30万"),
        ("3百万", 3_000_000, 3_000_000, "300万"),
        ("五千万", 50_000_000, 50_000_000, "5,000万"),
        ("5000元", 5_000, 5_000, "5,000元"),
        ("¥120,000", 120_000, 120_000, "12万"),
        ("20万以内", None, 200_000, "20万以内"),
        ("5万以下", None, 50_000, "5万以内"),
        ("不超过20万", None, 200_000, "20万以内"),
        ("30万以上", 300_000, None, "30万以上"),
        ("≥30万", 300_000, None, "30万以上"),
        ("待定", None, None, ""),
        ("面议", None, None, ""),
    ],
)
def test_ranges(written: str, low: int | None, high: int | None, shown: str) -> None:
    bounds = parse_amount_range(written)
    assert (bounds.min, bounds.max) == (low, high)
    assert format_amount_range(bounds) == shown


@pytest.mark.parametrize(
    ("written", "fault"),
    [
        ("20万-10万", "下限大于上限"),
        ("几十万", "看不出金额"),
        ("-5万", "看不出金额"),
        ("abc", "看不出金额"),
        ("1万万", "看不出金额"),
        ("20万以上以内", "看不出金额"),
        ("99999999亿", "超过10万亿"),
        ("9" * 1_000_000 + "亿", "超过10万亿"),
    ],
)
def test_refusals(written: str, fault: str) -> None:
    with pytest.raises(Unreadable, match=fault):
        parse_amount_range(written)


def test_one_amount_is_no_range() -> None:
    assert parse_amount("1,234.5元") == Decimal("1234.50")
    with pytest.raises(Unreadable, match="不是一个金额"):
        parse_amount("10-20万")


@pytest.mark.parametrize(
    ("amount", "shown"),
    [
        ("0", "0元"),
        ("123456", "123,456元"),
        ("123400", "12.34万"),
        ("800000", "80万"),
        ("1234567890", "1,234,567,890元"),
        ("12345.60", "12,345.6元"),
        ("-30000", "−3万"),
    ],
)
def test_amounts_lose_no_digit(amount: str, shown: str) -> None:
    assert format_amount(Decimal(amount)) == shown


amounts = st.decimals(min_value=0, max_value=10**12, places=2).map(
    lambda amount: amount.quantize(Decimal("0.01"))
)


@given(amounts, amounts)
def test_what_is_shown_reads_as_what_was_kept(one: Decimal, other: Decimal) -> None:
    bounds = AmountRange(min(one, other), max(one, other))
    assert parse_amount_range(format_amount_range(bounds)) == bounds


@given(st.text(alphabet="0123456789.,万亿元-~十百千k以内上¥ ", max_size=14))
def test_any_text_is_read_or_refused(written: str) -> None:
    try:
        bounds = parse_amount_range(written)
    except KitError:
        return
    assert bounds.min is None or bounds.max is None or bounds.min <= bounds.max


@pytest.mark.parametrize(
    ("words", "digits"),
    [
        ("十二", "12"),
        ("三百二十", "320"),
        ("两百五", "250"),
        ("一千零五", "1005"),
        ("二〇二四年", "2024年"),
        ("3百万", "3百万"),
    ],
)
def test_numbers_in_words(words: str, digits: str) -> None:
    assert digits_for_words(words) == digits


@pytest.mark.parametrize("currency", ["元", "港元", "USD"])
def test_the_house_counts_in_one_currency(settings: Any, currency: str) -> None:
    settings.KEBU_CURRENCY, shown = currency, f"8,765{currency}"
    assert format_amount(Decimal(8765)) == shown
    assert format_amount(Decimal(870_000)) == "87万"
    parse_amount_range.cache_clear()
    assert parse_amount(shown) == 8765
    both = parse_amount_range(f"30万{currency}-87万{currency}")
    assert both == AmountRange(Decimal(300_000), Decimal(870_000))
    parse_amount_range.cache_clear()
