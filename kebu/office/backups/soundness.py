"""Looking the running installation through: database, files and what belongs together."""

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from kebu.base.journal.models import JournalEntry
from kebu.office.backups.making import uploads
from kebu.office.backups.snapshot import integrity_faults

MOST = 5


class Finding(NamedTuple):
    """One thing that was looked at, and what is wrong with it (nothing: it is sound)."""

    what: str
    faults: list[str]


def findings() -> Iterator[Finding]:
    """Look at everything, the quick things first; with a database that is not ready the rest is left out."""
    if faults := missing_migrations():
        yield Finding(_("数据库结构"), faults)
        return
    yield Finding(_("数据库结构是最新的"), [])
    yield Finding(_("数据库完整"), database_faults())
    yield Finding(_("操作日志：%(count)d条") % {"count": JournalEntry.objects.count()}, [])
    for path in settings.KEBU_CHECKS:
        check: Callable[[], Finding] = import_string(path)
        yield check()
    yield file_finding()


def missing_migrations() -> list[str]:
    """Migrations that were not applied yet."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    words = _("还有%(count)d项没有更新，启动一次 kebu run 就会更新") % {"count": len(plan)}
    return [words] if plan else []


def database_faults() -> list[str]:
    """What the database itself finds: SQLite by its examinations, PostgreSQL by reading every table."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            broken = cursor.execute("PRAGMA foreign_key_check").fetchall()
            faults = [
                _("%(table)s 第%(id)s行指向不存在的记录") % {"table": row[0], "id": row[1]} for row in broken
            ]
            return [*integrity_faults(cursor), *faults[:MOST]]
        for name in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT count(t.*) FROM {connection.ops.quote_name(name)} t")
    return []


def file_finding() -> Finding:
    """Every row has its file, bit for bit, and every file its row. Whoever keeps a file has the columns path
    and sha256, and thumbnail for a picture beside it."""
    known: set[str] = set()
    faults: list[str] = []
    for model in apps.get_models():
        names = {field.name for field in model._meta.concrete_fields}
        if {"path", "sha256"} <= names:
            faults += _rows_without_file(model, "thumbnail" in names, known)
    strays = [name for name, _path in uploads() if name not in known]
    if strays:
        words = _("%(count)d个文件没有记录，例如 %(name)s")
        faults.append(words % {"count": len(strays), "name": strays[0]})
    return Finding(_("文件：%(count)d个，和记录一致") % {"count": len(known)}, faults)


def _rows_without_file(model: Any, has_thumbnail: bool, known: set[str]) -> Iterator[str]:
    root = Path(settings.MEDIA_ROOT)
    names = ("pk", "path", "sha256", *(("thumbnail",) if has_thumbnail else ()))
    for pk, path, sha256, *more in model._base_manager.values_list(*names).iterator():
        known.update(name for name in (path, *more) if name)
        try:
            with (root / path).open("rb") as file:
                is_same = hashlib.file_digest(file, "sha256").hexdigest() == sha256
        except OSError:
            yield _("%(kind)s %(pk)s 的文件不在：%(path)s") % _named(model, pk, path)
            continue
        if not is_same:
            yield _("%(kind)s %(pk)s 的文件变了：%(path)s") % _named(model, pk, path)


def _named(model: Any, pk: int, path: str) -> dict[str, Any]:
    return {"kind": model._meta.verbose_name, "pk": pk, "path": path}
