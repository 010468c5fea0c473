"""What records are found by."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.functional import Promise

from kebu.base.fields.choices import OPPOSITES, Operator, Use
from kebu.base.fields.directories import Context
from kebu.base.fields.fieldsets import Field
from kebu.base.fields.kinds import Kind, Said
from kebu.base.fields.meanings import linked

Rows = Callable[[Context], QuerySet[Any]]
NEVER_MISSING = frozenset({Operator.EMPTY, Operator.FILLED})


@dataclass(frozen=True)
class Facet:
    """A field of the records themselves, or of what hangs on them.

    ``fields`` must all be open to the reader for filtering. ``rows`` are what hangs on the records, by their
    column ``link``: the condition is then that a record has such a row, what is denied is that it has any.
    """

    name: str
    label: str | Promise
    kind: Kind
    path: str
    section: str | Promise = ""
    fields: tuple[Field, ...] = ()
    rows: Rows | None = None
    link: str = ""
    can_be_empty: bool = True
    words: str = ""

    @classmethod
    def of_field(cls, item: Field) -> "Facet":
        """The facet that a field of the records is."""
        return cls(
            item.name, item.label, item.kind, item.path, item.section, (item,),
            can_be_empty=item.can_be_empty, words=" ".join(item.synonyms),
        )  # fmt: skip

    @property
    def operators(self) -> tuple[Operator, ...]:
        """What can be said of it."""
        missing = frozenset() if self.can_be_empty else NEVER_MISSING
        return tuple(operator for operator in self.kind.operators if operator not in missing)

    def allows(self, context: Context) -> bool:
        """Whether the reader may find records by it."""
        return all(item.allows(Use.FILTER, context) for item in self.fields)

    def meaning(
        self, operator: Operator, texts: Sequence[str], context: Context, *, on_the_way: bool = False
    ) -> Q:
        """The condition on the records, ``on_the_way`` for asking them one by one until there are enough.
        Raises Unreadable."""
        if self.rows is None:
            return self.kind.meaning(operator, self.path, texts, context)
        is_denied = operator in OPPOSITES and operator in self.kind.operators
        found = self.found(OPPOSITES[operator] if is_denied else operator, texts, context)
        if is_denied or on_the_way:
            has_such = linked(found, self.link)
            return ~has_such if is_denied else has_such
        return Q(pk__in=found.values(self.link))

    def found(self, operator: Operator, texts: Sequence[str], context: Context) -> QuerySet[Any]:
        """Those of what hangs on records of which this is true. Raises Unreadable."""
        rows = self.rows(context) if self.rows else None
        assert rows is not None  # noqa: S101  asked of facets with rows only
        return rows.filter(self.kind.meaning(operator, self.path, texts, context))

    def said(self, operator: Operator, texts: Sequence[str], context: Context) -> Said:
        """The condition in words behind the label. Raises Unreadable."""
        return self.kind.said(operator, texts, context)
