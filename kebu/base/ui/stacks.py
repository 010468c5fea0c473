"""Many limited querysets in one statement: the columns of a board cost no more round trips than one list."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import QuerySet

NUMBERED = "ROW_NUMBER() OVER (), id"


def stacked(querysets: Sequence[QuerySet[Any]], select: str, end: str = "") -> list[tuple[Any, ...]]:
    """Run ``SELECT select FROM (queryset) end`` for each; rows begin with the number of their queryset.

    ``select`` names the querysets' columns as the database does. Rows come in no order: where it matters,
    ask for NUMBERED.
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
    with connections[querysets[0].db].cursor() as cursor:
        cursor.execute(" UNION ALL ".join(pieces), params)
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found


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
