"""Doors a change comes through, and the kinds of change."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Door(models.TextChoices):
    """Where a change came from."""

    PAGE = "page", _("页面")
    IMPORT = "import", _("导入")
    COMMAND = "command", _("命令行")
    API = "api", _("接口")
    DEMO = "demo", _("演示数据")
    SYSTEM = "system", _("系统")


class Action(models.TextChoices):
    """What was done to the record."""

    CREATE = "create", _("新建")
    CHANGE = "change", _("变更")
    ASSIGN = "assign", _("分配")
    ARCHIVE = "archive", _("归档")
    RESTORE = "restore", _("恢复")
    DELETE = "delete", _("删除")
    VERIFY = "verify", _("核实")
