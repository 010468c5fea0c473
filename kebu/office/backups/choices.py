"""How an archive came to be, and what is known of it."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Way(models.TextChoices):
    """Why it was made."""

    DAILY = "daily", _("每天")
    MANUAL = "manual", _("手动")
    UPGRADE = "upgrade", _("升级前")


class Health(models.TextChoices):
    """What the last check said; a file changed since then counts as unchecked."""

    GOOD = "good", _("校验通过")
    BAD = "bad", _("坏了")
    UNKNOWN = "unknown", _("没有校验")
