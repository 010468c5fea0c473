"""A backup with all that belongs to it: the archive, its note, its copy elsewhere, and room for the next."""

import hashlib
import os
from dataclasses import replace
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from kebu.office.backups import shelf
from kebu.office.backups.choices import Way
from kebu.office.backups.making import make_backup
from kebu.office.backups.refusals import BackupFailed, in_words
from kebu.office.backups.sealed import PIECE, Step, sync_folder
from kebu.office.backups.shelf import Note


def back_up(way: Way, step: Step) -> Path:
    """Make an archive in the folder, copy it to the second one, let go what is past its time."""
    path = shelf.new_name(way, shelf.folder())
    manifest = make_backup(path, step)
    shelf.write_note(path, Note.of(path, manifest))
    shelf.prune(shelf.folder())
    if settings.KEBU_BACKUP_COPY and way is not Way.UPGRADE:
        copy_to(path, Path(settings.KEBU_BACKUP_COPY))
        shelf.prune(Path(settings.KEBU_BACKUP_COPY))
    return path


def copy_to(path: Path, folder: Path) -> None:
    """Copy an archive, and compare the copy with it. A folder that is not there is never made: behind it
    may be a disk that is not plugged in."""
    target = folder / path.name
    part = target.with_name(f".{target.name}.part")
    try:
        if not folder.is_dir():
            raise FileNotFoundError(2, _("文件夹不在，磁盘可能没有接上"), str(folder))
        wanted = _copy(path, part)
        with part.open("rb") as file:
            if hashlib.file_digest(file, "sha256").digest() != wanted:
                raise OSError(5, _("复制后读回来不一样，磁盘可能坏了"), str(folder))
        part.rename(target)
        sync_folder(folder)
        if note := shelf.read_note(path):
            shelf.write_note(target, replace(note, changed_ns=target.stat().st_mtime_ns))
    except OSError as error:
        part.unlink(missing_ok=True)
        words = _("备份做好了，但没有复制到第二个文件夹：%(why)s。") % {"why": in_words(error)}
        raise BackupFailed(words) from error


def _copy(path: Path, part: Path) -> bytes:
    digest = hashlib.sha256()
    with path.open("rb") as source, part.open("wb") as out:
        os.fchmod(out.fileno(), 0o600)
        while piece := source.read(PIECE):
            digest.update(piece)
            out.write(piece)
        out.flush()
        os.fsync(out.fileno())
    return digest.digest()
