"""Writing the whole index anew beside the present one, when its grams or its tables have changed.

Migrations call it. It works chunk by chunk from the stored texts; stopped half-way, the next start goes on
where it was. Until the new index is complete the old one stays as it is.
"""

from types import ModuleType

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper

from kebu.base.search.engines import ENGINES
from kebu.base.search.entries import COLUMNS, Entry

CHUNK = 2_000


def renew(connection: BaseDatabaseWrapper, table: str) -> None:
    """Build the new index, then put it in the place of the old one."""
    engine, fresh = ENGINES[connection.vendor], f"{table}_fresh"
    with connection.cursor() as cursor:
        engine.create(cursor, fresh)
        while _copy_chunk(engine, cursor, table, fresh):
            pass
        with transaction.atomic(using=connection.alias):
            engine.replace(cursor, table, fresh)


def _copy_chunk(engine: ModuleType, cursor: CursorWrapper, table: str, fresh: str) -> int:
    with transaction.atomic(using=cursor.db.alias):
        cursor.execute(
            f"SELECT {COLUMNS} FROM {table} WHERE id > (SELECT coalesce(max(id), -1) FROM {fresh})"
            " ORDER BY id LIMIT %s",
            [CHUNK],
        )
        entries = [Entry(*row) for row in cursor.fetchall()]
        if entries:
            engine.put(cursor, fresh, entries)
        return len(entries)
