"""Looking an archive through from its first bit to its last."""

import hashlib
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.utils.translation import gettext as _

from kebu.office.backups.history import unknown
from kebu.office.backups.manifest import NAME, README, Manifest
from kebu.office.backups.refusals import Unusable
from kebu.office.backups.sealed import PIECE, Step, check_seal

BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, KeyError, ValueError)
LARGEST_MANIFEST = 512 << 20


def verify(path: Path, step: Step) -> Manifest:
    """Check seal, index, manifest, and every member against its digest and count; raises Unusable."""
    if not path.is_file():
        raise Unusable(_("没有这个文件：%(path)s。") % {"path": path})
    check_seal(path, step)
    with opened(path) as archive:
        manifest = read_manifest(archive)
        _check_names(archive, manifest)
        for name, digest in manifest.members().items():
            _check_member(archive, name, digest, manifest)
    return manifest


@contextmanager
def opened(path: Path) -> Iterator[zipfile.ZipFile]:
    """Open an archive; what zip finds wrong becomes a sentence."""
    try:
        with zipfile.ZipFile(path) as archive:
            yield archive
    except BROKEN as error:
        raise Unusable(_("备份坏了：压缩包读不出来（%(what)s）。") % {"what": error}) from error


def read_manifest(archive: zipfile.ZipFile) -> Manifest:
    """The manifest of an open archive."""
    try:
        info = archive.getinfo(NAME)
    except KeyError as error:
        raise Unusable(_("这不是客簿的备份：里面没有清单。")) from error
    if info.file_size > LARGEST_MANIFEST:
        raise Unusable(_("备份坏了：清单大得不合理。"))
    return Manifest.loads(archive.read(info))


def _check_names(archive: zipfile.ZipFile, manifest: Manifest) -> None:
    there, wanted = Counter(archive.namelist()), {*manifest.members(), NAME, README}
    if missing := wanted - there.keys():
        raise Unusable(_("备份不完整：少了 %(names)s。") % {"names": "、".join(sorted(missing)[:3])})
    if there.keys() - wanted or max(there.values()) > 1:
        raise Unusable(_("备份里有清单上没有的内容，没有使用。"))


def _check_member(archive: zipfile.ZipFile, name: str, wanted: str, manifest: Manifest) -> None:
    digest, rows = hashlib.sha256(), 0
    with archive.open(name) as member:
        while piece := member.read(PIECE):
            digest.update(piece)
            rows += piece.count(b"\n")
    if digest.hexdigest() != wanted:
        raise Unusable(_("备份坏了：%(name)s 和清单上的校验值不一样。") % {"name": name})
    table = manifest.tables.get(name.removeprefix("tables/").removesuffix(".jsonl"))
    if name.startswith("tables/") and (table is None or table.rows != rows):
        raise Unusable(_("备份坏了：%(name)s 的行数和清单不一样。") % {"name": name})


def refuse_newer(manifest: Manifest) -> None:
    """Refuse an archive whose tables this version does not know yet."""
    newer = unknown([(app, name) for app, name in manifest.migrations])
    if newer:
        raise Unusable(
            _("备份来自更新的客簿（%(version)s，多出 %(name)s），请先升级客簿再恢复。")
            % {"version": manifest.version, "name": ".".join(newer[0])}
        )
