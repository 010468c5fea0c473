"""Permissions and data scopes (D3, D4)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Permission(models.TextChoices):
    """What a role may allow, one line per thing a person does."""

    CUSTOMER_VIEW = "customer.view", _("查看客户")
    CUSTOMER_CREATE = "customer.create", _("新建客户")
    CUSTOMER_EDIT = "customer.edit", _("编辑自己的客户")
    CUSTOMER_EDIT_TEAM = "customer.edit_team", _("编辑团队的客户")
    CUSTOMER_ASSIGN = "customer.assign", _("分配客户")
    CUSTOMER_ARCHIVE = "customer.archive", _("归档和恢复客户")
    CUSTOMER_IMPORT = "customer.import", _("导入客户")
    INTERACTION_CREATE = "interaction.create", _("记跟进")
    INTERACTION_EDIT = "interaction.edit", _("修改跟进记录")
    VOCABULARY_MANAGE = "vocabulary.manage", _("维护数据字典")
    STAFF_MANAGE = "staff.manage", _("管理员工、部门和角色")
    BACKUP_MANAGE = "backup.manage", _("管理备份")
    JOURNAL_VIEW = "journal.view", _("查看操作日志")


class Scope(models.TextChoices):
    """How far a role sees, narrowest first; the order is used to find the widest of several roles."""

    OWN = "own", _("本人")
    DEPARTMENT = "department", _("本部门")
    SUBTREE = "subtree", _("本部门及下级")
    ALL = "all", _("全部")


def widest(scopes: list[str]) -> Scope:
    """Return the widest of several scopes; without any, OWN."""
    order = list(Scope)
    return max((Scope(scope) for scope in scopes), key=order.index, default=Scope.OWN)
