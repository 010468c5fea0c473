"""The one door of the room: SearchIndex."""

from collections.abc import Collection, Iterable, Sequence
from itertools import islice
from types import ModuleType
from typing import Any, NamedTuple

from django.db import connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import BooleanField, F, Func, Q
from django.db.models.sql.compiler import SQLCompiler

from kebu.base.search import engine_postgresql, engine_sqlite
from kebu.base.search.entries import COLUMNS, Document, Entry, entry, label_mark, label_text
from kebu.base.search.terms import Numbers, Term, recheck, terms

KINDS = frozenset({"customer"})
CHUNK = 1000
CAP = 1001
SOME = 1500
FEW = 5000
DENSE = 1 / 50  # a page of 50 is found among 2,500 rows

_ENGINES: dict[str, ModuleType] = {"sqlite": engine_sqlite, "postgresql": engine_postgresql}


class Holds(Func):
    """True where the entry of the record named by the expression fulfils the terms; judged row by row."""

    output_field = BooleanField()

    def __init__(self, expression: Any, table: str, wanted: Sequence[Term], labels: Collection[str] | None):
        super().__init__(expression)
        self.table, self.wanted, self.labels = table, tuple(wanted), labels

    def as_sql(  # type: ignore[override]
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper
    ) -> tuple[str, tuple[Any, ...]]:
        """Write the correlated EXISTS."""
        outer, outer_params = compiler.compile(self.source_expressions[0])
        exactly, params = recheck(self.wanted)
        clauses = [f"entry.id = {outer}", *exactly]
        if self.labels is not None:
            clauses.append("(" + " OR ".join(["entry.labels LIKE %s"] * len(self.labels)) + ")")
            params += [f"%{label_mark(label)}=%" for label in sorted(self.labels)]
        where = " AND ".join(clauses)
        return f"EXISTS(SELECT 1 FROM {self.table} entry WHERE {where})", (*outer_params, *params)


class Among(Func):
    """True where the id named by the expression is one of these, thousands perhaps, at the cost of one."""

    output_field = BooleanField()

    def __init__(self, expression: Any, ids: Sequence[int]):
        super().__init__(expression)
        self.ids = tuple(ids)

    def as_sql(  # type: ignore[override]
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper
    ) -> tuple[str, tuple[Any, ...]]:
        """Write the comparison."""
        outer, params = compiler.compile(self.source_expressions[0])
        comparison, ids = _ENGINES[connection.vendor].among(self.ids)
        return f"{outer} {comparison}", (*params, *ids)


class Hits(NamedTuple):
    """Two filters: all matches, and so many of the newest that counting them may be enough."""

    all: Q
    some: Q | None = None


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
        return _ENGINES[connection.vendor]

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
        return self._find(terms(query, numbers), labels, limit)

    def _find(self, wanted: Sequence[Term], labels: Collection[str] | None, limit: int) -> list[int]:
        if not wanted or limit < 1 or (labels is not None and not labels):
            return []
        with connection.cursor() as cursor:
            ids: list[int] = self._engine.find(cursor, self.table, wanted, labels, limit)
        return ids

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

        Up to FEW matches become a list of ids. More, or many among the newest records, are judged row by row,
        which a limited list soon ends. A query without letter or digit filters by the labels only.
        """
        wanted = terms(query, numbers)
        if labels is not None and not labels:
            return Hits(Q(**{f"{field}__in": []}))
        if not wanted:
            return Hits(Q() if labels is None else Q(Holds(F(field), self.table, wanted, labels)))
        ids = newest = self._find(wanted, labels, SOME)
        if len(ids) == SOME and SOME / (ids[0] - ids[-1] + 1) < DENSE:
            ids = self._find(wanted, labels, FEW + 1)
        if len(ids) < SOME or SOME < len(ids) <= FEW:
            return Hits(Q(Among(F(field), ids)) if ids else Q(**{f"{field}__in": ids}))
        return Hits(Q(Holds(F(field), self.table, wanted, labels)), Q(Among(F(field), newest)))

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
