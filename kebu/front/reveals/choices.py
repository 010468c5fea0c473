"""Why somebody looks."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Reason(models.TextChoices):
    """What the value is wanted for."""

    CALL = "call", _("电话联系")
    CHECK = "check", _("核对信息")
    SEND = "send", _("寄送资料")
    OTHER = "other", _("其他")
