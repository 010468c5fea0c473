"""Import and ImportRow."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kebu.base.access.choices import Permission
from kebu.base.access.queries import Viewer
from kebu.exchange.imports.choices import Decision, Outcome, State


class ImportQuerySet(models.QuerySet["Import"]):
    """Imports, shown to who made them; who manages the staff and sees every customer sees every import."""

    def visible_to(self, user: Viewer) -> Self:
        """Keep the imports that ``user`` may look at."""
        if user.owner_ids(Permission.CUSTOMER_VIEW) is None and user.can(Permission.STAFF_MANAGE):
            return self
        return self.filter(owner=user.pk)


class Import(models.Model):
    """One file to bring in. ``mapping`` holds the target's key per column of the file ("" = leave out),
    ``certainties`` how sure each is, ``samples`` the first values per column.

    ``run`` counts how often it was checked or brought in: whoever works on it proves with it that it is
    still his turn. ``expected_count`` is how many rows the file seems to have, 0 when it does not say.
    """

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("导入人"), on_delete=models.PROTECT, related_name="+"
    )
    path = models.CharField(max_length=200)
    file_name = models.CharField(_("文件名"), max_length=200)
    sha256 = models.CharField(max_length=64)
    sheets = models.JSONField(default=list)
    sheet = models.CharField(_("工作表"), max_length=100, blank=True)
    header_row = models.PositiveIntegerField(_("表头行"), default=1)
    headers = models.JSONField(default=list)
    samples = models.JSONField(default=list)
    mapping = models.JSONField(default=list)
    certainties = models.JSONField(default=list)
    policy = models.CharField(_("重复的行"), max_length=8, choices=Decision, default=Decision.SKIP)
    state = models.CharField(_("状态"), max_length=12, choices=State, default=State.DRAFT)
    error = models.TextField(blank=True)
    run = models.PositiveIntegerField(default=0)
    job_id = models.BigIntegerField(null=True)
    expected_count = models.PositiveIntegerField(default=0)
    checked_count = models.PositiveIntegerField(default=0)
    done_count = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(_("上传时间"))
    finished_at = models.DateTimeField(_("完成时间"), null=True)

    objects = ImportQuerySet.as_manager()

    class Meta:
        verbose_name = _("导入")
        verbose_name_plural = _("导入")
        indexes = [models.Index(fields=["owner", "-id"], name="import_owner")]

    def __str__(self) -> str:
        return self.file_name

    @property
    def batch(self) -> str:
        """The mark of this import in the journal."""
        return f"import-{self.pk}"


class ImportRow(models.Model):
    """One row of the file: ``cells`` as they stood, ``reading`` what was understood (in JSON form),
    ``problems`` what was not. ``match_id`` is the customer that is the same, ``match_row`` the earlier row.

    ``match_version`` is that customer as the check saw it, 0 for one that came later: what others change
    after it is not overwritten. ``clash`` holds what collided, while the outcome is a conflict.
    ``corrected`` has the texts that stood in cells before somebody corrected them, by column.
    ``is_double``: there is such a match; ``is_warned``: the row comes in though something was not understood.
    """

    source = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="rows", db_index=False)
    number = models.PositiveIntegerField(_("行"))
    cells = models.JSONField(default=list)
    reading = models.JSONField(default=dict)
    problems = models.JSONField(default=list)
    name_key = models.CharField(max_length=120, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    outcome = models.CharField(_("结果"), max_length=10, choices=Outcome)
    decision = models.CharField(_("处理"), max_length=8, choices=Decision, blank=True)
    match_id = models.BigIntegerField(null=True)
    match_version = models.PositiveIntegerField(null=True)
    match_row = models.PositiveIntegerField(null=True)
    match_why = models.CharField(max_length=10, blank=True)
    is_double = models.BooleanField(default=False)
    is_warned = models.BooleanField(default=False)
    corrected = models.JSONField(default=dict)
    is_corrected = models.BooleanField(default=False)
    customer_id = models.BigIntegerField(null=True)
    is_done = models.BooleanField(default=False)
    clash = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("导入行")
        verbose_name_plural = _("导入行")
        constraints = [models.UniqueConstraint(fields=["source", "number"], name="import_row_once")]
        indexes = [
            models.Index(fields=["source", "outcome", "number"], name="import_row_outcome"),
            models.Index(fields=["source", "name_key"], name="import_row_name"),
            models.Index(fields=["source", "phone"], name="import_row_phone"),
            models.Index(fields=["source", "number"], name="import_row_double", condition=Q(is_double=True)),
            models.Index(fields=["source", "number"], name="import_row_warned", condition=Q(is_warned=True)),
            models.Index(
                fields=["source", "number"], name="import_row_corrected", condition=Q(is_corrected=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}"
