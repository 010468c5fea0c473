"""The journal's one table; it only grows."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NoReturn

from django.db import models
from django.utils.translation import gettext_lazy as _

from kebu.base.bulk.fresh import fresh
from kebu.base.bulk.rows import insert_many
from kebu.base.journal.authors import Author
from kebu.base.journal.chain import JournalHead, digest, link, mark, seal_soon, seals_at_once
from kebu.base.journal.choices import Action, Door

__all__ = ["JournalEntry", "JournalHead", "JournalQuerySet", "Line"]


@dataclass(frozen=True, slots=True)
class Line:
    """One thing to write down: the record, the customer it hangs on and its changed fields.

    ``changes`` maps a field's name to ``[before, after]`` in the field's JSON form; ``at`` only when it
    differs from the time of the whole write.
    """

    kind: str
    record_id: int
    name: str
    action: Action
    version: int
    customer_id: int | None = None
    changes: dict[str, list[Any]] = field(default_factory=dict)
    at: datetime | None = None


class JournalQuerySet(models.QuerySet["JournalEntry"]):
    """Writing and reading the journal."""

    def record(self, lines: Iterable[Line], *, by: Author, at: datetime) -> None:
        """Append one entry per line, in the caller's transaction; see chain for its place there."""
        entries = [
            fresh(
                JournalEntry,
                at=line.at or at,
                author_id=by.user_id,
                author_name=by.name,
                door=by.door,
                address=by.address,
                batch=by.batch,
                kind=line.kind,
                record_id=line.record_id,
                record_name=line.name[:120],
                action=line.action,
                version=line.version,
                customer_id=line.customer_id,
                changes=line.changes,
            )
            for line in lines
        ]
        digest(entries)
        if seals_at_once():
            insert_many(entries, numbered=link)
        elif entries:
            insert_many(entries, numbered=mark)
            seal_soon()

    def of_record(self, kind: str, record_id: int) -> "JournalQuerySet":
        """Entries of one record, oldest first."""
        return self.filter(kind=kind, record_id=record_id).order_by("id")

    def readable(self) -> "JournalQuerySet":
        """Entries whose values were not erased."""
        return self.exclude(salt="")

    def update(self, **kwargs: Any) -> NoReturn:
        """Entries stay as they were written; see upkeep for the two exceptions."""
        raise TypeError("the journal is append-only")

    def delete(self) -> NoReturn:
        """Entries go by age alone, oldest first; see upkeep."""
        raise TypeError("the journal is append-only")


class JournalEntry(models.Model):
    """One change of one record; ordered by id, never by clock. Customers and users are kept as numbers,
    for the journal stands below their rooms and outlives their rows.

    ``seq`` is its place in the chain of seals (None: waits for it); an entry whose values were erased has no
    ``salt``. Events without a record (signing in, an export) have the number 0.
    """

    at = models.DateTimeField(_("时间"))
    author_id = models.BigIntegerField(_("操作人编号"), null=True)
    author_name = models.CharField(_("操作人"), max_length=60)
    door = models.CharField(_("入口"), max_length=10, choices=Door.choices)
    address = models.CharField(_("地址"), max_length=45, blank=True)
    batch = models.CharField(_("批次"), max_length=40, blank=True)
    kind = models.CharField(_("对象"), max_length=20)
    record_id = models.BigIntegerField(_("对象编号"))
    record_name = models.CharField(_("对象名称"), max_length=120)
    action = models.CharField(_("动作"), max_length=10, choices=Action.choices)
    version = models.PositiveIntegerField(_("版本"))
    customer_id = models.BigIntegerField(_("客户"), null=True)
    changes = models.JSONField(_("变更内容"), default=dict)
    seq = models.BigIntegerField(_("序号"), null=True, unique=True)
    salt = models.CharField(_("盐"), max_length=32, default="", blank=True)
    digest = models.CharField(_("内容摘要"), max_length=64, default="")
    seal = models.CharField(_("封印"), max_length=64, default="")

    objects = JournalQuerySet.as_manager()

    class Meta:
        verbose_name = _("操作日志")
        verbose_name_plural = _("操作日志")
        indexes = [
            models.Index(fields=["customer_id", "id"], name="journal_customer"),
            models.Index(fields=["kind", "record_id", "id"], name="journal_record"),
            models.Index(fields=["author_id", "id"], name="journal_author"),
            models.Index(fields=["action", "id"], name="journal_action"),
            models.Index(fields=["at"], name="journal_at"),
        ]

    def __str__(self) -> str:
        return f"{self.record_name} {self.get_action_display()}"

    @property
    def is_erased(self) -> bool:
        """Its values are gone for good, its place in the chain is not."""
        return not self.salt
