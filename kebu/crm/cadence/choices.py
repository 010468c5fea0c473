"""Fixed lists of the cadence."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Rhythm(models.TextChoices):
    """The two rhythms of a grade (S1-08…10): any contact, and the one that goes deep."""

    CONTACT = "contact", _("日常联系")
    DEEP = "deep", _("深度沟通")


class Unit(models.TextChoices):
    """What a rhythm is counted in."""

    DAY = "day", _("天")
    WEEK = "week", _("周")
    MONTH = "month", _("个月")
