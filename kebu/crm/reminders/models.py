"""ReminderPolicy, Wish, Mark, NeedCycle."""

from datetime import date, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kebu.base.access.queries import ScopedQuerySet
from kebu.base.kit.months import months_later
from kebu.base.records.models import Record
from kebu.crm.customers.models import Customer
from kebu.crm.reminders.choices import Cycle, Lead


class ReminderPolicy(Record):
    """The office's one row: which rules are off, and after how many days the others speak."""

    lead_minutes = models.PositiveSmallIntegerField(
        _("提前多久"), choices=Lead, default=Lead.HOUR, help_text=_("员工自己没有选时用这个")
    )
    escalate_days = models.PositiveSmallIntegerField(
        _("逾期几天告诉主管"), default=3, help_text=_("告诉部门主管谁有几项逾期")
    )
    untouched_days = models.PositiveSmallIntegerField(
        _("几天没人跟进"), default=30, help_text=_("从最近一次联系算起，告诉负责人")
    )
    missing_days = models.PositiveSmallIntegerField(
        _("几天没有定下次跟进"), default=3, help_text=_("联系过以后还没有定下一次，告诉负责人")
    )
    proposal_hours = models.PositiveSmallIntegerField(
        _("变更几小时没有确认"),
        default=20,
        help_text=_("重要变更要在24小时内记下，告诉负责人和协作人；可填1到72"),
    )
    off = models.JSONField(_("不提醒的"), default=list)

    class Meta:
        verbose_name = _("提醒规则")
        verbose_name_plural = _("提醒规则")

    def __str__(self) -> str:
        return str(self._meta.verbose_name)


class Wish(Record):
    """What one person wants of reminders; whoever has none is reminded as the office says."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, verbose_name=_("员工"), on_delete=models.CASCADE, related_name="+"
    )
    lead_minutes = models.PositiveSmallIntegerField(
        _("提前多久"), choices=Lead, null=True, blank=True, help_text=_("计划和跟进到时间以前多久提醒我")
    )
    wants_digest = models.BooleanField(
        _("每天8:30告诉我今天的安排"), default=True, help_text=_("工作日都发；休息日有安排才发")
    )

    class Meta:
        verbose_name = _("提醒偏好")
        verbose_name_plural = _("提醒偏好")

    def __str__(self) -> str:
        return str(self.user_id)


class Mark(models.Model):
    """Up to when a round of reminders has been told; whatever lies before it is not read again."""

    name = models.CharField(max_length=40, unique=True)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("提醒进度")
        verbose_name_plural = _("提醒进度")

    def __str__(self) -> str:
        return self.name


class NeedCycleQuerySet(ScopedQuerySet["NeedCycle"]):
    """Sets of recurring needs; seen by whoever sees the customer."""

    owner_path = "customer__owner"


class NeedCycle(Record):
    """A need that comes again (S4-04): what the customer buys, how often, when next.

    ``anchor_day`` is the day of the month it goes by: after a February it is the 31st again.
    """

    customer = models.ForeignKey(
        Customer, verbose_name=_("客户"), on_delete=models.CASCADE, related_name="need_cycles", db_index=False
    )
    name = models.CharField(_("需求"), max_length=100, help_text=_("买什么，如 季度耗材、年度维保"))
    cycle_months = models.PositiveSmallIntegerField(_("周期"), choices=Cycle, default=Cycle.QUARTER)
    next_on = models.DateField(_("下次采购"), help_text=_("预计哪天要买，如 2027-01-15"))
    anchor_day = models.PositiveSmallIntegerField(editable=False)
    lead_days = models.PositiveSmallIntegerField(
        _("提前几天提醒"), default=14, help_text=_("提前提醒负责人去问，0到90")
    )
    remark = models.CharField(_("备注"), max_length=300, blank=True, help_text=_("用量、谁批、上次价格"))
    is_active = models.BooleanField(_("在用"), default=True)

    objects = NeedCycleQuerySet.as_manager()

    class Meta:
        verbose_name = _("周期需求")
        verbose_name_plural = _("周期需求")
        indexes = [
            models.Index(fields=["customer", "next_on", "id"], name="need_customer"),
            models.Index(fields=["next_on", "id"], name="need_next", condition=Q(is_active=True)),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(anchor_day__gte=1, anchor_day__lte=31), name="need_anchor"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def remind_on(self) -> date:
        """From which day on it is reminded of."""
        return self.next_on - timedelta(days=self.lead_days)

    def following(self, day: date | None = None) -> date:
        """The day one cycle after ``day`` (None: after the next purchase)."""
        return months_later(day or self.next_on, self.cycle_months, self.anchor_day)
