"""KeepingRule."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from kebu.base.records.models import Record
from kebu.front.privacy.choices import Keeping


class KeepingRule(Record):
    """How long data of people is kept in one case; one row per case, off until somebody turns it on."""

    code = models.CharField(_("情形"), max_length=10, choices=Keeping, unique=True)
    months = models.PositiveSmallIntegerField(_("保留月数"), default=36)
    is_active = models.BooleanField(_("启用"), default=False)

    class Meta:
        verbose_name = _("保留规则")
        verbose_name_plural = _("保留规则")

    def __str__(self) -> str:
        return str(Keeping(self.code).label)
