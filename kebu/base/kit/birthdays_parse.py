"""Reading a birthday out of a text or a cell, and the names of lunar months and days."""

import datetime as dt
import re
from typing import NamedTuple

from django.utils.translation import gettext as _

from kebu.base.kit.chinese_numbers import digits_for_words
from kebu.base.kit.errors import Unreadable
from kebu.base.kit.text import fold

_MONTHS = ("正月", "二月", "三月", "四月", "五月", "六月", "七月", "八月", "九月", "十月", "冬月", "腊月")
_ONES = "十一二三四五六七八九"
_LUNAR_WORD = re.compile(r"\(?(?:农历|阴历|旧历|古历|lunar)\)?|\(农\)", re.IGNORECASE)
_SOLAR_WORD = re.compile(r"\(?(?:公历|阳历|新历|国历)\)?")
_LUNAR_SIGN = re.compile("正月|冬月|腊月|闰|初[一二三四五六七八九十\\d]|廿|卅")
_DATE = re.compile(r"(?:(\d{4}|\d{2})[-/.年])?(闰)?(\d{1,2})[-/.月](\d{1,2})[日号]?")
_COMPACT = re.compile(r"(\d{4})()(\d{2})(\d{2})")
_TIME = re.compile(r"[T ]\d{1,2}:\d{2}(?::\d{2})?(?:\.\d+)?$")
_FIRST_SERIAL, _LAST_SERIAL = 3654, 73050  # 1910 to 2099


class BirthdayParts(NamedTuple):
    """The fields of a Birthday in their order."""

    month: int
    day: int
    year: int | None
    is_lunar: bool
    is_leap: bool


def read_birthday(text: object) -> BirthdayParts:
    """What is written, not yet checked against the calendar."""
    if isinstance(text, dt.date):
        return BirthdayParts(text.month, text.day, text.year, False, False)
    plain = fold(str(text)).lower()
    serial = plain.removesuffix(".0")
    if len(serial) < 6 and serial.isdigit() and _FIRST_SERIAL <= int(serial) <= _LAST_SERIAL:
        day = dt.date(1899, 12, 30) + dt.timedelta(days=int(serial))
        return BirthdayParts(day.month, day.day, day.year, False, False)
    bare, lunar_words = _LUNAR_WORD.subn("", plain)
    is_lunar = bool(lunar_words or _LUNAR_SIGN.search(plain))
    bare = _in_digits(_TIME.sub("", _SOLAR_WORD.sub("", bare)).replace(" ", ""))
    match = _DATE.fullmatch(bare) or _COMPACT.fullmatch(bare)
    if not match:
        raise Unreadable(
            _("“%(text)s”看不出生日，请写成1988-03-05、3月5日或农历八月十五这样的格式")
            % {"text": str(text).strip()[:30]}
        )
    year, leap, month, number = match.groups()
    return BirthdayParts(int(month), int(number), _full_year(year), is_lunar, bool(leap))


def _in_digits(text: str) -> str:
    for number, name in enumerate(_MONTHS, 1):
        if number in (1, 11, 12):
            text = text.replace(name, f"{number}月")
    text = re.sub("廿([一二三四五六七八九])", "二十\\1", text.replace("初", "")).replace("廿", "二十")
    return digits_for_words(text.replace("卅", "三十"))


def _full_year(year: str | None) -> int | None:
    """Two digits from 30 on are of the last century."""
    if year is None:
        return None
    return int(year) if len(year) == 4 else int(year) + (1900 if int(year) >= 30 else 2000)


def lunar_month_name(month: int) -> str:
    """正月 to 腊月."""
    return _MONTHS[month - 1]


def lunar_day_name(day: int) -> str:
    """初一 to 三十."""
    if day in (10, 20, 30):
        return {10: "初十", 20: "二十", 30: "三十"}[day]
    return ("初", "十", "廿")[day // 10] + _ONES[day % 10]
