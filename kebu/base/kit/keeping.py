"""Keeping a file so that it is there after a power cut: written aside, synced, renamed, folder synced."""

import hashlib
import os
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple

PIECE = 1 << 20


class Kept(NamedTuple):
    """Where the file lies, how many bytes it has and their SHA-256."""

    path: Path
    size: int
    sha256: str


def pieces(source: BinaryIO) -> Iterator[bytes]:
    """Read a file in pieces of a megabyte."""
    while piece := source.read(PIECE):
        yield piece


def keep(source: BinaryIO, folder: Path, ending: str) -> Kept:
    """Write ``source`` under a random name into ``folder``; half a file is never left under a final name.

    Raises OSError when the disk is full; nothing remains then.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{uuid.uuid4().hex}{ending}"
    part = path.with_name(path.name + ".part")
    digest, size = hashlib.sha256(), 0
    try:
        with part.open("wb") as out:
            for piece in pieces(source):
                digest.update(piece)
                size += out.write(piece)
            out.flush()
            os.fsync(out.fileno())
        part.rename(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    _sync(folder)
    return Kept(path, size, digest.hexdigest())


def _sync(folder: Path) -> None:
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def fingerprint(path: Path) -> str:
    """SHA-256 of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
