"""What a file is, told from its first bytes, and refusals of what cannot be read."""

import lzma
import re
import zipfile
import zlib
from pathlib import Path

from django.utils.translation import gettext as _

from kebu.base.kit.errors import Unreadable
from kebu.base.kit.table_rows import LONGEST_CELL

MAX_UNPACKED = 1 << 30
MAX_RATIO = 200
_RATIO_FROM = 64 << 20  # below this size unpacked, no ratio can do harm
_MAX_PARTS = {  # the parts that are in memory as a whole while rows are read
    "xl/sharedstrings.xml": 128 << 20,
    "xl/styles.xml": 16 << 20,
    "xl/workbook.xml": 16 << 20,
}
_TEXTS = re.compile(r"^xl/(?:worksheets/[^/]+|sharedstrings)\.xml$")
_BEGINNINGS = (b"<c ", b"<c>", b"<row", b"<si", b":c ", b":c>", b":row", b":si")  # of cells and shared texts
_BLOCK, _MOST_BARREN = 1 << 16, 64
_FAULTS = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, OSError, EOFError, ValueError, NotImplementedError)
_STRICT = b"http://purl.oclc.org/ooxml/"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\0", b"MM\0*")
_ARCHIVES = (b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b")
_HTML = (b"<html", b"<!doctype", b"<table", b"<head", b"<meta", b"<?xml")


def kind_of(path: str) -> str:
    """Either xlsx or text; Unreadable, with what to do, for everything else."""
    with Path(path).open("rb") as file:
        head = file.read(4096)
    if not head.strip():
        raise Unreadable(_("文件是空的，请选择有内容的xlsx或csv文件"))
    if head.startswith(b"PK"):
        _check_archive(path)
        return "xlsx"
    _refuse_binary(path, head)
    return "text"


def _refuse_binary(path: str, head: bytes) -> None:
    if head.startswith(_OLE):
        raise _ole_refusal(path)
    if head.startswith(_PICTURES) or head[8:12] == b"WEBP" or head[4:8] == b"ftyp":
        raise Unreadable(_("这是图片或视频，请上传xlsx或csv表格"))
    if head.startswith(b"%PDF"):
        raise Unreadable(_("这是PDF，请把表格另存为xlsx或csv再上传"))
    if head.startswith(_ARCHIVES):
        raise Unreadable(_("这是压缩包，请解压后上传里面的xlsx或csv文件"))
    if head.lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(_HTML):
        raise Unreadable(_("这是网页格式的表格，请用Excel或WPS打开后另存为xlsx再上传"))
    if head.startswith(b"{\\rtf"):
        raise _document_refusal()
    if b"\0" in head and not _is_utf16(head):
        raise Unreadable(_("看不出这是什么文件，请上传xlsx或csv表格"))


def _is_utf16(head: bytes) -> bool:
    """A byte order mark, or zero bytes in only every second place."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    even, odd = head[::2].count(0), head[1::2].count(0)
    return min(even, odd) == 0 and max(even, odd) * 8 > len(head)


def _ole_refusal(path: str) -> Unreadable:
    with Path(path).open("rb") as file:
        start = file.read(1 << 20)
        file.seek(max(0, Path(path).stat().st_size - (1 << 20)))
        content = start + file.read()
    if "EncryptedPackage".encode("utf-16-le") in content:
        return Unreadable(_("文件设了打开密码，请在Excel里取消密码后再上传"))
    if "WordDocument".encode("utf-16-le") in content:
        return _document_refusal()
    return Unreadable(_("这是旧的xls格式，请用Excel或WPS打开后另存为xlsx再上传"))


def _document_refusal() -> Unreadable:
    return Unreadable(_("这是文字文档，请把里面的表格复制到Excel，存为xlsx再上传"))


def damaged() -> Unreadable:
    """The refusal of a workbook that cannot be opened; some programs write what only Excel forgives."""
    return Unreadable(_("文件已损坏或写法不规范，请用Excel或WPS打开后另存为xlsx再上传"))


def _check_archive(path: str) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            infos = archive.infolist()
    except _FAULTS as fault:
        raise damaged() from fault
    names = {info.filename for info in infos}
    if any(info.flag_bits & 1 for info in infos):
        raise Unreadable(_("文件设了密码，请取消密码后再上传"))
    unpacked = sum(info.file_size for info in infos)
    packed = max(1, sum(info.compress_size for info in infos))
    is_too_big = any(info.file_size > _MAX_PARTS.get(info.filename.lower(), MAX_UNPACKED) for info in infos)
    if is_too_big or unpacked > MAX_UNPACKED or (unpacked > _RATIO_FROM and unpacked > packed * MAX_RATIO):
        raise Unreadable(_("文件展开后过大，请删掉空白行列和图片，或拆成几个文件再上传"))
    if "xl/workbook.xml" not in names:
        raise _archive_refusal(names)
    if _has_endless_cell(path):
        raise Unreadable(
            _("有一格的内容太长，一格最多%(most)s个字，请删短再上传") % {"most": f"{LONGEST_CELL:,}"}
        )
    if _is_strict(path):
        raise Unreadable(_("这是“严格Open XML”格式，请用Excel另存为普通的xlsx再上传"))


def _is_strict(path: str) -> bool:
    """Strict workbooks use other names for everything, their sheets would look empty."""
    try:
        with zipfile.ZipFile(path) as archive, archive.open("xl/workbook.xml") as part:
            return _STRICT in part.read(4096)
    except _FAULTS as fault:
        raise damaged() from fault


def _has_endless_cell(path: str) -> bool:
    """Whether a cell goes on and on: the reader would hold all of it, however long, before it can refuse."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = [info.filename for info in archive.infolist() if _TEXTS.search(info.filename.lower())]
            return any(_goes_on(archive, name) for name in names)
    except (*_FAULTS, RuntimeError) as fault:
        raise damaged() from fault


def _goes_on(archive: zipfile.ZipFile, name: str) -> bool:
    """Whether a part has a stretch of megabytes in which no cell and no text begins."""
    with archive.open(name) as part:
        barren = 0
        while block := part.read(_BLOCK):
            barren = 0 if any(mark in block for mark in _BEGINNINGS) else barren + 1
            if barren >= _MOST_BARREN:
                return True
            if b"/sheetData>" in block:
                return False
    return False


def _archive_refusal(names: set[str]) -> Unreadable:
    if "xl/workbook.bin" in names:
        return Unreadable(_("这是xlsb格式，请用Excel或WPS另存为xlsx再上传"))
    if "word/document.xml" in names:
        return _document_refusal()
    if "content.xml" in names:
        return Unreadable(_("这是ods格式，请另存为xlsx再上传"))
    if "[Content_Types].xml" in names:
        return damaged()
    return Unreadable(_("这是压缩包，请解压后上传里面的xlsx或csv文件"))
