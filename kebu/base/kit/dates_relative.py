"""Days told from today: 昨天, 下周三, 3天后, 下月5号, 月底."""

import datetime as dt
import re

from kebu.base.kit.chinese_numbers import digits_for_words
from kebu.base.kit.months import month_end, months_later

_NAMED = {
    "大前天": -3, "前天": -2, "昨天": -1, "昨日": -1, "今天": 0, "今日": 0, "当天": 0, "今": 0,
    "明天": 1, "明日": 1, "后天": 2, "大后天": 3,
}  # fmt: skip
_WEEKDAY = re.compile("(上上|上|本|这|下下|下)?(?:个)?(?:周|星期|礼拜)([一二三四五六日天1-7])")
_WEEKS = {"上上": -2, "上": -1, "本": 0, "这": 0, "下": 1, "下下": 2}
_DISTANCE = re.compile("(\\d{1,3})个?(天|日|周|星期|礼拜|月|年)(?:之|以)?(前|后)")
_MONTH_DAY = re.compile("(上|本|这|下)?个?(?:月)?(\\d{1,2})[号日]")
_MONTH_END = re.compile("(上|本|这|下)?个?月底")
_MONTHS = {"上": -1, "本": 0, "这": 0, "下": 1}


def read_relative_day(text: str, today: dt.date, prefer: str) -> dt.date | None:
    """The day meant, None if the text is not told from today or the day does not exist."""
    if text in _NAMED:
        return today + dt.timedelta(days=_NAMED[text])
    if match := _WEEKDAY.fullmatch(text):
        return _weekday(match, today, prefer)
    plain = digits_for_words(text.replace("半年", "6个月").replace("半个月", "15天"))
    if match := _DISTANCE.fullmatch(plain):
        return _distance(int(match[1]), match[2], match[3], today)
    if match := _MONTH_DAY.fullmatch(plain):
        return _month_day(match[1], int(match[2]), today, prefer)
    if match := _MONTH_END.fullmatch(plain):
        return month_end(months_later(today, _MONTHS[match[1] or "本"]))
    return None


def _weekday(match: re.Match[str], today: dt.date, prefer: str) -> dt.date:
    number = "一二三四五六日".find(match[2].replace("天", "日"))
    number = number if number >= 0 else int(match[2]) - 1
    day = today + dt.timedelta(days=number - today.weekday())
    if match[1]:
        return day + dt.timedelta(weeks=_WEEKS[match[1]])
    if prefer == "past" and day > today:
        return day - dt.timedelta(weeks=1)
    return day + dt.timedelta(weeks=1) if prefer == "future" and day < today else day


def _distance(number: int, unit: str, side: str, today: dt.date) -> dt.date:
    number = -number if side == "前" else number
    if unit in ("天", "日"):
        return today + dt.timedelta(days=number)
    if unit in ("周", "星期", "礼拜"):
        return today + dt.timedelta(weeks=number)
    return months_later(today, number * (12 if unit == "年" else 1))


def _month_day(month: str | None, day: int, today: dt.date, prefer: str) -> dt.date | None:
    shift = _MONTHS[month or "本"]
    if month is None:
        if prefer == "past" and day > today.day:
            shift = -1
        elif prefer == "future" and day < today.day:
            shift = 1
    first = months_later(today.replace(day=1), shift)
    if not 1 <= day <= month_end(first).day:
        return None
    return first.replace(day=day)
