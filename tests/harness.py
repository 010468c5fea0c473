"""pytest plugin loaded before Django: which database the run uses, a throw-away data folder, fast settings.

``KEBU_TEST_DATABASE=postgres pytest …`` runs on PostgreSQL, anything else on SQLite. Shared fixtures too.
"""

import contextlib
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from tests.postgres import postgres

cleanup = contextlib.ExitStack()


def choose_database() -> None:
    """Point the settings at the run's database and data folder; worker processes inherit both."""
    if "KEBU_TEST_RUN" in os.environ:
        return
    memory = Path("/dev/shm")
    folder = tempfile.mkdtemp(prefix="kebu-test-", dir=memory if os.access(memory, os.W_OK) else None)
    cleanup.callback(shutil.rmtree, folder, ignore_errors=True)
    for name in [name for name in os.environ if name.startswith("KEBU_") and "TEST" not in name]:
        del os.environ[name]
    os.environ["KEBU_TEST_RUN"] = os.environ["KEBU_DATA"] = folder
    on_postgres = os.environ.get("KEBU_TEST_DATABASE") == "postgres"
    os.environ["DATABASE_URL"] = cleanup.enter_context(postgres()) if on_postgres else ""


choose_database()
settings.register_profile("kebu", deadline=None)  # how fast a busy machine is says nothing of the code
settings.load_profile("kebu")


def pytest_unconfigure() -> None:
    """Stop the embedded server and remove the data folder."""
    cleanup.close()


def pytest_configure() -> None:
    """Make tests fast: a cheap password hash, static files straight from their sources."""
    from django.conf import settings

    database = settings.DATABASES["default"]
    database.setdefault("TEST", {})["NAME"] = database_name()
    worker = os.environ.get("PYTEST_XDIST_WORKER", "alone")
    settings.MEDIA_ROOT = Path(settings.MEDIA_ROOT) / worker  # or one sweeps away what another has kept
    database["OPTIONS"].pop("pool", None)  # its own threads outlive a test and hinder forks
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }


def database_name() -> str:
    """One database per run; SQLite in a file, as in production, so that threads and processes share it."""
    folder = Path(os.environ["KEBU_TEST_RUN"])
    return f"test_{folder.name}" if os.environ["DATABASE_URL"] else str(folder / "test.sqlite3")


def pytest_report_header() -> str:
    """Say which database the run uses."""
    return "database: " + ("PostgreSQL" if os.environ["DATABASE_URL"] else "SQLite")


class WriteRefused(AssertionError):
    """A statement that writes was sent where only reading is allowed."""


READING = ("SELECT", "EXPLAIN", "SAVEPOINT", "RELEASE", "ROLLBACK", "PRAGMA", "BEGIN", "WITH")


def refuse_writes(
    execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]
) -> Any:
    """Database wrapper: let statements through that read."""
    if not sql.lstrip(" (\n").upper().startswith(READING):
        raise WriteRefused(f"wrote under a read-only guard: {sql[:200]}")
    return execute(sql, params, many, context)


@pytest.fixture
def read_only(db: None) -> Callable[[], contextlib.AbstractContextManager[None]]:
    """Return a context manager in which any write to the database fails the test."""

    @contextlib.contextmanager
    def guard() -> Iterator[None]:
        from django.db import connection

        with connection.execute_wrapper(refuse_writes):
            yield

    return guard
