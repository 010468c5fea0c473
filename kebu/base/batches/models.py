"""Batch and what was left out of it."""

from datetime import datetime
from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kebu.base.access.choices import Permission
from kebu.base.access.queries import Viewer
from kebu.base.batches.choices import UNDO, UNDO_TIME, State
from kebu.base.journal.authors import Author
from kebu.base.journal.choices import Door
from kebu.base.journal.upkeep import ranges_in_words, ranges_of


class BatchQuerySet(models.QuerySet["Batch"]):
    """Batches, shown to who did them; who manages the staff and sees every customer sees all."""

    def visible_to(self, user: Viewer) -> Self:
        """Keep the batches that ``user`` may look at."""
        if user.owner_ids(Permission.CUSTOMER_VIEW) is None and user.can(Permission.STAFF_MANAGE):
            return self
        return self.filter(author_id=user.pk)


class Batch(models.Model):
    """What somebody did to many records in one go; ``code`` is its mark in the journal.

    ``selection`` holds the records' numbers as ranges, ``handled_count`` how many of them had their turn: the
    cursor, written in the transaction of each chunk. ``changed_count`` were changed, ``left_count`` left out.
    """

    code = models.CharField(_("批次"), max_length=40, unique=True)
    kind = models.CharField(_("操作"), max_length=20)
    title = models.CharField(_("内容"), max_length=200)
    author_id = models.BigIntegerField(_("操作人编号"), null=True)
    author_name = models.CharField(_("操作人"), max_length=60)
    door = models.CharField(_("入口"), max_length=10, choices=Door.choices)
    address = models.CharField(_("地址"), max_length=45, blank=True)
    at = models.DateTimeField(_("时间"))
    args = models.JSONField(default=dict)
    selection = models.TextField(blank=True)
    total = models.PositiveIntegerField(_("选中"), default=0)
    handled_count = models.PositiveIntegerField(_("已处理"), default=0)
    changed_count = models.PositiveIntegerField(_("已改"), default=0)
    left_count = models.PositiveIntegerField(_("没有动"), default=0)
    state = models.CharField(_("状态"), max_length=8, choices=State, default=State.RUNNING)
    problem = models.CharField(_("原因"), max_length=300, blank=True)
    finished_at = models.DateTimeField(_("完成时间"), null=True)
    job_id = models.BigIntegerField(null=True)
    undoes = models.OneToOneField(
        "self", verbose_name=_("撤销的批次"), null=True, on_delete=models.PROTECT, related_name="undoing"
    )

    objects = BatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("批次")
        verbose_name_plural = _("批次")
        indexes = [models.Index(fields=["author_id", "-id"], name="batch_author")]

    def __str__(self) -> str:
        return self.title

    @property
    def ids(self) -> list[int]:
        """The numbers of the records chosen, ascending."""
        return [pk for span in ranges_of(self.selection) for pk in span]

    @ids.setter
    def ids(self, ids: list[int]) -> None:
        numbers = sorted(set(ids))
        self.selection, self.total = ranges_in_words(numbers), len(numbers)

    @property
    def author(self) -> Author:
        """Who does it, as the journal names him."""
        return Author(self.author_id, self.author_name, Door(self.door), self.address, self.code)

    @property
    def root(self) -> "Batch":
        """What was done at first, however often it was taken back since."""
        batch = self
        while batch.undoes is not None:
            batch = batch.undoes
        return batch

    @property
    def root_kind(self) -> str:
        """The kind of what was done at first."""
        return self.root.kind

    @property
    def is_undo(self) -> bool:
        return self.kind == UNDO

    @property
    def is_running(self) -> bool:
        return self.state == State.RUNNING

    @property
    def undo_until(self) -> datetime:
        """Until when it can be taken back."""
        return self.at + UNDO_TIME

    @property
    def is_undone(self) -> bool:
        """Say whether it was taken back, or is being."""
        return Batch.objects.filter(undoes=self).exists()

    @property
    def is_in_time(self) -> bool:
        return timezone.now() < self.undo_until

    @property
    def can_be_undone(self) -> bool:
        """Say whether there is something to take back, and still time for it."""
        return bool(self.changed_count) and not self.is_running and self.is_in_time and not self.is_undone


class Leftover(models.Model):
    """A record of the selection that was left as it was, and why; with ``clashes`` a conflict: what the batch
    had written, what stands there now, what stood there before, in words."""

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="leftovers", db_index=False)
    record_id = models.BigIntegerField()
    record_name = models.CharField(_("客户"), max_length=120)
    reason = models.CharField(_("原因"), max_length=300)
    clashes = models.JSONField(default=list)

    class Meta:
        verbose_name = _("没有动的记录")
        verbose_name_plural = _("没有动的记录")
        indexes = [
            models.Index(fields=["batch", "id"], name="leftover_batch"),
            models.Index(fields=["batch", "id"], name="leftover_conflict", condition=~Q(clashes=[])),
        ]

    def __str__(self) -> str:
        return self.record_name


def left(record_id: int, name: str, reason: Any, clashes: list[dict[str, Any]] | None = None) -> Leftover:
    """A record to leave out, not saved yet."""
    return Leftover(
        record_id=record_id, record_name=name[:120], reason=str(reason)[:300], clashes=clashes or []
    )
