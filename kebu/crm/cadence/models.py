"""CadenceRule, Topic, CadencePolicy, Turn, DayShare, RuleChange."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kebu.base.access.queries import ScopedQuerySet
from kebu.base.records.models import Record
from kebu.crm.cadence.choices import Rhythm, Unit
from kebu.crm.customers.choices import CustomerType, Grade, NeedStage
from kebu.crm.customers.models import Customer
from kebu.crm.interactions.choices import Method

CADENCE = "cadence"  # the directory


class CadenceRule(Record):
    """How often customers of a grade are spoken to from a day on, until the next row of that grade and rhythm
    begins. Rows that have begun are history and stay as they are."""

    grade = models.CharField(_("客户分级"), max_length=1, choices=Grade)
    rhythm = models.CharField(_("节奏"), max_length=7, choices=Rhythm)
    valid_from = models.DateField(_("生效日期"))
    is_active = models.BooleanField(_("安排这种联系"), default=True)
    every = models.PositiveSmallIntegerField(_("每隔"), default=1)
    unit = models.CharField(_("单位"), max_length=5, choices=Unit, default=Unit.WEEK)
    slack_days = models.PositiveSmallIntegerField(
        _("可以提前"), default=1, help_text=_("遇到休息日，或当天已经排满时，最多提前几天")
    )
    name = models.CharField(_("名称"), max_length=20, help_text=_("如 每周联系、深度需求挖掘"))
    method = models.CharField(_("建议方式"), max_length=8, choices=Method, default=Method.PHONE)
    expected = models.CharField(_("预期成果"), max_length=200, help_text=_("联系完应该知道什么、约定什么"))

    class Meta:
        verbose_name = _("节奏规则")
        verbose_name_plural = _("节奏规则")
        ordering = ["grade", "rhythm", "valid_from"]
        constraints = [
            models.UniqueConstraint(fields=["grade", "rhythm", "valid_from"], name="cadence_rule_once"),
            models.CheckConstraint(condition=Q(every__gte=1), name="cadence_rule_every"),
        ]

    def __str__(self) -> str:
        return f"{self.get_grade_display()}{self.name}"


class Topic(Record):
    """What to talk about with customers at a 需求阶段 (S1-11)."""

    need_stage = models.CharField(_("需求阶段"), max_length=14, choices=NeedStage, unique=True)
    topics = models.JSONField(_("建议话题"), default=list)

    class Meta:
        verbose_name = _("建议话题")
        verbose_name_plural = _("建议话题")

    def __str__(self) -> str:
        return str(self.get_need_stage_display())


def shipped_types() -> list[str]:
    """Who takes part until the office says otherwise: all but those who are lost."""
    return [one.value for one in CustomerType if one is not CustomerType.LOST]


class CadencePolicy(Record):
    """The office's one row: which customers take part. Archived ones and those of the pool never do."""

    types = models.JSONField(_("参与的客户类型"), default=shipped_types)

    class Meta:
        verbose_name = _("参与范围")
        verbose_name_plural = _("参与范围")

    def __str__(self) -> str:
        return str(self._meta.verbose_name)


class TurnQuerySet(ScopedQuerySet["Turn"]):
    """Sets of turns; seen by whoever sees the customer."""

    owner_path = "customer__owner"


class Turn(models.Model):
    """The next time a customer's rhythm comes round: one row per customer and rhythm.

    It falls due on ``due_on``, counted from ``base_on`` (``is_first``: nobody spoke to the customer yet, it
    is counted from the day he came to his owner), and is planned for ``day``. ``ended_on`` is when the former
    plan was done or given up for this time; a row without ``day`` remembers but that. ``number`` counts its
    plans, whose key is ``source_key``.
    """

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="turns", db_index=False)
    rhythm = models.CharField(_("节奏"), max_length=7, choices=Rhythm)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    rule = models.ForeignKey(
        CadenceRule, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    base_on = models.DateField()
    is_first = models.BooleanField(default=False)
    due_on = models.DateField()
    day = models.DateField(null=True)
    ended_on = models.DateField(null=True)
    number = models.PositiveIntegerField(default=0)
    has_plan = models.BooleanField(default=False)

    objects = TurnQuerySet.as_manager()

    class Meta:
        verbose_name = _("节奏安排")
        verbose_name_plural = _("节奏安排")
        constraints = [models.UniqueConstraint(fields=["customer", "rhythm"], name="cadence_turn_once")]
        indexes = [models.Index(fields=["owner", "day"], name="cadence_turn_load")]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.rhythm} {self.day}"

    @property
    def source_key(self) -> str:
        """The key of its present plan; no other plan ever had it."""
        return f"cadence-{self.pk}-{self.number}"


class DayShare(models.Model):
    """How many turns a day an owner has, spread evenly over the workdays."""

    owner = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    customer_count = models.PositiveIntegerField(default=0)
    per_day = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("每日份额")
        verbose_name_plural = _("每日份额")

    def __str__(self) -> str:
        return f"{self.owner_id} {self.per_day}"


class RuleChange(Record):
    """A change of rules that is looked at before it takes effect: the wish, and what it would come to."""

    wish = models.JSONField(default=dict)
    result: Any = models.JSONField(null=True)
    job_id = models.BigIntegerField(null=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    applied_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("节奏调整")
        verbose_name_plural = _("节奏调整")

    def __str__(self) -> str:
        return f"{self.pk}"
