"""Fixed lists of the working calendar."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class DayKind(models.TextChoices):
    """What is different about a day."""

    OFF = "off", _("放假")
    WORK = "work", _("上班")


class Origin(models.TextChoices):
    """Who says so."""

    LAW = "law", _("法定节日")
    NOTICE = "notice", _("放假通知")
    OFFICE = "office", _("本单位")
