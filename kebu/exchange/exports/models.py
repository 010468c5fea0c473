"""Export."""

from typing import Self

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kebu.base.access.queries import Viewer
from kebu.base.journal.upkeep import ranges_of
from kebu.exchange.exports.choices import Form, State


class ExportQuerySet(models.QuerySet["Export"]):
    """Exports, shown to nobody but who made them: a file holds what he may see, not what others may."""

    def visible_to(self, user: Viewer) -> Self:
        """Keep the exports of ``user``."""
        return self.filter(owner=user.pk)


class Export(models.Model):
    """What somebody takes out of a table. ``selection`` holds the keys of the rows asked for as ranges,
    ``columns`` pairs of key and head, ``rules`` what he was shown of the fields behind them.

    ``path`` is the file's place in the folder of exports, ``sha256`` its fingerprint; both are empty before
    it is done and after it was swept.
    """

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("导出人"), on_delete=models.PROTECT, related_name="+"
    )
    table = models.CharField(_("表"), max_length=30)
    form = models.CharField(_("格式"), max_length=4, choices=Form, default=Form.XLSX)
    template = models.CharField(_("模板"), max_length=30, blank=True)
    columns = models.JSONField(_("列"), default=list)
    rules = models.JSONField(default=dict)
    words = models.CharField(_("导出哪些"), max_length=500)
    reason = models.CharField(_("用途"), max_length=200)
    order = models.CharField(max_length=60, blank=True)
    selection = models.TextField(blank=True)
    total = models.PositiveIntegerField(_("选中"), default=0)
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.WORKING)
    problem = models.CharField(_("原因"), max_length=300, blank=True)
    row_count = models.PositiveIntegerField(_("行数"), default=0)
    path = models.CharField(max_length=100, blank=True)
    size = models.PositiveBigIntegerField(_("大小"), default=0)
    sha256 = models.CharField(_("校验码"), max_length=64, blank=True)
    taken_count = models.PositiveIntegerField(_("下载次数"), default=0)
    job_id = models.BigIntegerField(null=True)
    created_at = models.DateTimeField(_("导出时间"))
    finished_at = models.DateTimeField(_("完成时间"), null=True)
    kept_until = models.DateTimeField(_("保留到"), null=True)

    objects = ExportQuerySet.as_manager()

    class Meta:
        verbose_name = _("导出")
        verbose_name_plural = _("导出")
        indexes = [
            models.Index(fields=["owner", "-id"], name="export_owner"),
            models.Index(fields=["state", "kept_until"], name="export_kept"),
        ]

    def __str__(self) -> str:
        return self.words

    def get_absolute_url(self) -> str:
        return reverse("exports:detail", args=[self.pk])

    @property
    def spans(self) -> list[range]:
        """The keys of the rows asked for, as stretches."""
        return ranges_of(self.selection)

    @property
    def is_working(self) -> bool:
        return self.state == State.WORKING

    @property
    def is_ready(self) -> bool:
        """There is a file to take."""
        return self.state == State.DONE
