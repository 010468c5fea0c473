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
    """What was done to the record; the second half are events that have no record."""

    CREATE = "create", _("新建")
    CHANGE = "change", _("变更")
    ASSIGN = "assign", _("分配")
    ARCHIVE = "archive", _("归档")
    RESTORE = "restore", _("恢复")
    DELETE = "delete", _("删除")
    VERIFY = "verify", _("核实")
    SIGN_IN = "sign_in", _("登录")
    SIGN_OUT = "sign_out", _("退出登录")
    SIGN_FAIL = "sign_fail", _("登录失败")
    LOCK_OUT = "lock_out", _("登录锁定")
    DENY = "deny", _("被拒绝")
    EXPORT = "export", _("导出")
    ERASE = "erase", _("清除内容")
    TRIM = "trim", _("到期清理")
    CHECK = "check", _("校验")
    REVEAL = "reveal", _("显示")


SESSION, JOURNAL, SETTING = "session", "journal", "setting"  # kinds of entries that have no record
REVEAL = "reveal"  # the kind of entries about looking at something masked: it is no change of the record
