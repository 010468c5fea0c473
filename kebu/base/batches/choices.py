"""How far a batch is."""

from datetime import timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _

UNDO_TIME = timedelta(days=30)
UNDO = "undo"  # the kind of batches that take another one back


class State(models.TextChoices):
    """Where a batch stands."""

    RUNNING = "running", _("进行中")
    DONE = "done", _("已完成")
    STOPPED = "stopped", _("没做完")
