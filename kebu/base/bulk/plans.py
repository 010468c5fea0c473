"""Reading by an index of one's choice, where the database would rather read another."""

import warnings
from collections.abc import Iterable
from typing import Any, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import connection as usual
from django.db import connections
from django.db.models import Func, Model, QuerySet

Row = TypeVar("Row", bound=Model)


class Unadvised(RuntimeWarning):
    """The SQL has another shape than was thought: it is read by whatever index the database takes. Tests end
    with it; in use it costs time and nothing else."""


class Aside(Func):
    """A column that leads to no index: it is compared where another one has led."""

    template = "+%(expressions)s"
    arity = 1


def takes_advice() -> bool:
    """Whether the database in use reads the index it is told, and counts in an index of expressions alone."""
    return usual.vendor == "sqlite"


def advised(sql: str, rows: QuerySet[Any], index: str) -> str:
    """The SQL of the rows, which tells SQLite to read this index: one that holds every row asked for.

    SQLite reads one index of a table and knows nothing of single values; PostgreSQL joins several and does.
    """
    connection = connections[rows.db]
    if connection.vendor != "sqlite":
        return sql
    quoted, chosen = map(connection.ops.quote_name, (rows.model._meta.db_table, index))
    read, sql = f" FROM {quoted} ", f"{sql} "
    if read not in sql:
        warnings.warn(f"the SQL reads no table that {index} is of", Unadvised, stacklevel=2)
    return sql.replace(read, f"{read}INDEXED BY {chosen} ", 1)


def read_along(rows: QuerySet[Any], index: str) -> list[tuple[Any, ...]]:
    """The rows of ``values_list``, on SQLite read by this index, which must hold every row."""
    try:
        sql, params = rows.query.get_compiler(rows.db).as_sql()
    except EmptyResultSet:
        return []
    with connections[rows.db].cursor() as cursor:
        cursor.execute(advised(sql, rows, index), params)
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found


def keys_read(rows: QuerySet[Any, Any]) -> list[int]:
    """The keys of ``values_list("pk")``, in no order: PostgreSQL hands over thousands of them in one row."""
    if takes_advice():
        return [key for (key,) in rows]
    try:
        sql, params = rows.query.get_compiler(rows.db).as_sql()
    except EmptyResultSet:
        return []
    with connections[rows.db].cursor() as cursor:
        cursor.execute(f"SELECT array_agg(found.key) FROM ({sql}) AS found(key)", params)  # noqa: S608  Django's
        (keys,) = cursor.fetchone()
    return keys or []


def rows_along(rows: QuerySet[Row], index: str) -> Iterable[Row]:
    """The rows, on SQLite read by this index, which must hold every row; without one as it likes."""
    if not (index and takes_advice()):
        return rows
    try:
        sql, params = rows.query.get_compiler(rows.db).as_sql()
    except EmptyResultSet:
        return []
    return rows.model._default_manager.using(rows.db).raw(advised(sql, rows, index), params)


def order_index(model: type[Model], column: str) -> str:
    """The name of the index that holds rows in the order of a column and their keys, "" without one."""
    order = [column.removesuffix("_id"), "id"]
    return next((str(one.name) for one in model._meta.indexes if one.fields == order), "")
