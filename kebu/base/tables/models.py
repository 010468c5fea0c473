"""Layout."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from kebu.base.tables.places import LONGEST


class Layout(models.Model):
    """How somebody has arranged a table; ``table`` names it, or one of its saved views."""

    user_id = models.BigIntegerField(_("员工"))
    table = models.CharField(_("表格"), max_length=LONGEST)
    columns = models.JSONField(_("列"), default=list)

    class Meta:
        verbose_name = _("列的安排")
        verbose_name_plural = _("列的安排")
        constraints = [models.UniqueConstraint(fields=["user_id", "table"], name="layout_once")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.table}"
