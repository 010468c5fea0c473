"""Days told by the festivals: 年前, 节后, 国庆后, 元旦."""

import datetime as dt
from functools import lru_cache

from lunar_python import Lunar, Solar

DAY = dt.timedelta(days=1)
# name → how many days the holiday lasts, as the state gives them most years
LENGTHS = {"元旦": 1, "春节": 8, "清明": 1, "五一": 5, "端午": 1, "中秋": 1, "国庆": 7}
ALIASES = {"十一": "国庆", "劳动": "五一", "过年": "春节", "年": "春节", "新年": "元旦"}
_LUNAR = {"端午": (5, 5), "中秋": (8, 15)}


@lru_cache(maxsize=64)
def first_day(name: str, year: int) -> dt.date:
    """The first free day of the holiday; of 春节 that is 除夕."""
    if name == "清明":
        return _of_solar(Lunar.fromYmd(year, 1, 1).getJieQiTable()["清明"])
    if name == "春节":
        return _of_solar(Lunar.fromYmd(year, 1, 1).getSolar()) - DAY
    if name in _LUNAR:
        return _of_solar(Lunar.fromYmd(year, *_LUNAR[name]).getSolar())
    month, day = {"元旦": (1, 1), "五一": (5, 1), "国庆": (10, 1)}[name]
    return dt.date(year, month, day)


def _of_solar(day: Solar) -> dt.date:
    return dt.date(day.getYear(), day.getMonth(), day.getDay())


def next_first_day(name: str, today: dt.date) -> dt.date:
    """The coming one; the holiday under way counts until its last day."""
    for year in (today.year, today.year + 1):
        first = first_day(name, year)
        if first + (LENGTHS[name] - 1) * DAY >= today:
            return first
    return first_day(name, today.year + 1)


def next_festival(today: dt.date) -> str:
    """Which holiday comes next, or is under way."""
    return min(LENGTHS, key=lambda name: next_first_day(name, today))


def told_by_festival(name: str, side: str, today: dt.date) -> dt.date | None:
    """The day meant by a holiday with 前, 后 or nothing behind it; 节 and 假 mean the next one."""
    known = next_festival(today) if name in ("节", "假", "假期", "长假") else ALIASES.get(name, name)
    if known not in LENGTHS:
        return None
    first = next_first_day(known, today)
    if side == "前":
        return _weekday(first - DAY, -1)
    if side == "后":
        return _weekday(first + LENGTHS[known] * DAY, 1)
    return first + DAY if known == "春节" else first


def _weekday(day: dt.date, step: int) -> dt.date:
    """The day itself, or the next one in that direction that is no Saturday or Sunday."""
    while day.weekday() > 4:
        day += step * DAY
    return day
