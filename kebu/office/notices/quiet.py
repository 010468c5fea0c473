"""Quiet hours: when nothing leaves the house; they may pass midnight."""

from datetime import datetime, time, timedelta

from kebu.base.kit.dates import SHANGHAI


def after_quiet(moment: datetime, start: time | None, end: time | None) -> datetime:
    """``moment`` itself, or when the quiet hours end in which it lies."""
    if start is None or end is None or start == end:
        return moment
    local = moment.astimezone(SHANGHAI)
    now = local.time()
    is_quiet = start <= now < end if start < end else now >= start or now < end
    if not is_quiet:
        return moment
    day = local.date() if now < end else local.date() + timedelta(days=1)
    return datetime.combine(day, end, SHANGHAI).astimezone(moment.tzinfo)
