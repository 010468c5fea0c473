"""How statements of one shape are asked: PostgreSQL parses them once per connection, and plans them once
where one plan serves.

Only what `prepared` makes is asked so. Of a search or a list the one plan would be fifty times slower.
"""

from typing import Any

from django.db import connections
from django.db.backends.utils import CursorWrapper


def asking(database: str, *, are_values_kept: bool = False) -> CursorWrapper:
    """A cursor for such statements, with ``are_values_kept`` for those that are asked with the same values
    each time. It is one of Django's: who counts or refuses statements meets these too.

    They are asked like any other while statements are logged, since a log tells values, and by a connection
    whose ``prepare_threshold`` is None (docs/deploy.md).
    """
    connection = connections[database]
    if connection.vendor != "postgresql" or connection.queries_logged:
        return connection.cursor()
    from kebu.base.bulk.postgresql import Preparing, PreparingWhole  # noqa: PLC0415  SQLite needs no driver

    connection.ensure_connection()
    cursor: Any = (PreparingWhole if are_values_kept else Preparing)(connection.connection)
    return connection.make_cursor(cursor)
