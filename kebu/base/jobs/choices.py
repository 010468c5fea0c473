"""States of a job, and how serious its lines are."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    """Where a job stands; the last three are final."""

    QUEUED = "queued", _("排队中")
    RUNNING = "running", _("进行中")
    DONE = "done", _("已完成")
    FAILED = "failed", _("没有完成")
    CANCELLED = "cancelled", _("已取消")


FINAL = (State.DONE, State.FAILED, State.CANCELLED)


class Level(models.TextChoices):
    """How serious a line about a job is."""

    INFO = "info", _("说明")
    WARN = "warn", _("提醒")
    ERROR = "error", _("错误")
