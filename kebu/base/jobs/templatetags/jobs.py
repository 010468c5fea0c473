"""What templates say of jobs: ``{{ job|unit }}``, ``{{ seconds|took }}``, ``{{ line|rhythm }}``."""

from django import template
from django.utils.translation import gettext as _

from kebu.base.jobs.recurring import Recurring
from kebu.base.jobs.registry import Kind, label_of, unit_of

register = template.Library()
register.filter("unit", unit_of)
register.filter("kind_label", label_of)


@register.filter
def took(seconds: float | str | None) -> str:
    """A duration in words; nothing for none (templates say "" for what is not there)."""
    if seconds is None or isinstance(seconds, str):
        return ""
    if seconds < 1:
        return _("不到1秒")
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return _("%(hours)d小时%(minutes)d分") % {"hours": hours, "minutes": minutes}
    return (_("%d分") % minutes if minutes else "") + (_("%d秒") % rest if rest else "")


@register.filter
def rhythm(line: Recurring) -> str:
    """When a line of the schedule is due."""
    if line.daily_at is not None:
        return _("每天%s") % line.daily_at.strftime("%H:%M")
    return _("每%d分钟") % line.every_minutes


@register.filter
def missed(line: Recurring) -> str:
    """What becomes of a time that was missed."""
    if line.is_calm:
        return _("缓一小时补做一次")
    if line.latest_minutes:
        return _("晚%s以内补做一次，再晚不补") % took(line.latest_minutes * 60)
    return _("补做一次")


@register.filter
def patience(kind: Kind) -> str:
    """How often a job of the kind is tried, with which pauses."""
    if kind.tries < 2:
        return _("只试1次")
    pauses = "、".join(took(pause) for pause in kind.pauses)
    return _("最多试%(tries)d次，间隔约%(pauses)s") % {"tries": kind.tries, "pauses": pauses}
