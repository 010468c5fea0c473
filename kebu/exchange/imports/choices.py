"""States and outcomes of an import."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    """Where an import stands. Whether something works on it at this moment is told by its job."""

    DRAFT = "draft", _("待检查")
    CHECKING = "checking", _("正在检查")
    CHECKED = "checked", _("已检查，待导入")
    COMMITTING = "committing", _("正在导入")
    DONE = "done", _("已完成")


RUNNING = (State.CHECKING, State.COMMITTING)


class Outcome(models.TextChoices):
    """What a row comes to; before the import it is the intention."""

    CREATE = "create", _("新建")
    UPDATE = "update", _("更新")
    DUPLICATE = "duplicate", _("重复，跳过")
    REJECT = "reject", _("要更正")
    CONFLICT = "conflict", _("冲突")


class Decision(models.TextChoices):
    """What to do with a row that exists already."""

    UPDATE = "update", _("更新不同的")
    FILL = "fill", _("只补空白")
    SKIP = "skip", _("跳过")
    CREATE = "create", _("另建新客户")


class Certainty(models.TextChoices):
    """How sure the target of a column is."""

    SURE = "sure", _("自动认出")
    GUESSED = "guessed", _("猜的，请确认")
    CHOSEN = "chosen", _("已确认")
    NONE = "none", _("不导入")
