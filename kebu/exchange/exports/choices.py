"""Where an export stands, and what its file is."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    """Where an export stands."""

    WORKING = "working", _("正在导出")
    DONE = "done", _("可以下载")
    FAILED = "failed", _("没有导出成")
    CANCELLED = "cancelled", _("已取消")
    GONE = "gone", _("文件已删除")


class Form(models.TextChoices):
    """What the file is."""

    XLSX = "xlsx", _("Excel（xlsx）")
    CSV = "csv", _("CSV（UTF-8）")


KEPT_DAYS = 7  # so long a file is kept
MOST_OPEN = 3  # exports of one person at work at a time
