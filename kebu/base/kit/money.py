"""Amounts in 元, or what the house counts in: ranges as people write a budget, amounts in a list."""

import re
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from django.conf import settings
from django.utils.translation import gettext as _

from kebu.base.kit.chinese_numbers import digits_for_words
from kebu.base.kit.errors import Unreadable
from kebu.base.kit.text import fold

LIMIT = Decimal(10) ** 13
MOST_DIGITS = 60
_UNITS = {
    "": 1, "元": 1, "千": 10**3, "k": 10**3, "万": 10**4, "w": 10**4, "十万": 10**5, "百万": 10**6,
    "m": 10**6, "千万": 10**7, "亿": 10**8, "十亿": 10**9, "百亿": 10**10, "千亿": 10**11, "万亿": 10**12,
}  # fmt: skip
_AMOUNT = r"(\d+(?:\.\d+)?)([十百千]?万|[十百千万]?亿|[千kwm元])?多?"
_RANGE = re.compile(rf"{_AMOUNT}(?:-+|至|到){_AMOUNT}")
_SINGLE = re.compile(_AMOUNT)
_AT_MOST = re.compile(
    "^(?:不超过|不高于|不大于|至多|最多|低于|小于|少于|<=?|≤)|(?:以内|以下|之内|之下|封顶|内)$"
)
_AT_LEAST = re.compile(
    r"^(?:不低于|不少于|不小于|至少|最少|超过|高于|大于|多于|>=?|≥)|(?:以上|之上|起步|起|\+)$"
)
_NOISE = re.compile(r"[\s,，]|人民币|预算|金额|大约|大概|左右|上下|约|rmb|cny|[¥￥整]|年|(?<!\d)元")
_RANGE_SIGNS = re.compile("[~～‐-―−]")
_UNKNOWN = {
    "",
    "-",
    "--",
    "无",
    "未知",
    "不详",
    "待定",
    "未定",
    "面议",
    "待确认",
    "暂无",
    "n/a",
    "保密",
    "不限",
}


class AmountRange(NamedTuple):
    """A range in 元; a missing bound is open. Both None: nothing is known."""

    min: Decimal | None
    max: Decimal | None


@lru_cache(maxsize=16384)
def parse_amount_range(text: str) -> AmountRange:
    """10万-20万, 50-80万, 1.2亿, 20万以内, 30万以上, 约50万, 100000-200000 … in 元.

    A bare number is an amount in 元; 50-80万 means both in 万. 待定, 面议 and the like give an empty range.
    """
    plain = fold(text).lower().replace(currency().lower(), "元")
    plain = plain.replace("圆", "元").replace("块钱", "元").replace("块", "元")
    plain = _NOISE.sub("", _RANGE_SIGNS.sub("-", plain)).replace("多元", "多")
    if plain in _UNKNOWN:
        return AmountRange(None, None)
    plain = digits_for_words(plain)
    if match := _RANGE.fullmatch(plain):
        return _between(match, text)
    return _one_sided(plain, text)


def _between(match: re.Match[str], text: str) -> AmountRange:
    low, low_unit, high, high_unit = match.groups()
    if not low_unit and high_unit and Decimal(low) < Decimal(high):
        low_unit = high_unit
    bounds = AmountRange(_amount(low, low_unit), _amount(high, high_unit))
    if bounds.min is not None and bounds.max is not None and bounds.min > bounds.max:
        raise Unreadable(_("“%(text)s”的下限大于上限，请对调") % {"text": text.strip()})
    return bounds


def _one_sided(plain: str, text: str) -> AmountRange:
    bare, at_most = _AT_MOST.subn("", plain)
    bare, at_least = _AT_LEAST.subn("", bare)
    match = _SINGLE.fullmatch(bare)
    if not match or (at_most and at_least):
        raise Unreadable(
            _("“%(text)s”看不出金额，请写成10万-20万、20万以内或50000这样") % {"text": text.strip()[:30]}
        )
    amount = _amount(match[1], match[2])
    return AmountRange(None if at_most else amount, None if at_least else amount)


def _amount(number: str, unit: str | None) -> Decimal:
    amount = (Decimal(number) if len(number) <= MOST_DIGITS else LIMIT) * _UNITS[unit or ""]
    if amount >= LIMIT:
        raise Unreadable(_("金额超过10万亿元，请核对单位"))
    return amount.quantize(Decimal("0.01")) if amount % 1 else amount.quantize(Decimal(1))


def currency() -> str:
    """The one currency of the house, as it stands behind a figure (D1)."""
    return str(settings.KEBU_CURRENCY)


def parse_amount(text: str) -> Decimal:
    """One amount in 元 (5000, 5,000.50元, 1.2万)."""
    bounds = parse_amount_range(text)
    if bounds.min is None or bounds.min != bounds.max:
        raise Unreadable(_("“%(text)s”不是一个金额，请写成50000或5万这样") % {"text": text.strip()[:30]})
    return bounds.min


def format_amount(amount: Decimal) -> str:
    """80万, 1.2亿, 5,000元: in 亿 or 万 where two decimals suffice, else in 元 to the last digit."""
    number, unit = _scaled(amount)
    return number + unit


def format_amount_range(bounds: AmountRange) -> str:
    """80–90万, 5,000元–1万, 30万以上, 20万以内; empty when nothing is known."""
    low, high = bounds
    if low is None and high is None:
        return ""
    if low is None or high is None:
        side = _("%(amount)s以内") if low is None else _("%(amount)s以上")
        return side % {"amount": format_amount(high if low is None else low)}  # type: ignore[arg-type]
    if low == high:
        return format_amount(low)
    (low_number, low_unit), (high_number, high_unit) = _scaled(low), _scaled(high)
    return f"{low_number}{'' if low_unit == high_unit else low_unit}–{high_number}{high_unit}"


def _scaled(amount: Decimal) -> tuple[str, str]:
    sign, size = ("−" if amount < 0 else ""), abs(amount)
    for unit, scale in (("亿", 10**8), ("万", 10**4)):
        scaled = size / scale
        if size >= scale and scaled == round(scaled, 2):
            return sign + _grouped(scaled), unit
    return sign + _grouped(size), currency()


def _grouped(number: Decimal) -> str:
    shown = f"{number:,.2f}"
    return shown.rstrip("0").rstrip(".")
