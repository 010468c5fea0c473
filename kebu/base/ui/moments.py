"""Dates as people say them: 昨天, 3天前, 今天 10:30, 逾期2天; the exact time is in the title.

The one place that puts a date into words, by one rule: backwards a month in days, forwards until 后天, else
the date, without the year when it is this one.
"""

from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

RELATIVE_DAYS = 30
Moment = date | datetime


def split(value: Moment) -> tuple[date, str]:
    """Return the local day and the clock time; "" for a plain date, and for midnight, which means the day."""
    if isinstance(value, datetime):
        local = timezone.localtime(value) if timezone.is_aware(value) else value
        clock = f"{local.hour:02}:{local.minute:02}"
        is_day = clock == "00:00" and not local.second and not local.microsecond
        return local.date(), "" if is_day else clock
    return value, ""


def _words(value: Moment, day: date, clock: str, today: date) -> str:
    """Say when: near days in words, this year's as 11-18, others in full."""
    distance = (day - today).days
    if distance == 0:
        return _recent(value, clock)
    if distance == -1:
        return _("昨天")
    if -RELATIVE_DAYS <= distance < 0:
        return _("%(n)d天前") % {"n": -distance}
    if distance in (1, 2):
        near = _("明天") if distance == 1 else _("后天")
        return f"{near} {clock}".rstrip()
    return day.isoformat()[5 if day.year == today.year else 0 :]


def when_html(value: Moment | None, today: date | None = None) -> SafeString:
    """Return a time element; an empty value gives an empty text."""
    if not value:
        return SafeString("")
    day, clock = split(value)
    value = value if clock else day
    return _element(day, clock, "", _words(value, day, clock, today or timezone.localdate()))


def clock_html(value: datetime, *, with_day: bool = False) -> SafeString:
    """Return a time element that says the clock time, under a heading that says the day; or both."""
    day, clock = split(value)
    return _element(day, clock, "", f"{day.isoformat()[5:]} {clock}".rstrip() if with_day else clock)


def due_html(value: Moment | None, today: date | None = None) -> SafeString:
    """Return a time element for something to be done: overdue in red with the days, today in amber."""
    if not value:
        return SafeString("")
    base = today or timezone.localdate()
    day, clock = split(value)
    value = value if clock else day
    late = (base - day).days
    if late > 0:
        return _element(day, clock, " k-overdue", _("逾期%(n)d天") % {"n": late})
    if late == 0:
        return _element(day, clock, " k-today", f"{_('今天')} {clock}".rstrip())
    return _element(day, clock, "", _words(value, day, clock, base))


def _element(day: date, clock: str, tone: str, text: str) -> SafeString:
    """Write the element; lists have a hundred of them, and nothing in them was typed by anybody."""
    exact = f"{day.isoformat()} {clock}".rstrip()
    return SafeString(f'<time class="k-num{tone}" datetime="{exact}" title="{exact}">{text}</time>')


def _recent(value: Moment, clock: str) -> str:
    """Say when today: minutes and hours for what has just happened, the clock for what comes."""
    if not isinstance(value, datetime) or timezone.is_naive(value):
        return f"{_('今天')} {clock}".rstrip()
    passed = timezone.now() - value
    if passed < timedelta(0):
        return f"{_('今天')} {clock}"
    if passed < timedelta(minutes=1):
        return _("刚刚")
    if passed < timedelta(hours=1):
        return _("%(n)d分钟前") % {"n": passed.seconds // 60}
    return _("%(n)d小时前") % {"n": passed.seconds // 3600}
