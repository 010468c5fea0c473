"""Dates as people say them: 昨天, 3天前, 今天 10:30, 逾期2天; the exact time is in the title."""

from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

RELATIVE_DAYS = 30
Moment = date | datetime


def split(value: Moment) -> tuple[date, str]:
    """Return the local day and the clock time ("" for a plain date)."""
    if isinstance(value, datetime):
        local = timezone.localtime(value) if timezone.is_aware(value) else value
        return local.date(), f"{local:%H:%M}"
    return value, ""


def words(value: Moment, today: date) -> str:
    """Say when: near days in words, this year's as 11-18, others in full."""
    day, clock = split(value)
    distance = (day - today).days
    if distance == 0:
        return _recent(value, clock)
    if distance in (-1, 1, 2):
        near = {-1: _("昨天"), 1: _("明天"), 2: _("后天")}[distance]
        return f"{near} {clock}".rstrip() if distance > 0 else near
    if -RELATIVE_DAYS <= distance < 0:
        return _("%(n)d天前") % {"n": -distance}
    return f"{day:%m-%d}" if day.year == today.year else f"{day:%Y-%m-%d}"


def when_html(value: Moment | None, today: date | None = None, tone: str = "", text: str = "") -> SafeString:
    """Return a time element; an empty value gives an empty text."""
    if not value:
        return SafeString("")
    day, clock = split(value)
    exact = f"{day:%Y-%m-%d} {clock}".rstrip()
    return format_html(
        '<time class="k-num{}" datetime="{}" title="{}">{}</time>',
        f" k-{tone}" if tone else "",
        exact,
        exact,
        text or words(value, today or timezone.localdate()),
    )


def due_html(value: Moment | None, today: date | None = None) -> SafeString:
    """Return a time element for something to be done: overdue in red with the days, today in amber.

    Midnight means the day as a whole.
    """
    if not value:
        return SafeString("")
    base = today or timezone.localdate()
    day, clock = split(value)
    if clock == "00:00":
        value, clock = day, ""
    late = (base - day).days
    if late > 0:
        return when_html(value, base, "overdue", _("逾期%(n)d天") % {"n": late})
    if late == 0:
        return when_html(value, base, "today", f"{_('今天')} {clock}".rstrip())
    return when_html(value, base)


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
