"""What people agree to, and how we learn of it."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Purpose(models.TextChoices):
    """What the person's data may be used for."""

    CONTACT = "contact", _("业务联系")
    CARE = "care", _("节日和生日关怀")
    MARKETING = "marketing", _("营销推广")
    SHARING = "sharing", _("提供给合作方")


class Source(models.TextChoices):
    """How the consent was given."""

    SPOKEN = "spoken", _("口头")
    CARD = "card", _("交换名片")
    CHAT = "chat", _("微信或短信")
    EMAIL = "email", _("邮件")
    PAPER = "paper", _("书面签字")
    FORM = "form", _("网上表单")
    OTHER = "other", _("其他")
