"""States and outcomes of an import."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    """Where an import stands."""

    DRAFT = "draft", _("待检查")
    CHECKING = "checking", _("正在检查")
    CHECKED = "checked", _("已检查")
    COMMITTING = "committing", _("正在导入")
    DONE = "done", _("已完成")
    FAILED = "failed", _("没有完成")


class Outcome(models.TextChoices):
    """What a row comes to; before the import it is the intention."""

    CREATE = "create", _("新建")
    UPDATE = "update", _("更新")
    DUPLICATE = "duplicate", _("重复，跳过")
    REJECT = "reject", _("要更正")
    SKIP = "skip", _("不导入")


class Decision(models.TextChoices):
    """What to do with a row that exists already."""

    SKIP = "skip", _("跳过")
    UPDATE = "update", _("更新不同的")
    FILL = "fill", _("只补空白")
    CREATE = "create", _("新建")
