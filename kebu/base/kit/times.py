"""The time of day at the end of a text: 10:30, 10点半, 下午3点20分; and 2小时前, 刚刚."""

import datetime as dt
import re

from django.utils.translation import gettext as _

from kebu.base.kit.chinese_numbers import digits_for_words
from kebu.base.kit.errors import Unreadable

_PARTS = "凌晨|清晨|早上|早晨|上午|中午|下午|傍晚|晚上|晚|夜里|am|pm|早"
_CLOCK = re.compile(
    rf"[T\s]*({_PARTS})?\s*(\d{{1,2}}):(\d{{1,2}})(?::(\d{{1,2}})(?:\.\d+)?)?\s*(am|pm)?$", re.IGNORECASE
)
_SPOKEN = re.compile(
    rf"\s*({_PARTS})?\s*(\d{{1,2}})[点时](?:(半)|(\d{{1,2}})分?|(1刻|3刻)|整|钟)?$", re.IGNORECASE
)
_AGO = re.compile("(\\d{1,3}|半)个?(分钟?|小时|钟头)(前|后)")
_LATE = {"下午", "傍晚", "晚上", "晚", "夜里", "pm"}


def split_time(text: str) -> tuple[str, dt.time | None]:
    """The text before its time of day, and the time if there is one."""
    if match := _CLOCK.search(text) if ":" in text else None:
        part = (match[1] or match[5] or "").lower()
        return text[: match.start()].strip(), _time(part, int(match[2]), int(match[3]), int(match[4] or 0))
    if "点" not in text and "时" not in text:
        return text, None
    plain = digits_for_words(text)
    if match := _SPOKEN.search(plain):
        minute = 30 if match[3] else int(match[4] or 0) or {"1刻": 15, "3刻": 45}.get(match[5] or "", 0)
        return plain[: match.start()].strip(), _time((match[1] or "").lower(), int(match[2]), minute, 0)
    return text, None


def _time(part: str, hour: int, minute: int, second: int) -> dt.time:
    if (part in _LATE and hour < 12) or (part == "中午" and hour < 3):
        hour += 12
    elif part in ("凌晨", "am") and hour == 12:
        hour = 0
    if hour > 23 or minute > 59 or second > 59:
        raise Unreadable(
            _("没有%(hour)s:%(minute)02d这个时间，请写成14:30") % {"hour": hour, "minute": minute}
        )
    return dt.time(hour, minute, second)


def read_relative_moment(text: str, now: dt.datetime) -> dt.datetime | None:
    """The moment of 刚刚, 半小时前, 20分钟后; None for other texts."""
    if text in ("刚刚", "刚才", "现在", "此刻"):
        return now
    match = _AGO.fullmatch(digits_for_words(text))
    if not match:
        return None
    unit = dt.timedelta(hours=1) if match[2] in ("小时", "钟头") else dt.timedelta(minutes=1)
    distance = unit * (0.5 if match[1] == "半" else int(match[1]))
    return now - distance if match[3] == "前" else now + distance
