"""pytest plugin loaded before Django: which database the run uses, a throw-away data folder, fast settings.

``KEBU_TEST_DATABASE=postgres pytest …`` runs on PostgreSQL, anything else on SQLite. Shared fixtures too.
"""

import contextlib
import gc
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from tests.postgres import postgres

cleanup = contextlib.ExitStack()


MEMORY, ROOM = Path("/dev/shm"), 2_000_000_000


def roomy_memory() -> Path | None:
    """Where files cost no disk, when there is room for all that a run writes."""
    return MEMORY if os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM else None


def choose_database() -> None:
    """Point the settings at the run's database and data folder; worker processes inherit both."""
    if "KEBU_TEST_RUN" in os.environ:
        return
    folder = tempfile.mkdtemp(prefix="kebu-test-", dir=roomy_memory())
    cleanup.callback(shutil.rmtree, folder, ignore_errors=True)
    for name in [name for name in os.environ if name.startswith("KEBU_") and "TEST" not in name]:
        del os.environ[name]
    os.environ["KEBU_TEST_RUN"] = os.environ["KEBU_DATA"] = os.environ["TMPDIR"] = folder
    tempfile.tempdir = None  # it was looked up already
    on_postgres = os.environ.get("KEBU_TEST_DATABASE") == "postgres"
    os.environ["DATABASE_URL"] = cleanup.enter_context(postgres()) if on_postgres else ""


def keep_bytecode() -> None:
    """Compile each module once, also where the surroundings forbid it: a run starts hundreds of processes."""
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    sys.dont_write_bytecode = False


keep_bytecode()
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
    settings.DATA_DIR = Path(settings.DATA_DIR) / f"data-{worker}"  # or one sweeps away what another has kept
    settings.DATA_DIR.mkdir(exist_ok=True)
    settings.MEDIA_ROOT = Path(settings.MEDIA_ROOT) / worker
    settings.KEBU_BACKUPS = Path(settings.KEBU_BACKUPS) / worker
    database["OPTIONS"].pop("pool", None)  # its own threads outlive a test and hinder forks
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }


def database_name() -> str:
    """One database per run; SQLite in a file, as in production, so that threads and processes share it."""
    folder = Path(os.environ["KEBU_TEST_RUN"])
    return f"test_{folder.name}" if os.environ["DATABASE_URL"] else str(folder / "test.sqlite3")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out on PostgreSQL what touches no database, and deal the tests to the workers."""
    if os.environ.get("KEBU_TEST_DATABASE") == "postgres":
        left = [item for item in items if not touches_database(item)]
        config.hook.pytest_deselected(items=left)
        items[:] = [item for item in items if touches_database(item)]
    items[:] = dealt(items, int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1")))


def pytest_collection_finish() -> None:
    """What is loaded stays until the end: looking through it again and again for garbage finds none."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def touches_database(item: pytest.Item) -> bool:
    """Whether a test can come to another end on another database; pytest-django refuses it to the rest.

    Journeys and the tests of settings and commands come to it through processes of their own.
    """
    if item.get_closest_marker("journey") or item.nodeid.startswith("tests/project/"):
        return True
    asked = {"db", "transactional_db"} & set(getattr(item, "fixturenames", ()))
    return bool(asked) or item.get_closest_marker("django_db") is not None


def dealt(items: list[pytest.Item], workers: int) -> list[pytest.Item]:
    """Long tests at the front of what each worker is given; idle ones then take over short ones only.

    Journeys go to half of the workers and to two at most, for each that walks any sets up a stage of its own.
    """
    journeys = [item for item in items if item.get_closest_marker("journey")]
    long = [item for item in items if item.get_closest_marker("slow") and item not in set(journeys)]
    known = {*journeys, *long}
    short = iter([item for item in items if item not in known])
    hands: list[list[pytest.Item]] = [[] for _ in range(workers)]
    for number, item in enumerate(journeys):
        hands[number % min(2, (workers + 1) // 2)].append(item)
    for number, item in enumerate(long):
        hands[workers - 1 - number % workers].append(item)
    left, found = len(items), list[pytest.Item]()
    for number, hand in enumerate(hands):
        share = left // (workers - number)
        found += hand + list(islice(short, max(0, share - len(hand))))
        left -= share
    return found + list(short)


def pytest_report_header() -> str:
    """Say which database the run uses."""
    return "database: " + ("PostgreSQL" if os.environ["DATABASE_URL"] else "SQLite")


class WriteRefused(AssertionError):
    """A statement that writes was sent where only reading is allowed."""


READING = ("SELECT", "EXPLAIN", "SAVEPOINT", "RELEASE", "ROLLBACK", "PRAGMA", "BEGIN", "WITH")


def refuse_writes(
    execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]
) -> Any:
    """Database wrapper: let statements through that read. On PostgreSQL many rows come as a stream, which
    passes by here; the keys that they ask for beforehand do not."""
    if not sql.lstrip(" (\n").upper().startswith(READING) or "nextval" in sql:
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
