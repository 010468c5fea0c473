"""The chain of seals: where it ends, and how entries get their place in it.

A database with one writer at a time (SQLite) gives entries their place as they are written. Where many write
at once (PostgreSQL), a lock on the end of the chain would make transactions wait for each other until they
commit, and two that also want the same customer would dead-lock; there an entry is written with a mark of the
installation, and sealed in a short transaction of its own right after the commit.
"""

import secrets
from collections.abc import Sequence
from operator import attrgetter
from typing import Any

from django.apps import apps
from django.db import connection, models, transaction
from django.utils.translation import gettext_lazy as _

from kebu.base.bulk.rows import write_many
from kebu.base.journal.seals import COLUMNS, GENESIS, body_of, digest_of, is_marked, mark_of, seal_of

columns_of = attrgetter(*COLUMNS)
HEAD, PENDING = "head", "pending"  # purposes of marks
AT_ONCE = 2_000


class JournalHead(models.Model):
    """The one row that knows where the chain ends, and behind which entry it begins after old ones went.

    ``mark`` is the installation's own, so that a look at the tables alone does not suffice to write another.
    """

    seq = models.BigIntegerField(_("末条序号"), default=0)
    seal = models.CharField(_("末条封印"), max_length=64, default=GENESIS)
    count = models.BigIntegerField(_("条数"), default=0)
    base_seq = models.BigIntegerField(_("起点序号"), default=0)
    base_seal = models.CharField(_("起点封印"), max_length=64, default=GENESIS)
    mark = models.CharField(_("签章"), max_length=64, default="")

    class Meta:
        verbose_name = _("日志链")
        verbose_name_plural = _("日志链")

    def __str__(self) -> str:
        return f"{self.seq} {self.seal[:8]}"

    @property
    def text(self) -> str:
        """What the mark stands under."""
        return f"{self.seq} {self.seal} {self.count} {self.base_seq} {self.base_seal}"

    def has_own_mark(self) -> bool:
        """Say whether this installation wrote the row as it stands."""
        return is_marked(self.text, HEAD, self.mark)

    def keep(self) -> None:
        """Write the row, in the transaction of the entries it tells of."""
        self.mark = mark_of(self.text, HEAD)
        self.save(force_update=True)


def held_head() -> JournalHead:
    """The end of the chain, held until the transaction ends."""
    head = JournalHead.objects.select_for_update().filter(pk=1).first()
    if head is None:
        JournalHead.objects.bulk_create([_found_again()], ignore_conflicts=True)
        head = JournalHead.objects.select_for_update().get(pk=1)
    return head


def _found_again() -> JournalHead:
    """The row as it must be where somebody took it away: people can go on, the verification tells."""
    entries: Any = apps.get_model("journal", "JournalEntry")._default_manager
    placed = entries.exclude(seq=None).order_by("seq")
    first, last = placed.first(), placed.last()
    if first is None or last is None:
        return JournalHead(pk=1)
    base = {"base_seq": first.seq - 1, "base_seal": "" if first.seq > 1 else GENESIS}
    return JournalHead(pk=1, seq=last.seq, seal=last.seal, count=placed.count(), **base)


def seals_at_once() -> bool:
    """Whether writers cannot meet, so that an entry is sealed as it is written."""
    return not connection.features.has_select_for_update


def digest(entries: Sequence[Any]) -> None:
    """Give new entries their salt and the digest of their personal values."""
    salts = secrets.token_hex(16 * len(entries))
    for place, entry in enumerate(entries):
        entry.salt = salts[32 * place : 32 * place + 32]
        entry.digest = digest_of(entry.record_name, entry.changes, entry.salt)


def link(entries: Sequence[Any]) -> None:
    """Give entries, whose ids are known, the next places of the chain."""
    head = held_head()
    seq, seal = head.seq, head.seal
    for entry in entries:
        seq += 1
        seal = seal_of(seal, seq, body_of(columns_of(entry)))
        entry.seq, entry.seal = seq, seal
    head.seq, head.seal, head.count = seq, seal, head.count + len(entries)
    head.keep()


def mark(entries: Sequence[Any]) -> None:
    """Mark entries, whose ids are known, as waiting for their place."""
    for entry in entries:
        entry.seq, entry.seal = None, mark_of(body_of(columns_of(entry)), PENDING)


def seal_soon() -> None:
    """Let what this transaction wrote be sealed when it is committed; once for all of it."""
    waiting: Any = seal_waiting
    if not any(call[1] is waiting for call in connection.run_on_commit):
        transaction.on_commit(waiting, robust=True)


def seal_waiting() -> int:
    """Seal the entries that wait for their place, oldest first; count them.

    One that does not bear the installation's mark was written past the house: it stays outside the chain,
    where the verification finds it.
    """
    done = 0
    while sealed := _seal_some():
        done += sealed
    return done


@transaction.atomic
def _seal_some() -> int:
    model: Any = apps.get_model("journal", "JournalEntry")
    waiting = model.objects.filter(seq=None)
    if not waiting.exists():
        return 0
    held_head()
    found = waiting.order_by("id")[:AT_ONCE]
    ours = [entry for entry in found if is_marked(body_of(columns_of(entry)), PENDING, entry.seal)]
    if not ours:
        return 0
    link(ours)
    write_many(model, ("seq", "seal"), [(entry.pk, entry.seq, entry.seal) for entry in ours])
    return len(ours)
