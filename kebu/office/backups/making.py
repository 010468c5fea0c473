"""Making an archive: snapshot, tables, files, secrets, manifest; then reading it back before it counts."""

import fcntl
import hashlib
import shutil
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils import timezone
from django.utils.translation import gettext as _

from kebu.office.backups.checking import verify
from kebu.office.backups.history import state_of
from kebu.office.backups.manifest import ANCHOR, KEYS, NAME, README, Kept, Manifest, Table
from kebu.office.backups.refusals import EXPECTED, BackupFailed, Unusable, in_words
from kebu.office.backups.rows import columns, last_id, lines
from kebu.office.backups.sealed import PIECE, Step, sealed_zip
from kebu.office.backups.snapshot import snapshot

PACKED = (".xlsx", ".docx", ".pptx", ".zip", ".jpg", ".jpeg", ".png", ".webp", ".gif", ".pdf", ".gz")
UNFINISHED = (".part", ".upload")
ABOUT = """这是客簿 Kebu 的备份，里面有全部客户资料、上传的文件和密钥，请像对待账本一样保管。
不要改动这个文件。检查：kebu check 文件；恢复：kebu restore 文件
A backup of Kebu. Keep it as safe as the data itself. To check: kebu check FILE. To restore: kebu restore FILE
"""


def make_backup(target: Path, step: Step) -> Manifest:
    """Write a checked archive at ``target``; raises BackupFailed, and then nothing of it remains."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with alone(target.parent):
            _write(target, step)
        try:
            return verify(target, lambda _done, _total: None)
        except Unusable as fault:
            target.unlink()
            raise BackupFailed(_("备份写好后读回来不对，没有留下：%(why)s") % {"why": fault}) from fault
    except EXPECTED as error:
        raise BackupFailed(_("没有备份成：%(why)s。") % {"why": in_words(error)}) from error


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """One backup at a time into a folder; what a killed one left is cleared away."""
    with (folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for rest in folder.glob(".snapshot-*"):
            shutil.rmtree(rest, ignore_errors=True)
        for rest in folder.glob(".*.zip.part"):
            rest.unlink(missing_ok=True)
        yield


def _write(target: Path, step: Step) -> None:
    data = Path(settings.DATA_DIR)
    with (
        tempfile.TemporaryDirectory(prefix=".snapshot-", dir=target.parent) as place,
        _anchor(data, Path(place)) as anchor,
        snapshot(Path(place)) as database,
        sealed_zip(target) as archive,
    ):
        archive.writestr(README, ABOUT)
        manifest = _tables(archive, database, step)
        for name, path in uploads():
            put_file(archive, f"files/{name}", path, manifest.files, name)
            step(manifest.row_count + len(manifest.files), 0)
        for name in KEYS:
            put_file(archive, f"keys/{name}", anchor if name == ANCHOR else data / name, manifest.keys, name)
        archive.writestr(NAME, manifest.dumps())


@contextmanager
def _anchor(data: Path, place: Path) -> Iterator[Path]:
    """A copy of the journal's anchors from before the snapshot: a later one would tell of entries that the
    snapshot does not have."""
    copy = place / ANCHOR
    if (data / ANCHOR).exists():
        shutil.copyfile(data / ANCHOR, copy)
    yield copy


def _tables(archive: zipfile.ZipFile, database: BaseDatabaseWrapper, step: Step) -> Manifest:
    """All tables of the snapshot."""
    state = state_of(database)
    if not state.applied:
        raise BackupFailed(_("这里还没有数据，没有可备份的。"))
    total = sum(model._base_manager.using(database.alias).count() for model in state.models)
    done = 0
    manifest = Manifest(
        timezone.now().isoformat(), connection.vendor, version("kebu"), [list(node) for node in state.applied]
    )
    for model in state.models:
        rows, digest = 0, hashlib.sha256()
        with archive.open(f"tables/{model._meta.db_table}.jsonl", "w", force_zip64=True) as out:
            for part, count in gathered(lines(model, database.alias)):
                digest.update(part)
                out.write(part)
                rows, done = rows + count, done + count
                step(done, total)
        last = last_id(model, database)
        manifest.tables[model._meta.db_table] = Table(columns(model), rows, digest.hexdigest(), last)
    return manifest


def gathered(texts: Iterable[bytes]) -> Iterator[tuple[bytes, int]]:
    """Lines in portions of about 64 KB, with their number: so memory stays flat and writing is quick."""
    waiting: list[bytes] = []
    size = 0
    for text in texts:
        waiting.append(text)
        size += len(text)
        if size > PIECE >> 4:
            yield b"".join(waiting), len(waiting)
            waiting, size = [], 0
    if waiting:
        yield b"".join(waiting), len(waiting)


def uploads() -> Iterator[tuple[str, Path]]:
    """Every uploaded file with its path inside the folder; those being written are not there yet."""
    root = Path(settings.MEDIA_ROOT)
    for path in sorted(root.rglob("*")):
        if path.is_file() and not path.is_symlink() and not path.name.endswith(UNFINISHED):
            yield path.relative_to(root).as_posix(), path


def put_file(archive: zipfile.ZipFile, member: str, path: Path, account: dict[str, Kept], name: str) -> None:
    """Add a file and note its digest; one that was removed just now is left out."""
    info = zipfile.ZipInfo(member)
    info.external_attr = 0o600 << 16
    info.compress_type = zipfile.ZIP_STORED if path.suffix.lower() in PACKED else zipfile.ZIP_DEFLATED
    digest, size = hashlib.sha256(), 0
    try:
        file = path.open("rb")
    except FileNotFoundError:
        return
    with file, archive.open(info, "w", force_zip64=True) as out:
        while piece := file.read(PIECE):
            digest.update(piece)
            size += out.write(piece)
    account[name] = Kept(size, digest.hexdigest())
