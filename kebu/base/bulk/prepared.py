"""Queries of one shape, put into SQL once per process: making the SQL is most of what a small query costs.

    @prepared
    def contacts_of(customer_id: int) -> QuerySet[Contact]:
        return Contact.objects.filter(customer_id=customer_id).order_by("-is_key", "id")

    contacts_of(7)  # a list of contacts

The function is asked once, with numbers that stand for the values: it hands them to filters untouched and
decides nothing by them. One that takes ``*keys`` is made for as many of them as ``count`` says. Values are
keys of rows, numbers or texts. Rows come with their annotations, but without the rows they refer to (no
``select_related``).
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, update_wrapper
from inspect import signature
from operator import itemgetter
from typing import Any, Generic, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db.models import Model, QuerySet

from kebu.base.bulk.asking import asking

Row = TypeVar("Row", bound=Model)
FIRST = 900_000_000_000_000_000  # keys that no row has


@dataclass(frozen=True, slots=True)
class Place:
    """Where the value of that number goes."""

    number: int


class Reading:
    """How the values of these columns are read: Django binds what reads them to a connection, and no thread
    may use, or keep open, that of another. So those that need reading are kept, and bound for each time."""

    def __init__(self, queryset: QuerySet[Any, Any], columns: list[Any]) -> None:
        self.query, self.database = queryset.query, queryset.db
        needed = self.query.get_compiler(self.database).get_converters(columns)
        self.places, self.columns = list(needed), [columns[place] for place in needed]

    def read(self, found: list[tuple[Any, ...]]) -> Iterable[Any]:
        """The rows as Python has them."""
        if not self.columns or not found:
            return found
        compiler = self.query.get_compiler(self.database)
        bound = compiler.get_converters(self.columns).values()
        rows: Iterator[Any] = compiler.apply_converters(found, dict(zip(self.places, bound, strict=True)))
        return rows


class Statement(Generic[Row]):
    """The SQL of a queryset and how its rows are read."""

    def __init__(self, queryset: QuerySet[Row], places: dict[Any, Place]) -> None:
        self.model, self.database = queryset.model, queryset.db
        compiler = queryset.query.get_compiler(queryset.db)
        self.sql, params = compiler.as_sql()
        self.params = [places.get(param, param) for param in params]
        columns = [column for column, _sql, _alias in compiler.select]
        self.reading = Reading(queryset, columns)
        self.annotations = dict(compiler.annotation_col_map)
        own: list[int] = compiler.klass_info["select_fields"]
        self.start, self.end = own[0], own[-1] + 1
        self.names = [column.target.attname for column in columns[self.start : self.end]]

    def read(self, found: list[tuple[Any, ...]]) -> Iterator[Row]:
        """Make rows of what the database answered."""
        for values in self.reading.read(found):
            row = self.model.from_db(self.database, self.names, values[self.start : self.end])
            for name, place in self.annotations.items():
                setattr(row, name, values[place])
            yield row


def _places(numbers: range) -> dict[Any, Place]:
    """Of which value a parameter tells; where a key is a text, the number is one too."""
    return {key: Place(number - FIRST) for number in numbers for key in (number, str(number))}


def _filled(params: list[Any], values: tuple[int | str, ...]) -> list[Any]:
    """The parameters with the values in their places."""
    return [values[param.number] if isinstance(param, Place) else param for param in params]


class Prepared(Generic[Row]):
    """A query that waits for its values."""

    def __init__(self, build: Callable[..., QuerySet[Row]], count: int | None = None) -> None:
        update_wrapper(self, build)
        self.build = build
        self.count = len(signature(build).parameters) if count is None else count

    def __call__(self, *values: int | str) -> list[Row]:
        """The rows for these values."""
        statement = self._statement
        with asking(statement.database) as cursor:
            cursor.execute(statement.sql, _filled(statement.params, values))
            found = cursor.fetchall()
        return list(statement.read(found))

    @cached_property
    def _statement(self) -> Statement[Row]:
        """Made with numbers, that are recognised among the parameters, also where a key is a text."""
        numbers = range(FIRST, FIRST + self.count)
        return Statement(self.build(*numbers), _places(numbers))


prepared = Prepared


class PreparedValues:
    """The same for a query of ``values_list``: its rows are their values, in the order of the columns."""

    def __init__(self, build: Callable[..., QuerySet[Any, Any]]) -> None:
        update_wrapper(self, build)
        self.build = build

    def __call__(self, *values: int | str) -> list[Any]:
        """The rows for these values."""
        fixed, params = self._made
        with asking(fixed.database) as cursor:
            cursor.execute(fixed.sql, _filled(params, values))
            found = cursor.fetchall()
        return list(fixed.reading.read(found))

    @cached_property
    def _made(self) -> "tuple[Fixed, list[Any]]":
        numbers = range(FIRST, FIRST + len(signature(self.build).parameters))
        fixed, places = Fixed(self.build(*numbers)), _places(numbers)
        return fixed, [places.get(param, param) for param in fixed.params]


prepared_values = PreparedValues


class Fixed:
    """A query of ``values_list`` whose values are kept with its SQL; asked anew as often as one likes.

    For who asks the same each time: keep it under all that the query was made from (who, which day).
    """

    def __init__(self, queryset: QuerySet[Any, Any]) -> None:
        self.database = queryset.db
        compiler = queryset.query.get_compiler(queryset.db)
        try:
            self.sql, self.params = compiler.as_sql()
        except EmptyResultSet:
            self.sql, self.params = "", ()
            return
        self.reading = Reading(queryset, [column for column, _sql, _alias in compiler.select])

    def rows(self) -> list[Any]:
        """What the database answers."""
        if not self.sql:
            return []
        with asking(self.database, are_values_kept=True) as cursor:
            cursor.execute(self.sql, self.params)
            found = cursor.fetchall()
        return list(self.reading.read(found))


class FixedStack:
    """Several such queries of the same columns, asked in one statement; each keeps its order."""

    def __init__(self, querysets: Mapping[str, QuerySet[Any, Any]]) -> None:
        self.parts = {code: Fixed(queryset) for code, queryset in querysets.items()}
        asked = [(number, one) for number, one in enumerate(self.parts.values()) if one.sql]
        self.sql = " UNION ALL ".join(
            f"SELECT {number}, ROW_NUMBER() OVER (), part{number}.* FROM ({one.sql}) AS part{number}"  # noqa: S608 - the querysets' own
            for number, one in asked
        )
        self.params = [param for _number, one in asked for param in one.params]

    def rows(self) -> dict[str, list[Any]]:
        """What the database answers to each, by its name."""
        found: list[list[Any]] = [[] for _part in self.parts]
        if self.sql:
            database = next(iter(self.parts.values())).database
            with asking(database, are_values_kept=True) as cursor:
                cursor.execute(self.sql, self.params)
                for number, _place, *values in sorted(cursor.fetchall(), key=itemgetter(0, 1)):
                    found[number].append(tuple(values))
        parts = zip(self.parts.items(), found, strict=True)
        return {code: list(one.reading.read(rows)) if rows else [] for (code, one), rows in parts}
