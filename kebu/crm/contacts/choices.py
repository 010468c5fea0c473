"""Fixed lists of the contact."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class DecisionRole(models.TextChoices):
    """Role in the customer's decision (S4-08, S1-05)."""

    DECIDER = "decider", _("决策者")
    INFLUENCER = "influencer", _("影响者")
    BUYER = "buyer", _("采购者")
    USER = "user", _("使用者")
    GATEKEEPER = "gatekeeper", _("把关者")


class Preference(models.TextChoices):
    """沟通偏好 (S1-04)."""

    PHONE = "phone", _("电话")
    EMAIL = "email", _("邮件")
    MEETING = "meeting", _("面谈")
    WECHAT = "wechat", _("微信")
