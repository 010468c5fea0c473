"""Many limited querysets in one statement: the columns of a board cost no more round trips than one list."""

from collections import namedtuple
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import QuerySet

from kebu.base.bulk.asking import asking
from kebu.base.bulk.prepared import Reading

NUMBERED = "ROW_NUMBER() OVER (), id"


def _asked(database: str, sql: str, params: Sequence[Any], *, is_usual: bool) -> list[tuple[Any, ...]]:
    cursor = asking(database, are_values_kept=True) if is_usual else connections[database].cursor()
    with cursor:
        cursor.execute(sql, params)
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found


def stacked(
    querysets: Sequence[QuerySet[Any]], select: str, end: str = "", *, is_usual: bool = False
) -> list[tuple[Any, ...]]:
    """Run ``SELECT select FROM (queryset) end`` for each; rows begin with the number of their queryset.

    ``select`` names the querysets' columns as the database does. Rows come in no order: where it matters,
    ask for NUMBERED. ``is_usual``: the same is asked again and again.
    """
    pieces: list[str] = []
    params: list[Any] = []
    for number, rows in enumerate(querysets):
        try:
            sql, values = rows.query.get_compiler(rows.db).as_sql()
        except EmptyResultSet:
            continue
        pieces.append(f"SELECT {number} AS part, {select} FROM ({sql}) AS part{number} {end}")  # noqa: S608 - the querysets' own
        params += values
    if not pieces:
        return []
    return _asked(querysets[0].db, " UNION ALL ".join(pieces), params, is_usual=is_usual)


def stacked_ids(querysets: Sequence[QuerySet[Any]]) -> list[list[int]]:
    """The keys of each queryset, in its order."""
    found: list[list[int]] = [[] for _queryset in querysets]
    for number, _place, key in sorted(stacked([rows.values("id") for rows in querysets], NUMBERED)):
        found[number].append(key)
    return found


@dataclass(slots=True)
class Front:
    """How a list begins: how many rows were walked, and the first keys of each value of a column."""

    walked: int
    keys: dict[Any, list[int]]

    def of(self, value: Any) -> list[int]:
        return self.keys.get(value, [])


def front_of(rows: QuerySet[Any], column: str, most: int) -> Front:
    """Of a limited queryset the first keys of every value of a column, at most ``most`` of each."""
    front = Front(0, {})
    for key, value in rows.values_list("id", column):
        front.walked += 1
        keys = front.keys.setdefault(value, [])
        if len(keys) < most:
            keys.append(key)
    return front


@dataclass(slots=True)
class Opening:
    """How a list begins: how many rows were walked, and the first of each value of a column."""

    walked: int
    rows: dict[Any, list[Any]]

    def of(self, value: Any) -> list[Any]:
        return self.rows.get(value, [])


DIVIDED = """
SELECT divided.walked, rows.* FROM (
  SELECT numbered.*, ROW_NUMBER() OVER (PARTITION BY value ORDER BY place) AS nth FROM (
    SELECT id AS key, {column} AS value, ROW_NUMBER() OVER () AS place, COUNT(*) OVER () AS walked
    FROM ({listed}) AS listed
  ) AS numbered
) AS divided
INNER JOIN ({rows}) AS rows ON rows.id = divided.key WHERE divided.nth <= {most} ORDER BY divided.place
"""


@cache
def _row_of(names: tuple[str, ...]) -> type[Any]:
    return namedtuple("Row", names)


def opening_of(
    listed: QuerySet[Any], names: tuple[str, ...], column: str, most: int, *, is_usual: bool
) -> Opening:
    """The same with what ``names``, of which one is "id", say of each row instead of its key, all in one
    statement; ``is_usual``: the same rows are asked for again and again."""
    rows = listed.model._default_manager.using(listed.db).order_by().values_list(*names)
    compiler = rows.query.get_compiler(rows.db)
    try:
        sql, params = listed.values_list("id", column).query.get_compiler(rows.db).as_sql()
    except EmptyResultSet:
        return Opening(0, {})
    read, _no_params = compiler.as_sql()
    whole = DIVIDED.format(listed=sql, column=column, rows=read, most=most)
    found = _asked(rows.db, whole, params, is_usual=is_usual)
    opening, make, at = Opening(found[0][0] if found else 0, {}), _row_of(names)._make, names.index(column)
    reading = Reading(rows, [one for one, _sql, _alias in compiler.select])
    for values in reading.read([row[1:] for row in found]):
        opening.rows.setdefault(values[at], []).append(make(values))
    return opening
