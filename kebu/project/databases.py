"""Database settings: SQLite inside the data folder unless DATABASE_URL names another."""

import sqlite3
from pathlib import Path
from typing import Any

import environ

# Versions without the WAL-reset corruption bug (reliability rules): the fixed line and its backports.
FIXED_FROM = (3, 51, 3)
FIXED_BACKPORTS = ((3, 50, 7), (3, 44, 6))


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
            # No server-side prepared statements: the generic plan of a search is 50 times slower.
            pool = {"min_size": 1, "max_size": 72}  # more than web and worker have threads; opened as needed
            settings["OPTIONS"] = {"pool": pool, "prepare_threshold": None, **settings.get("OPTIONS", {})}
        return settings
    # Pages of a large book are read from all over the file: 16 MB a connection spare a third of a search.
    pragmas = f"PRAGMA journal_mode={journal_mode()};PRAGMA synchronous=FULL;PRAGMA cache_size=-16000;"
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
