"""The one door of the room: SearchIndex."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import chain, islice
from typing import Any, TypeVar

from django.db import connection, transaction
from django.db.models import F, Model, Q, QuerySet

from kebu.base.search.conditions import Among, Hits, Holds, Proposed
from kebu.base.search.engines import ENGINES
from kebu.base.search.entries import COLUMNS, Document, Entry, entry, label_text
from kebu.base.search.shares import share_of
from kebu.base.search.terms import Numbers, Term, separated, terms, undecided

KINDS = frozenset({"customer"})
CHUNK = 1000
CAP = 1001
SOME = 1200  # so many of the newest are enough to count up to the cap
FEW = 12_000
MOST = 0.5  # of the records

Row = TypeVar("Row", bound=Model)


class SearchIndex:
    """The text index of one kind of record. All writing joins the caller's transaction.

    A query is words separated by spaces; a record must hold all of them, in any order. A word is held by any
    part of a name; by any part of a number from three characters on, by its beginning below that; and, if in
    latin letters, by pinyin from the start of any syllable, the last perhaps unfinished, or by initials in a
    row. Width, case and punctuation do not matter (requirement D9).
    """

    def __init__(self, kind: str) -> None:
        if kind not in KINDS:
            raise ValueError(f"no search index for {kind!r}")
        self.table = f"search_{kind}"

    @property
    def _engine(self) -> Any:
        return ENGINES[connection.vendor]

    def put(self, documents: Iterable[Document]) -> None:
        """Insert or replace; what did not change is not written. A later document of the same id wins."""
        folded = map(entry, documents)
        while chunk := {each.id: each for each in islice(folded, CHUNK)}:
            stored = {each.id: each for each in self._stored(chunk)}
            self._write([each for each in chunk.values() if stored.get(each.id) != each])

    def take_back(self, entries: Sequence[Entry]) -> None:
        """Put entries as they were stored before, for a restore."""
        self._write(entries)

    def remove(self, ids: Iterable[int]) -> None:
        """Forget records; unknown ids are no error."""
        with transaction.atomic(savepoint=False), connection.cursor() as cursor:
            self._engine.remove(cursor, self.table, list(ids))

    def relabel(self, ids: Iterable[int], labels: Collection[str]) -> None:
        """Give records these labels instead of those they had; unknown ids are no error."""
        text = label_text(labels)
        waiting = iter(ids)
        while chunk := list(islice(waiting, CHUNK)):
            self._write([each._replace(labels=text) for each in self._stored(chunk) if each.labels != text])

    def find(
        self,
        query: str,
        labels: Collection[str] | None = None,
        limit: int = CAP,
        numbers: Numbers = Numbers.PARTS,
    ) -> list[int]:
        """Return the ids that match, highest first, at most ``limit``.

        With ``labels`` only records that have one of them. A query without letter or digit finds nothing.
        """
        return [*self._find(terms(query, numbers), labels, limit, limit)[0]]

    def _find(
        self, wanted: Sequence[Term], labels: Collection[str] | None, limit: int, most: int
    ) -> tuple[dict[int, str], bool]:
        """Return the newest ids and whether these are all; beyond ``limit`` where that costs nothing. With
        each come its labels, as far as the engine has them at hand."""
        if not wanted or limit < 1 or (labels is not None and not labels):
            return {}, True
        with connection.cursor() as cursor:
            parts = [
                self._engine.find(cursor, self.table, part, labels, limit, most) for part in separated(wanted)
            ]
        are_all = all(len(part) < most and len(part) != limit for part in parts)
        if len(parts) == 1:
            return parts[0], are_all
        found = dict(sorted(chain(*(part.items() for part in parts)), reverse=True))
        return found if are_all else dict(islice(found.items(), limit)), are_all

    def condition(
        self,
        query: str,
        labels: Collection[str] | None = None,
        field: str = "pk",
        numbers: Numbers = Numbers.PARTS,
    ) -> Q:
        """Return what to filter a queryset by; ``field`` is the path to the record's id. Never capped."""
        return self.hits(query, labels, field, numbers).all

    def hits(
        self,
        query: str,
        labels: Collection[str] | None = None,
        field: str = "pk",
        numbers: Numbers = Numbers.PARTS,
    ) -> Hits:
        """Ask the index at once, and return the conditions to be one of the matches, and of the newest.

        Few matches become a list of ids. Of more, the rows are asked in the order of the list whether they
        are among the matches, and only those whether the text says so too. Of very many, which a limited list
        soon meets, each row is judged by its text. A query without letter or digit filters by the labels.
        Labels of most records are left out: the caller narrows by rights what it shows.
        """
        wanted, some, whose = terms(query, numbers), SOME, labels
        if labels is not None and not labels:
            return Hits(Q(**{f"{field}__in": []}))
        if not wanted:
            return Hits(Q() if labels is None else Q(Holds(F(field), self.table, wanted, labels)))
        if labels is not None and (share := share_of(self.table, labels)) >= MOST:
            labels, some = None, round(SOME / share)
        found, are_all = self._find(wanted, labels, some, FEW)
        ids = [*found]
        if not ids:
            return Hits(Q(**{f"{field}__in": ids}))
        first = ids[:some] if len(ids) >= some else []
        newest = Q(Among(F(field), first)) if first else None
        told = first or (ids if are_all else [])
        known = told if labels == whose else _having(found, told, whose or ())
        if are_all:
            return Hits(Q(Among(F(field), ids)), newest, known, is_whole=not first)
        with connection.cursor() as cursor:
            are_many = self._engine.are_many(cursor, self.table, wanted, labels, ids)
        holds = Q(Holds(F(field), self.table, wanted, labels))
        if are_many:
            return Hits(holds, newest, known)
        proposed = Q(Proposed(F(field), self.table, wanted, labels))
        return Hits(proposed & holds if undecided(wanted) else proposed, newest, known)

    def newest(
        self,
        rows: QuerySet[Row],
        query: str,
        labels: Collection[str] | None = None,
        limit: int = CAP,
        numbers: Numbers = Numbers.PARTS,
    ) -> list[Row]:
        """Return those of the rows that match, the newest first; none for a query without letter or digit."""
        hits = self.hits(query, labels, numbers=numbers) if terms(query, numbers) else None
        found: list[Row] = []
        for condition in (hits.some, hits.all) if hits else ():
            if condition is not None and len(found) < limit:
                found = list(rows.filter(condition).order_by("-pk")[:limit])
        return found

    def rebuild(self, documents: Iterable[Document]) -> None:
        """Forget everything and put all documents anew in one transaction; searches may wait for it."""
        with transaction.atomic(), connection.cursor() as cursor:
            self._engine.clear(cursor, self.table)
            folded = map(entry, documents)
            while chunk := {each.id: each for each in islice(folded, CHUNK)}:
                self._engine.put(cursor, self.table, list(chunk.values()))
            self._engine.settle(cursor, self.table)

    def _write(self, entries: Sequence[Entry]) -> None:
        if entries:
            with transaction.atomic(savepoint=False), connection.cursor() as cursor:
                self._engine.put(cursor, self.table, entries)

    def _stored(self, ids: Collection[int]) -> list[Entry]:
        marks = ", ".join(["%s"] * len(ids))
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {COLUMNS} FROM {self.table} WHERE id IN ({marks})", list(ids))
            return [Entry(*row) for row in cursor.fetchall()]


def _having(found: Mapping[int, str], ids: Sequence[int], labels: Collection[str]) -> list[int]:
    """Those of the ids that have one of the labels, as far as that is told."""
    wanted = {text for text in {*found.values()} if not {*labels}.isdisjoint(text.split("="))}
    return [each for each in ids if found[each] in wanted]
