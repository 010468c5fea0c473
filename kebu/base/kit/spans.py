"""Stretches of days told from today: 今天, 本季度, 近3个月, 30天以前, 下周."""

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kebu.base.kit.chinese_numbers import digits_for_words
from kebu.base.kit.months import months_later

Days = tuple[dt.date | None, dt.date | None]
DAY = dt.timedelta(days=1)
MOST_DAYS = 3660
FIXED: dict[str, Promise] = {
    "today": gettext_lazy("今天"),
    "yesterday": gettext_lazy("昨天"),
    "tomorrow": gettext_lazy("明天"),
    "this_week": gettext_lazy("本周"),
    "last_week": gettext_lazy("上周"),
    "next_week": gettext_lazy("下周"),
    "this_month": gettext_lazy("本月"),
    "last_month": gettext_lazy("上月"),
    "next_month": gettext_lazy("下月"),
    "this_quarter": gettext_lazy("本季度"),
    "last_quarter": gettext_lazy("上季度"),
    "next_quarter": gettext_lazy("下季度"),
    "this_year": gettext_lazy("今年"),
    "last_year": gettext_lazy("去年"),
    "next_year": gettext_lazy("明年"),
    "overdue": gettext_lazy("已逾期"),
}
COUNTED: dict[str, Promise] = {
    "last": gettext_lazy("近%(count)s"),
    "next": gettext_lazy("%(count)s内"),
    "before": gettext_lazy("%(count)s以前"),
    "after": gettext_lazy("%(count)s以后"),
    "quiet": gettext_lazy("%(count)s未联系"),
}
UNITS: dict[str, tuple[Promise, int]] = {
    "": (gettext_lazy("%(n)d天"), 1),
    "w": (gettext_lazy("%(n)d周"), 7),
    "m": (gettext_lazy("%(n)d个月"), 31),
    "y": (gettext_lazy("%(n)d年"), 366),
}
STATES = frozenset({"overdue", "quiet"})
"""What is said of a thing rather than of the days it lies in."""

_COUNTED = re.compile(r"(last|next|before|after|quiet)(\d{1,4})([wmy]?)")
_SAID = re.compile(
    r"(?:(?P<last>近|最近|过去)|(?P<next>未来|今后|接下来)|超过)?"
    r"(?P<n>\d{1,4})(?P<unit>天|日|个?(?:星期|礼拜)|周|个?月|年)"
    r"(?P<end>内|之内|以内|以前|之前|前|以后|之后|后|(?:未|没|没有)(?:联系|跟进))?"
)
_SAID_UNITS = {"天": "", "日": "", "星": "w", "礼": "w", "周": "w", "月": "m", "年": "y"}
_SAID_ENDS = {"内": "next", "前": "before", "后": "after", "系": "quiet", "进": "quiet"}
_SAID_FIXED = {
    "这周": "this_week", "这个月": "this_month", "当月": "this_month", "上个月": "last_month",
    "下个月": "next_month", "本年": "this_year", "逾期": "overdue", "上个季度": "last_quarter",
    "下个季度": "next_quarter", "这个季度": "this_quarter", "这星期": "this_week", "本星期": "this_week",
    "这个星期": "this_week", "上星期": "last_week", "上个星期": "last_week", "下星期": "next_week",
    "下个星期": "next_week", "这个礼拜": "this_week", "上个礼拜": "last_week", "下个礼拜": "next_week",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of days by its ``way`` (today, last …), counted ones with a number and a unit."""

    way: str
    count: int = 0
    unit: str = ""

    def __str__(self) -> str:
        """As addresses write it: this_week, last3m, before30."""
        return f"{self.way}{self.count}{self.unit}" if self.count else self.way

    @property
    def words(self) -> str:
        """As people write it: 本周, 近3个月, 30天以前."""
        if not self.count:
            return str(FIXED[self.way])
        return str(COUNTED[self.way]) % {"count": str(UNITS[self.unit][0]) % {"n": self.count}}

    @property
    def is_state(self) -> bool:
        return self.way in STATES

    def days(self, today: dt.date) -> Days:
        """The first and the last day, both included; None is open."""
        if self.count:
            return _counted(self, today)
        return _FIXED_DAYS[self.way](today)


def read_span(text: str) -> Span | None:
    """The stretch an address or a person names, None for anything else."""
    plain = text.strip()
    if plain in FIXED:
        return Span(plain)
    if match := _COUNTED.fullmatch(plain):
        return _bounded(match[1], int(match[2]), match[3])
    return _said(plain.replace(" ", ""))


def _bounded(way: str, count: int, unit: str) -> Span | None:
    return Span(way, count, unit) if 0 < count * UNITS[unit][1] <= MOST_DAYS else None


def _said(text: str) -> Span | None:
    for name, words in FIXED.items():
        if text == str(words):
            return Span(name)
    if text in _SAID_FIXED:
        return Span(_SAID_FIXED[text])
    match = _SAID.fullmatch(digits_for_words(text.replace("半年", "6个月")))
    way = _way(match) if match else ""
    if match is None or not way:
        return None
    return _bounded(way, int(match["n"]), _SAID_UNITS[match["unit"].removeprefix("个")[0]])


def _way(match: re.Match[str]) -> str:
    """近…, …内, …以前: exactly one side says it, save 近3天内; 超过 goes with 未联系 alone."""
    end = _SAID_ENDS[match["end"][-1]] if match["end"] else ""
    if match["last"] or match["next"]:
        return ("last" if match["last"] else "next") if end in ("", "next") else ""
    return end if end == "quiet" or not match.string.startswith("超过") else ""


def _counted(span: Span, today: dt.date) -> Days:
    sign = 1 if span.way in ("next", "after") else -1
    far = _shifted(today, sign * span.count, span.unit)
    return {
        "last": (far + DAY, today),
        "next": (today, far),
        "before": (None, far),
        "after": (far, None),
        "quiet": (None, far - DAY),
    }[span.way]


def _shifted(day: dt.date, count: int, unit: str) -> dt.date:
    """So many days, weeks, months, years away; the 31st falls on the last day of a short month."""
    if unit in ("", "w"):
        return day + count * UNITS[unit][1] * DAY
    return months_later(day, count * (12 if unit == "y" else 1))


def _week(today: dt.date, away: int) -> Days:
    monday = today + (7 * away - today.weekday()) * DAY
    return monday, monday + 6 * DAY


def _months(today: dt.date, size: int, away: int) -> Days:
    """The month, quarter or year (of 1, 3, 12 months) around today, or one so many further."""
    first = _shifted(dt.date(today.year, (today.month - 1) // size * size + 1, 1), away * size, "m")
    return first, _shifted(first, size, "m") - DAY


_FIXED_DAYS: dict[str, Callable[[dt.date], Days]] = {
    "today": lambda today: (today, today),
    "yesterday": lambda today: (today - DAY, today - DAY),
    "tomorrow": lambda today: (today + DAY, today + DAY),
    "this_week": lambda today: _week(today, 0),
    "last_week": lambda today: _week(today, -1),
    "next_week": lambda today: _week(today, 1),
    "this_month": lambda today: _months(today, 1, 0),
    "last_month": lambda today: _months(today, 1, -1),
    "next_month": lambda today: _months(today, 1, 1),
    "this_quarter": lambda today: _months(today, 3, 0),
    "last_quarter": lambda today: _months(today, 3, -1),
    "next_quarter": lambda today: _months(today, 3, 1),
    "this_year": lambda today: _months(today, 12, 0),
    "last_year": lambda today: _months(today, 12, -1),
    "next_year": lambda today: _months(today, 12, 1),
    "overdue": lambda today: (None, today - DAY),
}


def days_in_words(first: dt.date | None, last: dt.date | None) -> str:
    """2026-01-01至2026-03-31, one day as itself, an open end as 起 or 为止."""
    if first and last:
        return first.isoformat() if first == last else f"{first.isoformat()}至{last.isoformat()}"
    if first:
        return _("%(day)s起") % {"day": first.isoformat()}
    return _("到%(day)s为止") % {"day": last.isoformat() if last else ""}
