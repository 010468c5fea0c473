"""The environment table, the secrets of an installation, and what the database is really set to."""

import os
import sqlite3
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

from kebu.project import env, secrets
from kebu.project.databases import NEVER, database_settings, has_safe_wal


@pytest.mark.parametrize(
    ("version", "is_safe"),
    [
        ((3, 40, 1), False),
        ((3, 44, 5), False),
        ((3, 44, 6), True),
        ((3, 50, 6), False),
        ((3, 50, 7), True),
        ((3, 51, 2), False),
        ((3, 51, 3), True),
        ((3, 53, 4), True),
    ],
)
def test_write_ahead_log_only_with_a_fixed_version(version: tuple[int, int, int], is_safe: bool) -> None:
    assert has_safe_wal(version) is is_safe


def test_the_bundled_sqlite_is_fixed() -> None:
    assert has_safe_wal(sqlite3.sqlite_version_info)


@pytest.mark.django_db(transaction=True)
def test_sqlite_keeps_what_it_says_it_saved() -> None:
    if connection.vendor != "sqlite":
        pytest.skip("settings of SQLite")
    with connection.cursor() as cursor:

        def pragma(name: str) -> object:
            return cursor.execute(f"PRAGMA {name}").fetchone()[0]

        assert pragma("journal_mode") == "wal"
        assert pragma("synchronous") == 2  # FULL
        assert pragma("foreign_keys") == 1
        assert int(str(pragma("busy_timeout"))) >= 20_000
        assert pragma("mmap_size") == 0
    assert connection.settings_dict["OPTIONS"]["transaction_mode"] == "IMMEDIATE"


def test_postgresql_by_address() -> None:
    found = database_settings("postgres://kebu:p%40ss@127.0.0.1:5433/crm", Path("unused"))
    assert found["ENGINE"] == "django.db.backends.postgresql"
    assert (found["NAME"], found["USER"], found["PASSWORD"]) == ("crm", "kebu", "p@ss")
    assert found["OPTIONS"]["prepare_threshold"] == NEVER
    pooled = database_settings("postgres://kebu@127.0.0.1/crm?prepare_threshold=none", Path("unused"))
    assert pooled["OPTIONS"]["prepare_threshold"] is None


def test_secrets_are_made_once_and_private(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "data"
    key = secrets.secret_key(folder)
    assert len(key) > 50
    assert secrets.secret_key(folder) == key
    assert stat.S_IMODE((folder / "secret.key").stat().st_mode) == 0o600
    assert [path.name for path in folder.iterdir()] == ["secret.key"]


def test_demo_password_is_given_or_random(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert secrets.demo_password(tmp_path) == ""
    chosen = secrets.make_demo_password(tmp_path)
    assert len(chosen) >= 8
    monkeypatch.setenv("KEBU_DEMO_PASSWORD", "another-one")
    assert secrets.make_demo_password(tmp_path) == secrets.demo_password(tmp_path) == chosen
    (tmp_path / "second").mkdir()
    assert secrets.make_demo_password(tmp_path / "second") == "another-one"


def test_a_journal_is_kept_for_half_a_year_at_least(tmp_path: Path) -> None:
    environ = {**os.environ, "KEBU_DATA": str(tmp_path), "KEBU_JOURNAL_DAYS": "179"}
    command = [sys.executable, "-m", "kebu.project.cli", "check"]
    refused = subprocess.run(command, env=environ, capture_output=True, text=True, check=False)
    assert "KEBU_JOURNAL_DAYS=179 不能用：请写 180 到 36500 之间的整数。" in refused.stderr
    assert refused.returncode


@pytest.mark.parametrize("text", ["", "0", "65536", "八千", "80.5", "-1"])
def test_a_wrong_number_is_refused_in_words(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KEBU_PORT", text)
    with pytest.raises(env.SettingError, match=r"KEBU_PORT=.*1 到 65535"):
        env.number("KEBU_PORT", 1, 65535)


@pytest.mark.parametrize(
    ("hosts", "is_loopback"),
    [("127.0.0.1,localhost", True), ("kebu.example.cn,127.0.0.1", False), ("*", False)],
)
def test_demo_needs_loopback(hosts: str, is_loopback: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KEBU_HOSTS", hosts)
    assert env.is_loopback_only() is is_loopback


SHOW = """
import django; django.setup()
from django.conf import settings
from django.http import HttpResponse
from django.middleware.csrf import CsrfViewMiddleware, get_token
from django.test import RequestFactory
request = RequestFactory().get("/", secure=True)
view = CsrfViewMiddleware(lambda request: HttpResponse(get_token(request)))
print(settings.SESSION_COOKIE_SECURE, bool(view(request).cookies["csrftoken"]["secure"]))
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("given", "is_secure"),
    [
        ({}, False),
        ({"KEBU_HOSTS": "crm.example.cn,127.0.0.1"}, True),
        ({"KEBU_HOSTS": "crm.example.cn", "KEBU_HTTPS": "0"}, False),
        ({"KEBU_HTTPS": "1"}, True),
    ],
)
def test_cookies_travel_by_https_alone(given: dict[str, str], is_secure: bool, tmp_path: Path) -> None:
    """As soon as other machines come in, unless one says that they come without it."""
    kept = {name: text for name, text in os.environ.items() if not name.startswith("KEBU_")}
    environ = kept | {"KEBU_DATA": str(tmp_path), "DJANGO_SETTINGS_MODULE": "kebu.project.settings"} | given
    found = subprocess.run(
        [sys.executable, "-c", SHOW], env=environ, capture_output=True, text=True, check=True
    )
    assert found.stdout.split() == [str(is_secure)] * 2


def test_a_wrong_word_about_https_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KEBU_HTTPS", "yes")
    with pytest.raises(env.SettingError, match="KEBU_HTTPS=yes"):
        env.is_https()
