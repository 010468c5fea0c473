"""Fixed lists of the plan."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class PlanKind(models.TextChoices):
    """What is planned."""

    FOLLOW_UP = "follow_up", _("跟进")
    VISIT = "visit", _("拜访")
    TASK = "task", _("任务")


class PlanStatus(models.TextChoices):
    """How far it is (S4-15), and that it was given up."""

    ONGOING = "ongoing", _("进行中")
    WAITING = "waiting", _("待客户反馈")
    DONE = "done", _("已完成")
    CANCELLED = "cancelled", _("已取消")


class Source(models.TextChoices):
    """Where a plan comes from."""

    HAND = "hand", _("手工")
    CADENCE = "cadence", _("节奏")
    PROMISE = "promise", _("承诺")
    MEETING = "meeting", _("周会")
    VISIT = "visit", _("拜访计划")


OPEN = (PlanStatus.ONGOING, PlanStatus.WAITING)
