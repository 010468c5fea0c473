"""How statements of one shape are asked: PostgreSQL parses them once per connection, and plans them once
where one plan serves all values as well as a plan for each.

Only what `prepared` makes is asked so. Of a search or a list the one plan would be fifty times slower.
"""

from django.db import connections
from django.db.backends.utils import CursorWrapper


def asking(database: str) -> CursorWrapper:
    """A cursor for such statements. It is one of Django's: who counts or refuses statements meets these too.

    They are asked like any other while statements are logged, since a log tells values, and by a connection
    whose ``prepare_threshold`` is None (docs/deploy.md).
    """
    cursor = connections[database].cursor()
    connection = cursor.db
    if connection.vendor == "postgresql" and not connection.queries_logged:
        from kebu.base.bulk.postgresql import PreparingCursor  # noqa: PLC0415  SQLite never needs its driver

        cursor.cursor = PreparingCursor(connection.connection)
    return cursor
