"""Fixed lists of the interaction."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Method(models.TextChoices):
    """How one spoke to the customer (X12)."""

    PHONE = "phone", _("电话")
    WECHAT = "wechat", _("微信")
    EMAIL = "email", _("邮件")
    VISIT = "visit", _("拜访/面谈")
    ONLINE = "online", _("线上会议")
    SMS = "sms", _("短信")
    OTHER = "other", _("其他")


class FollowUpStatus(models.TextChoices):
    """跟进状态, exactly these three (S4-15)."""

    ONGOING = "ongoing", _("进行中")
    WAITING = "waiting", _("待客户反馈")
    DONE = "done", _("已完成")
