"""The folder of archives: the files themselves are the truth, each with a small note of its last check."""

import json
import os
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Self

from django.conf import settings
from django.utils import timezone

from kebu.base.kit.dates import SHANGHAI
from kebu.office.backups.choices import Health, Way
from kebu.office.backups.manifest import Manifest
from kebu.office.backups.retention import older_upgrades, outdated

NAMED = re.compile(rf"kebu-({'|'.join(Way.values)})-(\d{{8}}-\d{{6}})(-\d{{1,2}})?")


@dataclass(frozen=True, slots=True)
class Note:
    """What a check found, and of which file: another size or time means that it says nothing any more."""

    size: int
    changed_ns: int
    checked_at: str
    error: str = ""
    rows: int = 0
    files: int = 0
    version: str = ""
    engine: str = ""

    @classmethod
    def of(cls, path: Path, manifest: Manifest | None, error: str = "") -> Self:
        """The note of a check just made."""
        stat, now = path.stat(), timezone.now().isoformat()
        if manifest is None:
            return cls(stat.st_size, stat.st_mtime_ns, now, error)
        counts = (manifest.row_count, len(manifest.files), manifest.version, manifest.engine)
        return cls(stat.st_size, stat.st_mtime_ns, now, error, *counts)


@dataclass(frozen=True, slots=True)
class Archive:
    """One archive in the folder."""

    path: Path
    way: Way
    made_at: datetime
    size: int
    note: Note | None

    @property
    def name(self) -> str:
        return self.path.stem

    @property
    def health(self) -> Health:
        if self.note is None:
            return Health.UNKNOWN
        return Health.BAD if self.note.error else Health.GOOD

    @property
    def checked_at(self) -> datetime | None:
        return datetime.fromisoformat(self.note.checked_at) if self.note else None


def folder() -> Path:
    """Where archives are kept."""
    return Path(settings.KEBU_BACKUPS)


def new_name(way: Way, place: Path) -> Path:
    """A name nobody has yet."""
    stem = f"kebu-{way}-{timezone.now().astimezone(SHANGHAI):%Y%m%d-%H%M%S}"
    names = [stem, *(f"{stem}-{number}" for number in range(2, 100))]
    return next(path for name in names if not (path := place / f"{name}.zip").exists())


def archives(place: Path | None = None) -> list[Archive]:
    """Every archive of the folder, the newest first."""
    place = place or folder()
    found = [each for path in place.glob("kebu-*.zip") if (each := look_at(path))] if place.is_dir() else []
    return sorted(found, key=lambda each: (each.made_at, each.name), reverse=True)


def find(name: str) -> Archive | None:
    """The archive of that name; nothing but a plain file of this folder is ever found."""
    return look_at(folder() / f"{name}.zip") if NAMED.fullmatch(name) else None


def look_at(path: Path) -> Archive | None:
    """An archive as it lies there; None for anything else."""
    match = NAMED.fullmatch(path.stem)
    if match is None or path.is_symlink() or not path.is_file():
        return None
    try:
        made_at = datetime.strptime(match[2], "%Y%m%d-%H%M%S").replace(tzinfo=SHANGHAI)
    except ValueError:
        return None
    made_at += timedelta(microseconds=int((match[3] or "-0")[1:]))  # two of one second keep their order
    return Archive(path, Way(match[1]), made_at, path.stat().st_size, read_note(path))


def note_path(path: Path) -> Path:
    """Where the note of an archive lies."""
    return path.with_name(path.name + ".json")


def read_note(path: Path) -> Note | None:
    """The note of the last check, as long as the file is the one it was made of."""
    try:
        note, stat = Note(**json.loads(note_path(path).read_text())), path.stat()
    except (OSError, ValueError, TypeError):
        return None
    return note if (note.size, note.changed_ns) == (stat.st_size, stat.st_mtime_ns) else None


def write_note(path: Path, note: Note) -> None:
    """Keep what a check found."""
    part = note_path(path).with_suffix(".part")
    part.write_text(json.dumps(asdict(note), ensure_ascii=False))
    os.replace(part, note_path(path))  # noqa: PTH105 (over the note of before)


def remove(path: Path) -> None:
    """Take an archive away."""
    path.unlink(missing_ok=True)
    note_path(path).unlink(missing_ok=True)


def prune(place: Path) -> list[str]:
    """Let go what is past its time; the newest good archive stays whatever its age. Manual ones stay too."""
    there = archives(place)
    last_good = next((each for each in there if each.health is Health.GOOD), None)
    gone = [each for each in _past(there) if last_good is not None and each != last_good]
    for each in gone:
        remove(each.path)
    return [each.name for each in gone]


def _past(there: list[Archive]) -> Iterator[Archive]:
    """Archives past their time. Bad ones do not hold a place that a good one could have."""
    for way, rule in ((Way.DAILY, outdated), (Way.UPGRADE, older_upgrades)):
        mine = [each for each in there if each.way is way]
        past = rule(each.made_at for each in mine if each.health is not Health.BAD)
        yield from (each for each in mine if each.made_at in past)
