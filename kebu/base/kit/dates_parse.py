"""Reading a day that is written out, with or without its year."""

import datetime as dt
import re
from calendar import monthrange
from functools import lru_cache
from typing import Literal

from django.utils.translation import gettext as _

from kebu.base.kit.dates_relative import read_relative_day
from kebu.base.kit.errors import Unreadable

Prefer = Literal["past", "future"]

_FULL = re.compile(r"(\d{4})\s*[-/.年_]\s*(\d{1,2})\s*[-/.月_]\s*(\d{1,2})\s*[日号]?")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_SHORT_YEAR = re.compile(r"(\d{1,2})([-/.年])(\d{1,2})[-/.月](\d{1,2})[日号]?")
_NO_YEAR = re.compile(r"(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*[日号]?")
_NAMED_YEAR = re.compile(r"(前年|去年|今年|明年|后年)(\d{1,2})[-/.月](\d{1,2})[日号]?")
_MONTH_ONLY = re.compile(r"\d{4}[-/.年]\d{1,2}月?(?:份)?")
_YEARS = {"前年": -2, "去年": -1, "今年": 0, "明年": 1, "后年": 2}
_NOISE = re.compile(r"^[约于在]|[前后左右]{2}$|\(?(?:周|星期|礼拜)[一二三四五六日天]\)?$")


def read_day(text: str, today: dt.date, prefer: Prefer) -> dt.date:
    """The day written in a folded text without time; see parse_date."""
    if match := _FULL.fullmatch(text) or _COMPACT.fullmatch(text):
        return checked_day(int(match[1]), int(match[2]), int(match[3]))
    return _read_cached(text, today, prefer)


@lru_cache(maxsize=4096)
def _read_cached(text: str, today: dt.date, prefer: Prefer) -> dt.date:
    if (day := read_relative_day(text, today, prefer)) is not None:
        return checked_day(day.year, day.month, day.day)
    trimmed = _NOISE.sub("", text).strip()
    if trimmed != text and trimmed:
        return read_day(trimmed, today, prefer)
    if match := _SHORT_YEAR.fullmatch(text):
        return _with_short_year(match, text, today)
    if match := _NAMED_YEAR.fullmatch(text):
        return checked_day(today.year + _YEARS[match[1]], int(match[2]), int(match[3]))
    if match := _NO_YEAR.fullmatch(text):
        return _nearest(int(match[1]), int(match[2]), today, prefer)
    if _MONTH_ONLY.fullmatch(text):
        raise Unreadable(_("“%(text)s”缺少日，请写成2024-03-05这样的格式") % {"text": text})
    raise unreadable_day(text)


def unreadable_day(text: str) -> Unreadable:
    """The refusal of something in which no day can be seen."""
    return Unreadable(_("“%(text)s”看不出是哪一天，请写成2024-03-05这样的格式") % {"text": text.strip()[:30]})


def _with_short_year(match: re.Match[str], text: str, today: dt.date) -> dt.date:
    """24/3/5 has its year first; 3/4/24 could be anything."""
    first, sign, second, third = match.groups()
    if sign != "年" and int(first) <= 12:
        raise Unreadable(_("“%(text)s”看不出年月日的顺序，请写成2024-03-05这样的格式") % {"text": text})
    century = today.year // 100 * 100 if today.year > 100 else 2000
    return checked_day(century + int(first), int(second), int(third))


def _nearest(month: int, day: int, today: dt.date, prefer: Prefer) -> dt.date:
    """The last (or next) day of this month and number, today included; 29 February looks for a leap year."""
    _check_month_and_day(None, month, day)
    step = -1 if prefer == "past" else 1
    for year in range(today.year, today.year + 9 * step, step):
        if day <= monthrange(year, month)[1]:
            found = dt.date(year, month, day)
            if (found <= today) if prefer == "past" else (found >= today):
                return found
    raise unreadable_day(f"{month}-{day}")


@lru_cache(maxsize=16384)
def checked_day(year: int, month: int, day: int) -> dt.date:
    """The day, if it exists and lies in the years that are taken."""
    if not 1900 <= year <= 2100:
        raise Unreadable(_("没有%(year)s年，年份要在1900到2100之间") % {"year": year})
    _check_month_and_day(year, month, day)
    return dt.date(year, month, day)


def _check_month_and_day(year: int | None, month: int, day: int) -> None:
    """Refuses what no calendar has; without a year February may have 29 days."""
    if not 1 <= month <= 12:
        text = _("没有%(month)s月，月份要在1到12之间，请写成2024-03-05这样的格式")
        raise Unreadable(text % {"month": month})
    if not 1 <= day <= monthrange(year or 2000, month)[1]:
        if year is None:
            raise Unreadable(_("%(month)s月没有%(day)s日，请改正") % {"month": month, "day": day})
        raise Unreadable(_("%(year)s年%(month)s月没有%(day)s日") % {"year": year, "month": month, "day": day})
