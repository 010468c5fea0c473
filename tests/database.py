"""The database of a test process: migrated once in a run, copied for each of its processes."""

import fcntl
import os
import pickle
import shutil
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any

from django.core.management.color import no_style
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from kebu.base.search.engines import ENGINES
from kebu.base.search.index import KINDS, SearchIndex
from kebu.trials.site import installation
from kebu.trials.site.installation import Installation, made_database
from tests.shipping import ship

GIVEN = {
    "django_content_type",
    "auth_permission",
}  # filled when migrations end; nobody writes there
READS = ("SELECT", "EXPLAIN", "BEGIN", "SAVEPOINT", "RELEASE", "ROLLBACK")


def copy_database() -> str:
    """Point the connection at a database of this process, as migrations leave it; returns the former name."""
    run, own = Path(os.environ["KEBU_TEST_RUN"]), str(connection.settings_dict["TEST"]["NAME"])
    former, done, first = str(connection.settings_dict["NAME"]), run / "migrated", migrated_name()
    is_postgres = connection.vendor == "postgresql"
    with (run / "migrated.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            connection.settings_dict["TEST"]["NAME"] = first
            _migrate(run / "migrating.pickle")
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


def migrated_name() -> str:
    """The run's database as migrations leave it, to which nobody connects: its name, or its file."""
    run = Path(os.environ["KEBU_TEST_RUN"])
    is_postgres = connection.vendor == "postgresql"
    return f"kebu_kept_test-{run.name}" if is_postgres else str(run / "migrated.sqlite3")


def _migrate(record: Path) -> None:
    """Migrate an empty database, and keep what was sent to it."""
    sent: list[tuple[str, Any, bool]] = []

    def keep(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        is_asked = sql.startswith("PRAGMA") and "=" not in sql
        if not (sql.lstrip(" (\n").upper().startswith(READS) or is_asked):
            sent.append((sql, params, many))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(keep):
        connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    record.write_bytes(pickle.dumps((set(MigrationRecorder(connection).applied_migrations()), sent)))


def migrated_again(applied: Collection[tuple[str, str]]) -> bool:
    """Send to the empty database of the connection what migrating sent to the first of the run.

    Rendering the models of every state on the way takes most of the time of migrating, and is left out.
    False, and nothing is done, when that is not the state that is asked for.
    """
    path = Path(os.environ["KEBU_TEST_RUN"]) / "migrating.pickle"
    state, sent = pickle.loads(path.read_bytes())
    if state != set(applied):
        return False
    with connection.constraint_checks_disabled(), connection.cursor() as cursor:
        for sql, params, many in sent:
            (cursor.executemany if many else cursor.execute)(sql, params)
    return True


def begin_migrated(site: Installation) -> None:
    """Put a copy of the run's migrated database into an empty installation.

    Without one (nothing has asked for a database yet) the installation migrates by itself.
    """
    run, first = Path(os.environ["KEBU_TEST_RUN"]), migrated_name()
    if not (run / "migrated").exists():
        return
    if site.database:
        installation.copy_database(made_database(first), site.database)
    else:
        shutil.copyfile(first, site.folder / "kebu.sqlite3")


def empty_tables(_case: object = None) -> None:
    """After a test with transactions of its own: what it wrote goes, from the indexes of the search too.

    The command flush leaves those as they are, and has what Django itself keeps of the models made anew each
    time, which takes longer than all the rest.
    """
    there = connection.introspection.django_table_names(only_existing=True, include_views=False)
    tables = [name for name in there if name not in GIVEN]
    connection.ops.execute_sql_flush(connection.ops.sql_flush(no_style(), tables))
    with connection.cursor() as cursor:
        for kind in KINDS:
            ENGINES[connection.vendor].clear(cursor, SearchIndex(kind).table)
    ship()  # else every later test of the process would do so for itself


def remove_database(former: str) -> None:
    """Remove what was copied. A server may still be about to end a session that a thread has left."""
    if connection.vendor == "postgresql":
        connection.close()
        with connection.creation._nodb_cursor() as cursor:  # type: ignore[attr-defined]
            cursor.execute(f'DROP DATABASE "{connection.settings_dict["NAME"]}" WITH (FORCE)')
        connection.settings_dict["NAME"] = former
        return
    connection.creation.destroy_test_db(former, verbosity=0)
