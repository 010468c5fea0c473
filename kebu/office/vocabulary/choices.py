"""The lists that exist."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class TermKind(models.TextChoices):
    """Which list a term belongs to."""

    SOURCE = "source", _("客户来源")
    STAGE = "stage", _("跟进阶段")
