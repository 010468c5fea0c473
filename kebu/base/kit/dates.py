"""Days and moments: read in every form people write. A day is a Shanghai day."""

import datetime as dt
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from kebu.base.kit.dates_parse import Prefer, checked_day, read_day, unreadable_day
from kebu.base.kit.errors import Unreadable
from kebu.base.kit.text import fold
from kebu.base.kit.times import read_relative_moment, split_time

__all__ = ["SHANGHAI", "day_bounds", "is_day_alone", "local_day", "over_at", "parse_date", "parse_moment"]

SHANGHAI = ZoneInfo("Asia/Shanghai")
_SERIAL_FIRST, _SERIAL_LAST = 36526, 73050
_EPOCH = dt.datetime(1899, 12, 30)  # noqa: DTZ001 - a cell has no zone


def parse_date(text: object, today: dt.date, prefer: Prefer = "past") -> dt.date:
    """The day meant by a cell or a text.

    Accepts 2024/3/5, 2024.3.5, 2024年3月5日, 20240305, a time behind it, spreadsheet serials (36526 to
    73050), 昨天, 下周三, 3天后. Without a year `prefer` decides: "past" the last such day, "future" the next.
    Raises Unreadable: 2024年2月没有30日.
    """
    if isinstance(text, dt.datetime):
        return local_day(text) if text.tzinfo else text.date()
    if isinstance(text, dt.date):
        return text
    if isinstance(text, (int, float)):
        return _of_serial(text).date()
    plain = fold(str(text))
    if (serial := _serial_in(plain)) is not None:
        return _of_serial(serial).date()
    day_part, _time = split_time(plain)
    return read_day(day_part, today, prefer)


def parse_moment(text: object, now: dt.datetime, prefer: Prefer = "past") -> dt.datetime:
    """The aware moment (Asia/Shanghai) meant: a day with a time, 昨天下午3点, 10:30, 2小时前, 刚刚.

    A day without time begins at 00:00 (see `is_day_alone`), save 今天, which means now.
    """
    now = now.astimezone(SHANGHAI)
    if isinstance(text, dt.datetime):
        return text.astimezone(SHANGHAI) if text.tzinfo else text.replace(tzinfo=SHANGHAI)
    if isinstance(text, dt.date):
        return dt.datetime.combine(text, dt.time(), SHANGHAI)
    if isinstance(text, (int, float)):
        return _of_serial(text).replace(tzinfo=SHANGHAI)
    plain = fold(str(text))
    if (serial := _serial_in(plain)) is not None:
        return _of_serial(serial).replace(tzinfo=SHANGHAI)
    if (moment := _of_iso(plain) or read_relative_moment(plain, now)) is not None:
        return moment
    day_part, time = split_time(plain)
    if time is None:
        day = read_day(day_part, now.date(), prefer)
        return now if plain in ("今天", "今日") else dt.datetime.combine(day, dt.time(), SHANGHAI)
    day = read_day(day_part, now.date(), prefer) if day_part else now.date()
    return dt.datetime.combine(day, time, SHANGHAI)


def _of_iso(text: str) -> dt.datetime | None:
    """A moment with its own offset, as programs write it."""
    if "T" not in text:
        return None
    try:
        moment = dt.datetime.fromisoformat(text)
    except ValueError:
        return None
    checked_day(moment.year, moment.month, moment.day)
    return moment.astimezone(SHANGHAI) if moment.tzinfo else moment.replace(tzinfo=SHANGHAI)


def _serial_in(text: str) -> float | None:
    """A spreadsheet serial written as text (45352, 45352.5)."""
    whole, _dot, part = text.partition(".")
    if len(whole) == 5 and whole.isascii() and whole.isdigit() and (not part or part.isdigit()):
        return float(text)
    return None


def _of_serial(serial: float) -> dt.datetime:
    if 19000101 <= serial <= 21001231 and serial == int(serial):
        digits = str(int(serial))
        return dt.datetime.combine(read_day(digits, dt.date.min, "past"), dt.time())
    if not _SERIAL_FIRST <= serial < _SERIAL_LAST + 1:
        raise unreadable_day(f"{serial:g}")
    return _EPOCH + dt.timedelta(days=int(serial), seconds=round(serial % 1 * 86400))


def local_day(moment: dt.datetime) -> dt.date:
    """The Shanghai day of an aware moment."""
    return moment.astimezone(SHANGHAI).date()


def is_day_alone(moment: dt.datetime) -> bool:
    """Whether a moment tells its day alone: midnight sharp in Shanghai is the mark of a day without a time.

    Nobody visits customers at midnight; whoever says 昨天 or writes a day means no time by it.
    """
    return moment.astimezone(SHANGHAI).time() == dt.time.min


def over_at(moment: dt.datetime) -> dt.datetime:
    """When what happened at a moment was over at the latest: a day alone lasts to its end."""
    return moment + dt.timedelta(days=1) if is_day_alone(moment) else moment


def day_bounds(day: dt.date) -> tuple[dt.datetime, dt.datetime]:
    """First moment of the Shanghai day and of the next one, both in UTC: start <= moment < end."""
    try:
        start = dt.datetime.combine(day, dt.time(), SHANGHAI)
        end = dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), SHANGHAI)
        return start.astimezone(dt.UTC), end.astimezone(dt.UTC)
    except OverflowError as fault:
        raise Unreadable(_("年份要在1900到2100之间")) from fault
