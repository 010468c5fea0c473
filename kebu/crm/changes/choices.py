"""Fixed lists of the important change."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Sort(models.TextChoices):
    """What changed (S1-20, S0-32)."""

    STRUCTURE = "structure", _("公司架构调整")
    DECIDER = "decider", _("决策人更换")
    UPGRADE = "upgrade", _("需求升级")
    NEED = "need", _("需求变化")
    BUDGET = "budget", _("预算调整")
    OTHER = "other", _("其他变化")
