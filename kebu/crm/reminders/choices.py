"""What is reminded of, and fixed lists."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Rule(models.TextChoices):
    """A rule of reminders; its value is the kind of its notices too."""

    PLAN_DUE = "reminders.plan_due", _("计划快到时间")
    FOLLOW_UP_DUE = "reminders.follow_up_due", _("跟进快到时间")
    OVERDUE = "reminders.overdue", _("逾期没做")
    ESCALATED = "reminders.escalated", _("下属逾期太久")
    UNTOUCHED = "reminders.untouched", _("很久没人跟进")
    MISSING = "reminders.missing", _("没有下次跟进")
    ASSIGNED = "reminders.assigned", _("新分配的客户")
    PROMISE = "reminders.promise", _("承诺到期")
    PROPOSAL = "reminders.proposal", _("变更没有确认")
    NEED = "reminders.need", _("周期采购到了")
    KEY_DATE = "reminders.key_date", _("合同到期和关怀")
    POOL = "reminders.pool", _("客户快掉入公海")
    CHURN = "reminders.churn", _("流失预警")
    GROWTH = "reminders.growth", _("采购量增长")
    DIGEST = "reminders.digest", _("每天8:30的安排")


class Lead(models.IntegerChoices):
    """How many minutes before its time somebody wants to be reminded."""

    AT_TIME = 0, _("到时间提醒")
    QUARTER = 15, _("提前15分钟")
    HALF = 30, _("提前30分钟")
    HOUR = 60, _("提前1小时")
    TWO_HOURS = 120, _("提前2小时")
    HALF_DAY = 240, _("提前4小时")
    DAY = 1440, _("提前1天")
    TWO_DAYS = 2880, _("提前2天")
