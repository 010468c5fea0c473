"""Database settings: SQLite inside the data folder unless DATABASE_URL names another."""

import sqlite3
import sys
from pathlib import Path
from typing import Any

import environ

# Versions without the WAL-reset corruption bug (reliability rules): the fixed line and its backports.
FIXED_FROM = (3, 51, 3)
FIXED_BACKPORTS = ((3, 50, 7), (3, 44, 6))
NEVER = sys.maxsize  # times a statement must be asked before PostgreSQL is to prepare it by itself


def has_safe_wal(version: tuple[int, int, int]) -> bool:
    """Say whether write-ahead logging is safe with this SQLite version."""
    backport = any(version[:2] == fixed[:2] and version >= fixed for fixed in FIXED_BACKPORTS)
    return version >= FIXED_FROM or backport


def journal_mode() -> str:
    """WAL where it is safe, else the slower rollback journal."""
    return "WAL" if has_safe_wal(sqlite3.sqlite_version_info) else "TRUNCATE"


def database_settings(url: str, data_dir: Path) -> dict[str, Any]:
    """Return the entry for DATABASES; an empty url means SQLite in ``data_dir``."""
    if url:
        settings: dict[str, Any] = environ.Env.db_url_config(url)
        settings["CONN_HEALTH_CHECKS"] = True
        if settings["ENGINE"].endswith("postgresql"):
            settings["OPTIONS"] = _postgresql_options(settings.get("OPTIONS", {}))
        return settings
    # Pages of a large book are read from all over the file: 64 MB a connection, filled as far as there is
    # so much to read, spare a third of a search and of a desk with thousands of plans.
    pragmas = f"PRAGMA journal_mode={journal_mode()};PRAGMA synchronous=FULL;PRAGMA cache_size=-64000;"
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": data_dir / "kebu.sqlite3",
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 30,
            "init_command": pragmas,
        },
        "CONN_MAX_AGE": None,
    }


def _postgresql_options(said: dict[str, Any]) -> dict[str, Any]:
    """What connections are opened with; ``said`` in the address goes before what is usual here.

    Nothing is prepared for being asked often: the generic plan of a search is 50 times slower. Only
    `kebu.base.bulk.asking` has its statements prepared, and ``prepare_threshold=none`` keeps it from that.
    """
    pool = {"min_size": 1, "max_size": 72}  # more than web and worker have threads; opened as needed
    options = {"pool": pool, "prepare_threshold": NEVER, **said}
    return options | {"prepare_threshold": None} if options["prepare_threshold"] == "none" else options
