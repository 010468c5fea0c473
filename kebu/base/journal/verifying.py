"""Verification: reads the whole chain once, in order and with flat memory, and says what does not fit."""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, NamedTuple, cast

from django.utils.translation import gettext as _

from kebu.base.journal import anchors
from kebu.base.journal.chain import PENDING, JournalHead
from kebu.base.journal.choices import JOURNAL, Action
from kebu.base.journal.findings import Report
from kebu.base.journal.models import JournalEntry
from kebu.base.journal.seals import COLUMNS, GENESIS, body_of, digest_of, is_marked, seal_of
from kebu.base.journal.upkeep import ranges_of

CHUNK = 2_000
WINDOW = 40  # entries looked at together to tell a move from a change
Progress = Callable[[int, int], None]


class Row(NamedTuple):
    """What is read of an entry."""

    seq: int
    seal: str
    salt: str
    record_name: str
    changes: Any
    body: tuple[Any, ...]

    @property
    def pk(self) -> int:
        return int(self.body[0])

    @property
    def action(self) -> str:
        return str(self.body[COLUMNS.index("action")])

    @property
    def is_of_journal(self) -> bool:
        return str(self.body[COLUMNS.index("kind")]) == JOURNAL

    def sealed(self, before: str, seq: int) -> str:
        """The seal it would bear there; none when its time is no time."""
        return seal_of(before, seq, body_of(self.body)) if self.body[1] else ""

    def has_own_values(self) -> bool:
        """Say whether name and values are those of the digest; erased ones are judged at the end."""
        if not self.salt:
            return self.changes == {} and self.record_name == ""
        return bool(digest_of(self.record_name, self.changes, self.salt) == self.body[-1])


def verify(progress: Progress | None = None) -> Report:
    """Read the chain and compare; what the retention took away meanwhile is read again without it."""
    start, again = time.monotonic(), 2
    while True:
        before = _head()
        report = Reading(before, progress or (lambda _done, _total: None)).report()
        again -= 1
        if report.is_clean or not again or _head().base_seq == before.base_seq:
            report.seconds = time.monotonic() - start
            return report


def _head() -> JournalHead:
    return JournalHead.objects.filter(pk=1).first() or JournalHead()


class Reading:
    """One passage through the chain."""

    def __init__(self, head: JournalHead, progress: Progress) -> None:
        self.head, self.progress = head, progress
        self.found = Report()
        self.anchors, self.strange_anchors = anchors.read()
        self.sealed_at = {one.seq: one.seal for one in self.anchors}
        self.blank: list[tuple[int, int]] = []  # place and number of entries without values
        self.erased: list[range] = []
        self.suspects: list[tuple[Row, Row | None]] = []  # with the entry before
        self.rest, self.rest_from = 0, cast("Row | None", None)  # suspects behind the first ones
        self.last: Row | None = None

    def report(self) -> Report:
        """Read everything."""
        self._outside()
        for row in _rows(self.head.base_seq):
            self._look_at(row)
            if self.found.checked % CHUNK == 0:
                self.progress(self.found.checked, self.head.count)
        self._judge_suspects()
        self._judge_end()
        self._judge_blank()
        self._judge_anchors()
        self.found.findings.sort(key=lambda finding: (finding.seq is None, finding.seq or 0))
        return self.found

    def _outside(self) -> None:
        """Entries that stand where none can stand, and the row of the chain's end itself."""
        if (self.head.mark or self.head.seq) and not self.head.has_own_mark():
            self.found.head(_("日志链的末端记录被改过，或者不是这个安装写的"))
        for pk, seq in JournalEntry.objects.filter(seq__lte=self.head.base_seq).values_list("id", "seq")[
            :100
        ]:
            self.found.inserted(seq, pk)
        for entry in JournalEntry.objects.filter(seq=None).values_list("seal", *COLUMNS).iterator(CHUNK):
            if is_marked(body_of(entry[1:]), PENDING, entry[0]):
                self.found.waiting += 1
            else:
                self.found.inserted(None, entry[1])

    def _look_at(self, row: Row) -> None:
        self.found.checked += 1
        before, last = (
            (self.last.seal, self.last.seq) if self.last else (self.head.base_seal, self.head.base_seq)
        )
        follows = row.seq == last + 1
        if not follows and row.seq > last:
            self.found.missing(last + 1, row.seq - 1)
        if not row.has_own_values():
            self.found.changed(row.seq, row.pk, is_value=True)
        elif follows and row.sealed(before, row.seq) != row.seal:
            self._suspect(row)
        elif row.seq == last:
            self.found.inserted(row.seq, row.pk)
        self._note_erasure(row)
        wanted = self.sealed_at.get(row.seq)
        if wanted and wanted != row.seal:
            text = _("第%(seq)d条（编号%(id)d）的封印和数据文件夹里的锚点对不上：这一条或更早的被重写过")
            self.found.add("anchor", row.seq, row.pk, text % {"seq": row.seq, "id": row.pk})
        self.last = row

    def _note_erasure(self, row: Row) -> None:
        if not row.salt:
            self.blank.append((row.seq, row.pk))
        elif row.is_of_journal and row.action == Action.ERASE and isinstance(row.changes, dict):
            self.erased += ranges_of(str(row.changes.get("erased", [None, ""])[1]))

    def _suspect(self, row: Row) -> None:
        if len(self.suspects) < WINDOW:
            self.suspects.append((row, self.last))
        else:
            self.rest += 1
            self.rest_from = self.rest_from or row

    def _judge_suspects(self) -> None:
        """Tell entries that stood elsewhere, entries put between, and entries that were changed."""
        rows = {row.seq: row for pair in self.suspects for row in pair if row}
        seals = {row.seal for row in rows.values()} | {self.head.base_seal, GENESIS}
        places = sorted({seq + step for seq in rows for step in (-1, 0, 1)})
        origins = {row.seq: _origin(row, places, seals) for row, _before in self.suspects}
        claimed = {origin for origin in origins.values() if origin is not None}
        for row, _before in self.suspects:
            origin = origins[row.seq]
            if origin is not None and origin != row.seq:
                self.found.moved(row.seq, row.pk, origin)
            elif origin is None and row.seq in claimed:
                self.found.inserted(row.seq, row.pk)
            else:
                self.found.changed(row.seq, row.pk, is_value=False)
        if self.rest_from:
            self.found.others(self.rest_from.seq, self.rest_from.pk, self.rest)

    def _judge_end(self) -> None:
        """Compare the last entry with the row that knows the end; who wrote meanwhile moved both."""
        head, last = _head(), self.last
        seq, seal = (last.seq, last.seal) if last else (self.head.base_seq, self.head.base_seal)
        self.found.last_seq = seq
        if seq < self.head.seq:
            self.found.tail(seq + 1, self.head.seq)
        elif seq > head.seq:
            self.found.inserted(seq, last.pk if last else 0)
        elif seq == self.head.seq and seal != self.head.seal:
            self.found.head(_("最后一条的封印和日志链的末端对不上"))
        there = JournalEntry.objects.filter(seq__gt=self.head.base_seq, seq__lte=seq).count()
        if there > self.found.checked:
            self.found.inserted(seq, last.pk if last else 0)

    def _judge_blank(self) -> None:
        for seq, pk in self.blank:
            if not any(pk in span for span in self.erased):
                self.found.blanked(seq, pk)

    def _judge_anchors(self) -> None:
        """Entries that stood there when an anchor was dropped are still there."""
        if self.strange_anchors:
            text = _("锚点文件里有%(count)d行不是这个安装写的，或者被改过")
            self.found.add("anchor", None, None, text % {"count": self.strange_anchors})
        far = max((one.seq for one in self.anchors), default=0)
        if far > max(self.found.last_seq, self.head.seq):
            self.found.tail(self.found.last_seq + 1, far)


def _rows(after: int) -> Iterator[Row]:
    """All entries behind a place, in order."""
    names = ("seq", "seal", "salt", "record_name", "changes", *COLUMNS)
    while True:
        chunk: Any = JournalEntry.objects.filter(seq__gt=after).order_by("seq", "id")[:CHUNK]
        try:
            rows = [Row._make((*values[:5], values[5:])) for values in chunk.values_list(*names)]
        except (ValueError, TypeError):  # a column holds what it cannot hold
            keys: Any = chunk.values_list("seq", "seal", "id")
            rows = [_row(key, names) for key in keys]
        yield from rows
        if len(rows) < CHUNK:
            return
        after = rows[-1].seq


def _row(key: tuple[int, str, int], names: Sequence[str]) -> Row:
    """One entry; an unreadable one has values that fit no digest."""
    seq, seal, pk = key
    try:
        values: Any = JournalEntry.objects.values_list(*names).get(pk=pk)
    except (ValueError, TypeError):
        return Row(seq, seal, "", "", None, (pk, *[None] * (len(COLUMNS) - 1)))
    return Row._make((*values[:5], values[5:]))


def _origin(row: Row, places: Iterable[int], seals: Iterable[str]) -> int | None:
    """The place at which the entry's seal fits, if it is one of these."""
    seals = list(seals)
    near = sorted(places, key=lambda seq: abs(seq - row.seq))
    return next((seq for seq in near for seal in seals if row.sealed(seal, seq) == row.seal), None)
