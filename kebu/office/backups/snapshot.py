"""The database as it stood at one moment, to be read in peace while people go on writing.

SQLite: a copy by its backup API, in one step, examined by PRAGMA integrity_check. PostgreSQL: one transaction
that keeps to what it saw first (REPEATABLE READ, read only); no pg_dump is needed on the machine.
"""

import copy
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from django.db import connection, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils.translation import gettext as _

from kebu.office.backups.refusals import BackupFailed

ALIAS = "snapshot"


def twin(alias: str, **changes: Any) -> BaseDatabaseWrapper:
    """Another connection like the default one, with other settings; without a pool."""
    settings = copy.deepcopy(connection.settings_dict) | changes
    settings["OPTIONS"] = {name: value for name, value in settings["OPTIONS"].items() if name != "pool"}
    return type(connections["default"])(settings, alias)


@contextmanager
def snapshot(folder: Path) -> Iterator[BaseDatabaseWrapper]:
    """Open the snapshot under ALIAS for the block; ``folder`` has room for a copy."""
    is_file = connection.vendor == "sqlite"
    place = folder / "snapshot.sqlite3"
    if is_file:
        copy_sqlite(Path(str(connection.settings_dict["NAME"])), place)
    reading = twin(ALIAS, **({"NAME": place} if is_file else {}))
    connections[ALIAS] = reading
    try:
        with transaction.atomic(using=ALIAS):
            if not is_file:
                with reading.cursor() as cursor:
                    cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield reading
    finally:
        reading.close()
        del connections[ALIAS]
        for ending in ("", "-wal", "-shm", "-journal"):
            place.with_name(place.name + ending).unlink(missing_ok=True)


def copy_sqlite(source: Path, target: Path) -> None:
    """Copy a database that is in use, and examine the copy."""
    with closing(sqlite3.connect(source, timeout=60)) as live, closing(sqlite3.connect(target)) as made:
        live.backup(made, pages=-1)
        faults = integrity_faults(made)
    if faults:
        raise BackupFailed(_("数据库文件有损坏，没有备份：%(what)s。") % {"what": faults[0]})


def integrity_faults(database: Any) -> list[str]:
    """What SQLite's own examination finds."""
    found = [str(row[0]) for row in database.execute("PRAGMA integrity_check(10)")]
    return [] if found == ["ok"] else found
