"""Keyset paging: page 20,000 of a sorted list comes as fast as page 1; counts that stop early.

Order is one column, then the primary key in the same direction, so one index (column, id) serves both ways.
Rows without a value stand at the end in both directions: they are read by a query of their own and only when
the rows with a value do not fill the page. A column whose order is not that of its values (stages in the
office's order) names them in ``ranks``: each value is a part of its own, read in the same index when needed.
The cursor in the address is the last row's place, not its rights: a wrong or forged one leads to the first
page.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, NamedTuple, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import Case, F, IntegerField, Model, Q, QuerySet, Value, When
from django.db.models.expressions import OrderBy

from kebu.base.bulk.plans import advised, takes_advice
from kebu.base.ui.cursors import Cursor, InvalidCursor, column_field

Row = TypeVar("Row", bound=Model)
Item = TypeVar("Item")


class Part(NamedTuple):
    """A stretch of a list; where all have one ``value``, the primary key alone orders them."""

    condition: Q
    is_one_value: bool
    value: Any = None


@dataclass(frozen=True, slots=True)
class Sort:
    """What a list is sorted by.

    ``nullable`` columns put rows without a value last, ``blank`` columns those with an empty text. ``ranks``
    are all values the column may have, in the order wanted.
    """

    column: str
    descending: bool = False
    nullable: bool = False
    blank: bool = False
    ranks: tuple[Any, ...] = ()

    @property
    def parts(self) -> list[Part]:
        """What the list consists of, from its beginning."""
        values = self.ranks[::-1] if self.descending else self.ranks
        parts = [Part(Q(**{self.column: value}), is_one_value=True, value=value) for value in values]
        if not parts:
            parts.append(Part(self.with_value() if self.has_gaps else Q(), self.column in ("id", "pk")))
        return [*parts, Part(self.without_value(), is_one_value=True)] if self.has_gaps else parts

    @property
    def place(self) -> Case | Value:
        """The number of a row's part, as an expression."""
        wanted = [
            When(part.condition, then=number) for number, part in enumerate(self.parts) if part.condition
        ]
        return Case(*wanted, output_field=IntegerField()) if wanted else Value(0)

    @property
    def ordering(self) -> list[OrderBy]:
        """The same order as expressions, for a window that numbers few rows; no index serves it."""
        values = [] if all(part.is_one_value for part in self.parts) else [self.column]
        return [OrderBy(self.place), *(OrderBy(F(name), self.descending) for name in (*values, "pk"))]

    def part_of(self, value: Any) -> int | None:
        """The number of the part in which a row with this value stands; None when there is none."""
        if self.lacks(value):
            return len(self.parts) - 1 if self.has_gaps else None
        values = self.ranks[::-1] if self.descending else self.ranks
        return (values.index(value) if value in values else None) if values else 0

    @property
    def has_gaps(self) -> bool:
        """Tell whether rows may have no value."""
        return self.nullable or self.blank

    def lacks(self, value: Any) -> bool:
        """Tell whether this value counts as none."""
        return value is None or (self.blank and value == "")

    def without_value(self) -> Q:
        """Return the condition for rows that have none."""
        return Q(**{self.column: ""}) if self.blank else Q(**{f"{self.column}__isnull": True})

    def with_value(self) -> Q:
        """Return the condition for rows that have one, as a range that an index serves."""
        return Q(**{f"{self.column}__gt": ""}) if self.blank else Q(**{f"{self.column}__isnull": False})


@dataclass(frozen=True, slots=True)
class Count:
    """A number of rows, exact up to a cap."""

    value: int
    is_capped: bool = False

    def __str__(self) -> str:
        return f"{self.value:,}{'+' if self.is_capped else ''}"


@dataclass(frozen=True, slots=True)
class Page(Generic[Item]):
    """One page of rows with the cursors of its neighbours ("" where there is none)."""

    items: Sequence[Item]
    next_cursor: str = ""
    prev_cursor: str = ""
    first_index: int = 1

    @property
    def last_index(self) -> int:
        """Return the place of the last row in the whole list, counting from 1."""
        return self.first_index + len(self.items) - 1


class Counter:
    """Counts rows, but never more than ``cap`` + 1 of them; kept, it is spared making the SQL again.

    ``along`` names an indexed column: read in its order, rows that fulfil the index's condition are counted
    in the index alone. ``index`` is one that SQLite would not find by itself; it must hold all of the rows.
    """

    def __init__(self, queryset: QuerySet[Any], cap: int = 1000, along: str = "", *, index: str = "") -> None:
        self.cap, self.database = cap, queryset.db
        rows = queryset.order_by(*([along] if along else [])).values_list("pk")[: cap + 1]
        try:
            sql, self.params = rows.query.get_compiler(rows.db).as_sql()
            sql = advised(sql, rows, index) if index else sql
            self.sql = f"SELECT COUNT(*) FROM ({sql}) AS found"  # noqa: S608 - the queryset's own
        except EmptyResultSet:
            self.sql = ""

    def __call__(self) -> Count:
        """How many there are now."""
        if not self.sql:
            return Count(0)
        with connections[self.database].cursor() as cursor:
            cursor.execute(self.sql, self.params)
            found = int(cursor.fetchone()[0])
        return Count(min(found, self.cap), found > self.cap)


def capped_count(queryset: QuerySet[Any], cap: int = 1000, along: str = "", *, index: str = "") -> Count:
    """Count rows up to a cap, see ``Counter``."""
    return Counter(queryset, cap, along, index=index)()


class Keyset(Generic[Row]):
    """A sorted queryset cut into pages of ``size`` rows."""

    def __init__(self, queryset: QuerySet[Row], sort: Sort, size: int = 50) -> None:
        self.queryset = queryset
        self.sort = sort
        self.size = size

    def page(self, text: str | None = None) -> Page[Row]:
        """Return the page the cursor ``text`` points to, the first one without or with a wrong cursor."""
        try:
            cursor = Cursor.read(text, column_field(self.queryset, self.sort.column)) if text else None
        except InvalidCursor:
            cursor = None
        if cursor is None or self.sort.part_of(cursor.value) is None:
            return self._first()
        page = self._before(cursor) if cursor.is_backward else self._after(cursor)
        return page if page.items else self._first()

    def opening(self, part: Part) -> QuerySet[Row]:
        """Return the beginning of a part, for who reads the first pages of many lists at once."""
        return self._part(part, None, backward=False)[: self.size + 1]

    def opened(self, rows: list[Row]) -> Page[Row]:
        """Return the first page, made of what the openings held."""
        return self._page(rows[: self.size], 1, more_before=False, more_after=len(rows) > self.size)

    def _first(self) -> Page[Row]:
        """Return the first page."""
        return self.opened(self._read(None, backward=False))

    def _after(self, cursor: Cursor) -> Page[Row]:
        """Return the page that follows the cursor's row."""
        rows = self._read(cursor, backward=False)
        return self._page(rows[: self.size], cursor.index, more_before=True, more_after=len(rows) > self.size)

    def _before(self, cursor: Cursor) -> Page[Row]:
        """Return the page that precedes the cursor's row; near the beginning that is the first page."""
        rows = self._read(cursor, backward=True)
        if len(rows) <= self.size:
            return self._first()
        items = rows[: self.size][::-1]
        return self._page(items, max(1, cursor.index - self.size), more_before=True, more_after=True)

    def _page(self, items: list[Row], first: int, *, more_before: bool, more_after: bool) -> Page[Row]:
        """Return the page with the cursors of its neighbours."""
        if not items:
            return Page(items)
        column = self.sort.column
        after = Cursor.at(items[-1], column, first + len(items), is_backward=False)
        before = Cursor.at(items[0], column, first, is_backward=True)
        next_text, prev_text = (after.text() if more_after else ""), (before.text() if more_before else "")
        return Page(items, next_text, prev_text, first)

    def beside(self, row: Row) -> tuple[Row | None, Row | None]:
        """Return the rows before and after the place of ``row``, which need not be in the list itself."""
        place = Cursor.at(row, self.sort.column, 1, is_backward=False)
        if self.sort.part_of(place.value) is None:
            return None, None
        before, after = (self._read(place, backward=backward, wanted=1) for backward in (True, False))
        return before[0] if before else None, after[0] if after else None

    def _read(self, cursor: Cursor | None, *, backward: bool, wanted: int = 0) -> list[Row]:
        """Read one row more than a page beyond the cursor, through the parts in the order of travel."""
        parts, size = self.sort.parts, wanted or self.size + 1
        number = (self.sort.part_of(cursor.value) or 0) if cursor is not None else 0
        travelled = parts[number::-1] if backward else parts[number:]
        rows: list[Row] = []
        for step, part in enumerate(travelled):
            missing = size - len(rows)
            if missing:
                rows += self._rows(part, cursor if step == 0 else None, missing, backward=backward)
        return rows

    def _rows(self, part: Part, cursor: Cursor | None, wanted: int, *, backward: bool) -> Iterable[Row]:
        """Return so many of the part's rows beyond the cursor; who knows more of his rows asks otherwise."""
        return self._part(part, cursor, backward=backward)[:wanted]

    def _part(
        self, part: Part, cursor: Cursor | None, *, backward: bool, of: QuerySet[Row] | None = None
    ) -> QuerySet[Row]:
        """Return the part's rows, or the part ``of`` others, in order beyond the cursor.

        PostgreSQL is told one value as a stretch: else it may go by the primary key through a whole table.
        """
        column, is_stretch = self.sort.column, part.value is not None and not takes_advice()
        condition = Q(**{f"{column}__gte": part.value, f"{column}__lte": part.value})
        rows = (self.queryset if of is None else of).filter(condition if is_stretch else part.condition)
        falls = self.sort.descending is not backward
        sign, beyond = ("-", "lt") if falls else ("", "gt")
        if cursor is not None:
            rows = rows.filter(_beyond(column, cursor, beyond, by_id=part.is_one_value))
        first = [] if part.is_one_value and not is_stretch else [f"{sign}{column}"]
        return rows.order_by(*first, f"{sign}pk")


def _beyond(column: str, cursor: Cursor, beyond: str, *, by_id: bool) -> Q:
    """Return the condition for rows beyond the cursor's, in the form an index on (column, id) serves."""
    if by_id:
        return Q(**{f"pk__{beyond}": cursor.id})
    further = Q(**{f"{column}__{beyond}": cursor.value})
    same = Q(**{column: cursor.value, f"pk__{beyond}": cursor.id})
    return Q(**{f"{column}__{beyond}e": cursor.value}) & (further | same)
