"""The database of a test process: migrated once in a run, copied for each of its processes."""

import fcntl
import os
import shutil
from pathlib import Path

from django.db import connection


def copy_database() -> str:
    """Point the connection at a database of this process, as migrations leave it; returns the former name."""
    run, own = Path(os.environ["KEBU_TEST_RUN"]), str(connection.settings_dict["TEST"]["NAME"])
    former, done = str(connection.settings_dict["NAME"]), run / "migrated"
    is_postgres = connection.vendor == "postgresql"
    first = f"kebu_kept_test-{run.name}" if is_postgres else str(run / "migrated.sqlite3")
    with (run / "migrated.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            connection.settings_dict["TEST"]["NAME"] = first
            connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
            connection.close()
            connection.settings_dict["TEST"]["NAME"] = own
            connection.settings_dict["NAME"] = former
            done.touch()
        if is_postgres:
            with connection.creation._nodb_cursor() as cursor:  # type: ignore[attr-defined]
                cursor.execute(f'CREATE DATABASE "{own}" TEMPLATE "{first}"')
        else:
            shutil.copyfile(first, own)
    connection.settings_dict["NAME"] = own
    return former


def remove_database(former: str) -> None:
    """Remove what was copied."""
    connection.creation.destroy_test_db(former, verbosity=0)
