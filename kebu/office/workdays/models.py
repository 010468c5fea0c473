"""OfficeDay."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from kebu.base.records.models import Record
from kebu.office.workdays.choices import DayKind, Origin

WORKDAYS = "workdays"  # the directory


class OfficeDay(Record):
    """A day that the office works or does not, whatever the shipped table says of it.

    Those that came with a year's notice stand for the whole year: with one of them the year is known.
    """

    day = models.DateField(_("日期"), unique=True)
    kind = models.CharField(_("安排"), max_length=4, choices=DayKind)
    name = models.CharField(_("名称"), max_length=20)
    origin = models.CharField(_("来源"), max_length=6, choices=Origin, default=Origin.OFFICE)

    class Meta:
        verbose_name = _("特别日期")
        verbose_name_plural = _("特别日期")
        ordering = ["day"]

    def __str__(self) -> str:
        return f"{self.day} {self.name}"
