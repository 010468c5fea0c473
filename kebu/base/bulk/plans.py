"""Reading by an index of one's choice, where the database would rather read another."""

from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection as usual
from django.db import connections
from django.db.models import Func, QuerySet


class Aside(Func):
    """A column that leads to no index: it is compared where another one has led."""

    template = "+%(expressions)s"
    arity = 1


def takes_advice() -> bool:
    """Whether the database in use reads the index it is told, and counts in an index of expressions alone."""
    return usual.vendor == "sqlite"


def read_along(rows: QuerySet[Any], index: str) -> list[tuple[Any, ...]]:
    """The rows of ``values_list``, on SQLite read by this index, which must hold every row.

    SQLite reads one index of a table and knows nothing of single values; PostgreSQL joins several and does.
    """
    connection, table = connections[rows.db], rows.model._meta.db_table
    try:
        sql, params = rows.query.get_compiler(rows.db).as_sql()
    except EmptyResultSet:
        return []
    if connection.vendor == "sqlite":
        quoted, chosen = map(connection.ops.quote_name, (table, index))
        sql = sql.replace(f" FROM {quoted} ", f" FROM {quoted} INDEXED BY {chosen} ", 1)
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found
