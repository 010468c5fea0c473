"""ReminderPolicy, Wish, Mark."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from kebu.base.records.models import Record
from kebu.crm.reminders.choices import Lead


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
