"""A zip file under a seal: its comment ends with the digest of every byte before it.

Zip, because it opens with a double click on any desk, keeps its index at the end (a cut file shows at once)
and lets one member be read without the others. The seal makes any changed bit show, also in the index.
"""

import errno
import hashlib
import os
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from django.utils.translation import gettext as _

from kebu.office.backups.manifest import README
from kebu.office.backups.refusals import Unusable

MARK = b"kebu-backup sha256:"
DIGITS = 64
PIECE = 1 << 20
Step = Callable[[int, int], None]


class Sealing:
    """A file that only grows; it digests what is written, all but the last 64 bytes.

    Without seek and tell, zipfile writes straight on and never goes back.
    """

    def __init__(self, file: BinaryIO) -> None:
        self.file = file
        self.digest = hashlib.sha256()
        self.tail = b""

    def write(self, data: bytes) -> int:
        self.file.write(data)
        self.tail += bytes(data)
        if len(self.tail) > DIGITS:
            self.digest.update(self.tail[:-DIGITS])
            self.tail = self.tail[-DIGITS:]
        return len(data)

    def flush(self) -> None:
        self.file.flush()


@contextmanager
def sealed_zip(path: Path) -> Iterator[zipfile.ZipFile]:
    """Write an archive at ``path``: nothing is there before it is whole and on the disk."""
    part = path.with_name(f".{path.name}.part")
    try:
        with part.open("wb") as file:
            os.fchmod(file.fileno(), 0o600)
            sealing = Sealing(file)
            with zipfile.ZipFile(sealing, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:  # type: ignore[call-overload]
                yield archive
                archive.comment = MARK + b"0" * DIGITS
            file.seek(-DIGITS, os.SEEK_END)
            file.write(sealing.digest.hexdigest().encode())
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            raise FileExistsError(errno.EEXIST, _("已经有同名的文件"), str(path))
        part.rename(path)
    finally:
        part.unlink(missing_ok=True)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make a rename in the folder last."""
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def check_seal(path: Path, step: Step) -> None:
    """Read the whole file and compare it with its seal; raises Unusable."""
    size, digest, done = path.stat().st_size, hashlib.sha256(), 0
    with path.open("rb") as file:
        if size < len(MARK) + DIGITS:
            raise Unusable(_("这不是客簿的备份：文件太小。"))
        head = file.read(30 + len(README))
        file.seek(-len(MARK) - DIGITS, os.SEEK_END)
        seal = file.read()
        if not seal.startswith(MARK):
            raise Unusable(_unsealed(head))
        file.seek(0)
        while left := size - DIGITS - done:
            piece = file.read(min(PIECE, left))
            if not piece:
                raise Unusable(_("备份读不完整，磁盘可能坏了。"))
            digest.update(piece)
            done += len(piece)
            step(done, size)
    if digest.hexdigest().encode() != seal[len(MARK) :]:
        raise Unusable(_("备份坏了：内容和封印的校验值不一样，请用另一份。"))


def _unsealed(head: bytes) -> str:
    if head.endswith(README.encode()):
        return _("备份不完整：文件的结尾没有了或者坏了，可能没有下载完，请重新下载或用另一份。")
    return _("这不是客簿的备份。")
