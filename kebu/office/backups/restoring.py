"""From an archive back to an installation: checked, unpacked beside, compared, and only then swapped."""

import hashlib
import os
import shutil
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kebu.base.search.entries import Entry
from kebu.base.search.index import SearchIndex
from kebu.office.backups import followers
from kebu.office.backups.checking import opened, refuse_newer, verify
from kebu.office.backups.history import migrate_to
from kebu.office.backups.making import gathered
from kebu.office.backups.manifest import Kept, Manifest
from kebu.office.backups.places import Place
from kebu.office.backups.refusals import EXPECTED, RestoreFailed, in_words
from kebu.office.backups.rows import Loader, columns, last_id, lines, set_last_id
from kebu.office.backups.sealed import PIECE, sync_folder
from kebu.office.backups.swap import carry_out, finish
from kebu.office.notices.sending import settle_restored

CHUNK = 1000
SPARE = 64 << 20
Say = Callable[[str], None]
SEARCH = "search_"  # tables of the search room: its index is written along with them


@dataclass(frozen=True, slots=True)
class Restored:
    """What was restored, where the former data is now (None: there was none), and how many deliveries of
    the outbox may have been sent after the backup was made."""

    manifest: Manifest
    kept: str | None
    unconfirmed: int


def restore(path: Path, *, replace: bool, say: Say) -> Restored:
    """Put the archive in the place of what is here. With Unusable or RestoreFailed nothing has changed."""
    place = Place()
    finish(place.data)
    say(_("正在检查备份…"))
    manifest = verify(path, lambda _done, _total: None)
    refuse_newer(manifest)
    has_data = place.has_data()
    if has_data and not replace:
        raise RestoreFailed(
            _(
                "这里已经有数据，没有动。要用备份换掉它，加上 --replace（现在的数据会留在旁边）；"
                "或用 KEBU_DATA 指定空的数据文件夹。"
            )
        )
    place.refuse_company()
    try:
        unconfirmed = _stage(path, manifest, place, say)
        plan = place.plan()
    except (RestoreFailed, *EXPECTED) as error:
        _abandon(place)
        if isinstance(error, RestoreFailed):
            raise
        words = _("没有恢复成，原来的数据没有动：%(why)s。") % {"why": in_words(error)}
        raise RestoreFailed(words) from error
    say(_("正在换上…"))
    try:
        carry_out(plan, place.data)
    except EXPECTED as error:
        words = _("换上时中断了（%(why)s）：排除原因后再运行 kebu run，会接着做完。")
        raise RestoreFailed(words % {"why": in_words(error)}) from error
    place.forget_stray_key()
    if not has_data and not place.kept.exists():
        return Restored(manifest, None, unconfirmed)
    schema = _("，数据库模式 %(name)s") % {"name": plan.schema[2]} if plan.schema else ""
    return Restored(manifest, f"{place.kept}{schema}", unconfirmed)


def _abandon(place: Place) -> None:
    try:
        place.abandon()
    except EXPECTED:
        return


def _stage(path: Path, manifest: Manifest, place: Place, say: Say) -> int:
    """Build the whole installation at the staging ground and compare it with the archive; then nothing that
    may have been told since is told by itself any more. Answers how much of the outbox that concerns."""
    place.clear()
    needed = sum(kept.size for kept in manifest.files.values()) + SPARE
    if shutil.disk_usage(place.staging).free < needed:
        raise RestoreFailed(_("磁盘空间不够，没有恢复：要 %(mb)d MB。") % {"mb": needed >> 20})
    with opened(path) as archive:
        say(_("正在恢复文件…"))
        (place.staging / "files").mkdir()
        for name, kept in manifest.files.items():
            _unpack(archive, f"files/{name}", place.staging / "files" / name, kept)
        for name, kept in manifest.keys.items():
            _unpack(archive, f"keys/{name}", place.staging / name, kept)
        with place.standing_in():
            say(_("正在恢复数据库…"))
            models = migrate_to([(app, name) for app, name in manifest.migrations])
            _fill(archive, manifest, models)
            say(_("正在逐张表核对…"))
            _compare(manifest, models)
            call_command("migrate", interactive=False, verbosity=0)
            followers.tell(timezone.now())
            return settle_restored()


def _unpack(archive: zipfile.ZipFile, member: str, target: Path, kept: Kept) -> None:
    """Write one file out, sync it, read it back and compare."""
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with archive.open(member) as source, target.open("xb") as out:
        os.fchmod(out.fileno(), 0o600)
        shutil.copyfileobj(source, out, PIECE)
        out.flush()
        os.fsync(out.fileno())
    sync_folder(target.parent)
    with target.open("rb") as file:
        if hashlib.file_digest(file, "sha256").hexdigest() != kept.sha256:
            raise RestoreFailed(_("文件 %(name)s 写好后读回来不对，磁盘可能坏了。") % {"name": target.name})


def _fill(archive: zipfile.ZipFile, manifest: Manifest, models: list[Any]) -> None:
    """Fill all tables in one transaction; what migrations put into them gives way first."""
    if {model._meta.db_table for model in models} != set(manifest.tables):
        raise RestoreFailed(_("备份里的表和它自己写的版本对不上，没有恢复。"))
    with transaction.atomic():
        for model in models:
            with connection.cursor() as cursor:
                cursor.execute(f"DELETE FROM {connection.ops.quote_name(model._meta.db_table)}")
        for model in models:
            _fill_table(archive, manifest, model)


def _fill_table(archive: zipfile.ZipFile, manifest: Manifest, model: Any) -> None:
    name = model._meta.db_table
    table = manifest.tables[name]
    if table.columns != columns(model):
        raise RestoreFailed(_("表 %(name)s 的列和备份里的不一样，没有恢复。") % {"name": name})
    loader = Loader(model, connection)
    with archive.open(f"tables/{name}.jsonl") as rows:
        while texts := list(islice(rows, CHUNK)):
            if name.startswith(SEARCH):
                entries = [Entry(*loader.values(row)) for row in map(loader.read, texts)]
                SearchIndex(name.removeprefix(SEARCH)).take_back(entries)
            else:
                loader.load(texts)
    if table.last_id is not None:
        set_last_id(model, table.last_id, connection)


def _compare(manifest: Manifest, models: list[Any]) -> None:
    """Read every table back and hold it against the manifest: count, digest, counter."""
    with transaction.atomic():
        for model in models:
            name = model._meta.db_table
            table, digest, rows = manifest.tables[name], hashlib.sha256(), 0
            for part, count in gathered(lines(model, "default")):
                digest.update(part)
                rows += count
            same = (rows, digest.hexdigest()) == (table.rows, table.sha256)
            if not same or last_id(model, connection) not in (None, table.last_id):
                raise RestoreFailed(_("恢复后核对，表 %(name)s 和备份不一样，没有换上。") % {"name": name})
