"""Permissions, data scopes and rules of fields (D3, D4)."""

from collections.abc import Iterable

from django.db import models
from django.utils.translation import gettext_lazy as _


class Scope(models.TextChoices):
    """How far a right reaches, narrowest first: each holds the ones before it."""

    OWN = "own", _("本人")
    DEPARTMENT = "department", _("本部门")
    SUBTREE = "subtree", _("本部门及下级")
    ALL = "all", _("全部")


class Module(models.TextChoices):
    """What permissions are about; the part of their value before the dot."""

    CUSTOMER = "customer", _("客户")
    CONTACT = "contact", _("联系人")
    INTERACTION = "interaction", _("跟进记录")
    PLAN = "plan", _("跟进计划")
    FILE = "file", _("附件")
    SEGMENT = "segment", _("视图和分群")
    MEETING = "meeting", _("周会")
    JOURNAL = "journal", _("操作日志")
    VOCABULARY = "vocabulary", _("数据字典")
    FIELD = "field", _("自定义字段")
    STAFF = "staff", _("员工与组织")
    NOTICE = "notice", _("通知")
    BACKUP = "backup", _("备份")
    JOB = "job", _("后台任务")
    RECYCLE = "recycle", _("回收站")
    PRIVACY = "privacy", _("个人信息")
    CADENCE = "cadence", _("跟进节奏")
    POOL = "pool", _("公海")


class Permission(models.TextChoices):
    """What a role may allow, one line per thing a person does."""

    CUSTOMER_VIEW = "customer.view", _("查看客户")
    CUSTOMER_CREATE = "customer.create", _("新建客户")
    CUSTOMER_EDIT = "customer.edit", _("编辑客户")
    CUSTOMER_ASSIGN = "customer.assign", _("分配客户")
    CUSTOMER_ARCHIVE = "customer.archive", _("归档和恢复客户")
    CUSTOMER_DELETE = "customer.delete", _("删除客户")
    CUSTOMER_IMPORT = "customer.import", _("导入客户")
    CUSTOMER_EXPORT = "customer.export", _("导出客户")
    CUSTOMER_REVEAL = "customer.reveal", _("显示脱敏的内容")
    CONTACT_CREATE = "contact.create", _("新建联系人")
    CONTACT_EDIT = "contact.edit", _("编辑和删除联系人")
    INTERACTION_CREATE = "interaction.create", _("记跟进")
    INTERACTION_EDIT = "interaction.edit", _("修改跟进记录")
    INTERACTION_DELETE = "interaction.delete", _("删除跟进记录")
    PLAN_CREATE = "plan.create", _("新建跟进计划")
    PLAN_EDIT = "plan.edit", _("修改和完成跟进计划")
    FILE_ADD = "file.add", _("上传附件")
    FILE_REMOVE = "file.remove", _("删除附件")
    SEGMENT_PUBLISH = "segment.publish", _("公开视图和分群")
    MEETING_LEAD = "meeting.lead", _("主持周会")
    JOURNAL_VIEW = "journal.view", _("查看操作日志")
    JOURNAL_EXPORT = "journal.export", _("导出操作日志")
    VOCABULARY_MANAGE = "vocabulary.manage", _("维护数据字典")
    FIELD_MANAGE = "field.manage", _("维护自定义字段")
    STAFF_MANAGE = "staff.manage", _("管理员工、部门和角色")
    NOTICE_MANAGE = "notice.manage", _("管理通知渠道")
    BACKUP_MANAGE = "backup.manage", _("管理备份")
    JOB_MANAGE = "job.manage", _("查看和管理后台任务")
    RECYCLE_MANAGE = "recycle.manage", _("清空回收站")
    PRIVACY_MANAGE = "privacy.manage", _("导出和清除个人信息")
    CADENCE_MANAGE = "cadence.manage", _("维护跟进节奏、流失预警和工作日历")
    POOL_CLAIM = "pool.claim", _("领取公海客户")
    POOL_MANAGE = "pool.manage", _("设置公海规则")

    @property
    def module(self) -> Module:
        """What it is about."""
        return Module(self.value.partition(".")[0])

    @property
    def is_scoped(self) -> bool:
        """Whether it is about rows of customers, so that it reaches further or less far."""
        return self.module in ON_CUSTOMERS and self not in SWITCHES


ON_CUSTOMERS = (
    Module.CUSTOMER,
    Module.CONTACT,
    Module.INTERACTION,
    Module.PLAN,
    Module.FILE,
    Module.JOURNAL,
)
SWITCHES = (Permission.CUSTOMER_CREATE, Permission.CUSTOMER_IMPORT)  # what is made is one's own


class FieldRule(models.TextChoices):
    """What a role shows of a field, the most open first."""

    VISIBLE = "visible", _("可见")
    READ_ONLY = "read_only", _("只读")
    MASKED = "masked", _("脱敏")
    HIDDEN = "hidden", _("隐藏")


def widest(scopes: Iterable[Scope]) -> Scope:
    """Return the widest of several scopes; without any, OWN."""
    return max(scopes, key=list(Scope).index, default=Scope.OWN)


def narrower(one: Scope, other: Scope) -> Scope:
    """Return the narrower of two scopes."""
    return min(one, other, key=list(Scope).index)


OPENNESS = {rule: place for place, rule in enumerate(FieldRule)}


def most_open(rules: Iterable[FieldRule]) -> FieldRule:
    """Return the most open of several rules; without any, HIDDEN."""
    return min(rules, key=OPENNESS.__getitem__, default=FieldRule.HIDDEN)
