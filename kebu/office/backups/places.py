"""Where an archive is restored to: beside what is there, on the same disk or in the same database."""

import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import DatabaseError, connection, connections
from django.utils import timezone
from django.utils.translation import gettext as _

from kebu.base.kit.dates import SHANGHAI
from kebu.office.backups.manifest import KEYS
from kebu.office.backups.refusals import RestoreFailed
from kebu.office.backups.snapshot import twin
from kebu.office.backups.swap import Plan

STAGING = "restoring"
SCHEMA = "kebu_restoring"


OTHERS = """
    SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
"""
PATIENCE = 2.0  # seconds until a connection that was just closed is gone


def others() -> int:
    """How many connections the database has besides the one that asks; our own pool is closed for it."""
    mine: Any = connections["default"]
    mine.close()
    mine.close_pool()
    asking = twin("default")
    try:
        with asking.cursor() as cursor:
            cursor.execute(OTHERS)
            return int(cursor.fetchone()[0])
    finally:
        asking.close()


class Place:
    """The staging ground of one restore, and the way from it to the real place."""

    def __init__(self) -> None:
        self.stamp = f"{timezone.now().astimezone(SHANGHAI):%Y%m%d-%H%M%S}"
        self.data = Path(settings.DATA_DIR)
        self.staging = self.data / STAGING
        self.kept = self.data / f"replaced-{self.stamp}"
        self.is_file = connection.vendor == "sqlite"
        self.database = Path(str(connection.settings_dict["NAME"])) if self.is_file else None

    def has_data(self) -> bool:
        """Say whether somebody works, or worked, with this installation."""
        if any(path.is_file() for path in Path(settings.MEDIA_ROOT).rglob("*")):
            return True
        if self.database and not self.database.exists():
            return False
        users = get_user_model()
        try:
            there = connection.introspection.table_names()
            return users._meta.db_table in there and users._default_manager.exists()
        except DatabaseError:  # what cannot be read may be all that somebody has
            return True
        finally:
            connection.close()

    def refuse_company(self) -> None:
        """On a server others may be at work from another machine."""
        if self.is_file:
            return
        deadline = time.monotonic() + PATIENCE
        while (count := others()) and time.monotonic() < deadline:
            time.sleep(0.1)
        if count:
            raise RestoreFailed(
                _("数据库还有%(count)d个别的连接：请先停掉所有连着它的客簿，再恢复。") % {"count": count}
            )

    @contextmanager
    def standing_in(self) -> Iterator[None]:
        """For the block the default connection leads to an empty database at the staging ground."""
        changes: dict[str, Any] = {}
        if self.database:
            changes["NAME"] = self.staging_database()
        else:
            self._new_schema()
            options = connection.settings_dict["OPTIONS"]
            changes["OPTIONS"] = options | {"options": f"-c search_path={SCHEMA}"}
        former = connections["default"]
        former.close()
        connections["default"] = inside = twin("default", **changes)
        try:
            yield
        finally:
            if self.database and inside.connection is not None:
                with inside.cursor() as cursor:
                    cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            inside.close()
            connections["default"] = former

    def staging_database(self) -> Path:
        """The database file under way: beside the real one."""
        assert self.database is not None  # noqa: S101 (asked for files only)
        is_inside = self.database.parent == self.data
        name = STAGING if is_inside else f"{STAGING}-{self.database.name}"  # a folder others may use too
        return self.database.parent / name / self.database.name

    def _new_schema(self) -> None:
        quote = connection.ops.quote_name
        with connection.cursor() as cursor:
            cursor.execute(f"DROP SCHEMA IF EXISTS {quote(SCHEMA)} CASCADE")
            cursor.execute(f"CREATE SCHEMA {quote(SCHEMA)}")

    def clear(self) -> None:
        """Make the staging ground empty and there."""
        for folder in self.stagings():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True, mode=0o700)

    def abandon(self) -> None:
        """Leave nothing at the staging ground."""
        for folder in self.stagings():
            shutil.rmtree(folder, ignore_errors=True)
        if not self.is_file:
            with connection.cursor() as cursor:
                cursor.execute(f"DROP SCHEMA IF EXISTS {connection.ops.quote_name(SCHEMA)} CASCADE")

    def forget_stray_key(self) -> None:
        """The first command in an empty folder makes a key; when nothing else gave way it is forgotten."""
        if self.kept.is_dir() and [path.name for path in self.kept.iterdir()] == ["secret.key"]:
            shutil.rmtree(self.kept)

    def stagings(self) -> list[Path]:
        return sorted({self.staging, *([self.staging_database().parent] if self.database else [])})

    def plan(self) -> Plan:
        """How what was restored takes the place of what is there."""
        plan = Plan(staging=[str(path) for path in self.stagings()])
        if self.database:
            made, kept = self.staging_database(), self.database.parent / self.kept.name
            for ending in ("-wal", "-shm", "-journal"):
                name = self.database.name + ending
                plan.moves.append([str(self.database.with_name(name)), "", str(kept / name)])
            plan.moves.append([str(self.database), str(made), str(kept / self.database.name)])
        else:
            plan.schema = [self.live_schema(), SCHEMA, f"kebu_replaced_{self.stamp.replace('-', '_')}"]
        media = Path(settings.MEDIA_ROOT)
        plan.moves.append([str(media), str(self.staging / "files"), str(self.kept / "files")])
        for name in KEYS:
            new = str(self.staging / name) if (self.staging / name).exists() else ""
            plan.moves.append([str(self.data / name), new, str(self.kept / name)])
        return plan

    def live_schema(self) -> str:
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_schema()")
            return str(cursor.fetchone()[0] or "public")
