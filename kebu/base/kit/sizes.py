"""Size bands of a company by people and by yearly revenue: every number lies in exactly one band of each."""

import re
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kebu.base.kit.errors import Unreadable
from kebu.base.kit.money import AmountRange, parse_amount_range
from kebu.base.kit.text import fold


class Band(NamedTuple):
    """Sizes from `low` up to, but not including, `high` (None: no end); revenue in 元."""

    code: str
    label: str | Promise
    low: int
    high: int | None


HEADCOUNTS = (
    Band("lt50", gettext_lazy("50人以下"), 0, 50),
    Band("50_100", gettext_lazy("50-100人"), 50, 100),
    Band("100_500", gettext_lazy("100-500人"), 100, 500),
    Band("500_1000", gettext_lazy("500-1000人"), 500, 1000),
    Band("gte1000", gettext_lazy("1000人以上"), 1000, None),
)
REVENUES = (
    Band("lt5m", gettext_lazy("500万以下"), 0, 5_000_000),
    Band("5m_20m", gettext_lazy("500万-2000万"), 5_000_000, 20_000_000),
    Band("20m_100m", gettext_lazy("2000万-1亿"), 20_000_000, 100_000_000),
    Band("100m_500m", gettext_lazy("1亿-5亿"), 100_000_000, 500_000_000),
    Band("500m_1b", gettext_lazy("5亿-10亿"), 500_000_000, 1_000_000_000),
    Band("gte1b", gettext_lazy("10亿以上"), 1_000_000_000, None),
)
_PEOPLE = re.compile(
    "员工总?数?|人数|规模|在职|公司|现有|共|大约|大概|约|近|左右|[余多几]|[人名位]|员工|企业|:"
)
_RANGE_SIGNS = re.compile("[~～‐-―−至到]")
_PEOPLE_SIGN = re.compile("[人名]|员工")
_REVENUE_NOISE = re.compile("年?(?:营业?收入?|销售额|产值|营业额)|年|约|[余多]|:")
_MONEY_SIGN = re.compile("[万亿元¥￥]|营收|收入|销售额|产值|营业额")
_BOTH = re.compile("[/、,，;；|\n]")


@lru_cache(maxsize=4096)
def parse_headcount(text: str) -> str:
    """Code of the headcount band: 100-500人, 约300人, 300, 员工500余人, 1000人以上."""
    plain = _RANGE_SIGNS.sub("-", fold(text).replace(" ", ""))
    try:
        bounds = parse_amount_range(_PEOPLE.sub("", plain))
    except Unreadable:
        bounds = AmountRange(None, None)
    found = _band(HEADCOUNTS, bounds)
    if found is None or _MONEY_SIGN.search(plain.replace("万人", "")):
        raise Unreadable(_("“%(text)s”看不出人数，请写成100-500人或320人这样") % {"text": text.strip()[:30]})
    return found


@lru_cache(maxsize=4096)
def parse_revenue(text: str) -> str:
    """Code of the revenue band: 5000万, 1.2亿元, 年营收2000万-1亿, 10亿以上."""
    plain = _RANGE_SIGNS.sub("-", fold(text).replace(" ", ""))
    try:
        bounds = parse_amount_range(_REVENUE_NOISE.sub("", plain))
    except Unreadable:
        bounds = AmountRange(None, None)
    found = _band(REVENUES, bounds)
    if found is None:
        raise Unreadable(
            _("“%(text)s”看不出年营收，请写成2000万-1亿或5000万这样") % {"text": text.strip()[:30]}
        )
    return found


@lru_cache(maxsize=4096)
def parse_size(text: str) -> tuple[str | None, str | None]:
    """(headcount code, revenue code) of a column that may hold either or both: 100-500人/5000万.

    A bare number means people.
    """
    headcount: str | None = None
    revenue: str | None = None
    for piece in _BOTH.split(re.sub(r"(?<=\d)[,，](?=\d{3})", "", text)):
        plain = fold(piece)
        if not plain:
            continue
        if _MONEY_SIGN.search(plain) and not _PEOPLE_SIGN.search(plain):
            revenue = parse_revenue(plain)
        else:
            headcount = parse_headcount(plain)
    return headcount, revenue


def _band(bands: tuple[Band, ...], bounds: AmountRange) -> str | None:
    """The band of a number or a range; of a range that spans several, the band of its middle."""
    low, high = bounds
    if low is not None:
        point = low if high is None or low == high else (low + high) / 2
    elif high is not None:
        point = max(high - 1, Decimal(0))
    else:
        return None
    return next(band.code for band in bands if band.low <= point and (band.high is None or point < band.high))
