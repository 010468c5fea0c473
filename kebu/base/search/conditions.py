"""What a queryset is filtered by: ids, the index's answer gathered at once, or the text of each row."""

from collections.abc import Collection, Sequence
from typing import Any, NamedTuple

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import BooleanField, Func, Q
from django.db.models.sql.compiler import SQLCompiler

from kebu.base.search.engines import ENGINES
from kebu.base.search.entries import label_mark
from kebu.base.search.terms import Term, recheck


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
        apart = ENGINES[connection.vendor].APART
        return f"EXISTS(SELECT 1 FROM {self.table} entry WHERE {where}{apart})", (*outer_params, *params)


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
        comparison, ids = ENGINES[connection.vendor].among(self.ids)
        return f"{outer} {comparison}", (*params, *ids)


class Proposed(Func):
    """True where the index proposes the id named by the expression; the matches are gathered once."""

    output_field = BooleanField()

    def __init__(self, expression: Any, table: str, wanted: Sequence[Term], labels: Collection[str] | None):
        super().__init__(expression)
        self.table, self.wanted, self.labels = table, tuple(wanted), labels

    def as_sql(  # type: ignore[override]
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper
    ) -> tuple[str, tuple[Any, ...]]:
        """Write the comparison with the index's answer."""
        outer, params = compiler.compile(self.source_expressions[0])
        comparison, query = ENGINES[connection.vendor].proposed(outer, self.table, self.wanted, self.labels)
        return comparison, (*params, query)


class Hits(NamedTuple):
    """Two filters: all matches, and so many of the newest that counting them may be enough; and the ids of
    the latter, as far as the index tells that they have a label; where ``is_whole``, of all."""

    all: Q
    some: Q | None = None
    newest: Sequence[int] = ()
    is_whole: bool = False
