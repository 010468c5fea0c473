"""What a file is, told by its content; the name only decides between office formats that begin alike."""

import zipfile
from pathlib import Path
from typing import NamedTuple

from django.utils.translation import gettext as _
from PIL import Image, UnidentifiedImageError

from kebu.base.kit.errors import Unreadable

OOXML = {
    ".docx": ("word/", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ".xlsx": ("xl/", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ".pptx": ("ppt/", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
}
OLE = {
    ".doc": "application/msword",
    ".xls": "application/vnd.ms-excel",
    ".ppt": "application/vnd.ms-powerpoint",
}
TEXTS = {".txt": "text/plain", ".csv": "text/csv", ".md": "text/plain"}
PICTURES = {"JPEG": ".jpg", "PNG": ".png", "WEBP": ".png", "GIF": ".png"}
SAME = {".jpg": (".jpeg",)}
SHOWN = (".jpg", ".jpeg", ".png", ".webp", ".gif")
ACCEPTED = ",".join(["image/jpeg,image/png,image/webp,image/gif,.pdf", *OOXML, *OLE, *TEXTS])
MOST_PIXELS = 25_000_000  # drawn in full while read
MOST_JPEG_PIXELS = 170_000_000  # read at a smaller size
LOOKED_AT = 65_536


class Content(NamedTuple):
    """The media type, and the ending under which the file is kept; pictures are drawn anew first."""

    media_type: str
    ending: str
    is_picture: bool = False

    def named(self, name: str) -> str:
        """The name with the ending of what the file is: a page or a program called PDF does not go out so."""
        given = Path(name)
        if given.suffix.lower() in (self.ending, *SAME.get(self.ending, ())):
            return name
        bare = given.stem if self.is_picture and given.suffix.lower() in SHOWN else name
        return f"{bare[: 200 - len(self.ending)]}{self.ending}"


def recognise(path: Path, name: str) -> Content:
    """Tell what the file is; raises Unreadable for what is not kept here, with what to do instead."""
    ending = Path(name).suffix.lower()
    with path.open("rb") as file:
        head = file.read(LOOKED_AT)
    if not head:
        raise Unreadable(_("“%(name)s”是空文件，请重新选择") % {"name": name})
    found = _document(path, head, ending) or _picture(path, name)
    if found is None:
        raise Unreadable(
            _("“%(name)s”不是能存的类型，请换成图片、PDF、Word、Excel、PPT或文本文件") % {"name": name}
        )
    return found


def _document(path: Path, head: bytes, ending: str) -> Content | None:
    if head.startswith(b"%PDF-"):
        return Content("application/pdf", ".pdf")
    if head.startswith(b"PK") and ending in OOXML and _has_part(path, OOXML[ending][0]):
        return Content(OOXML[ending][1], ending)
    if head.startswith(bytes.fromhex("d0cf11e0a1b11ae1")) and ending in OLE:
        return Content(OLE[ending], ending)
    if ending in TEXTS and _is_text(head):
        return Content(TEXTS[ending], ending)
    return None


def _has_part(path: Path, folder: str) -> bool:
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, OSError, ValueError):
        return False
    return "[Content_Types].xml" in names and any(name.startswith(folder) for name in names)


def _is_text(head: bytes) -> bool:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    return b"\0" not in head and (_reads(head, "utf-8") or _reads(head, "gb18030"))


def _reads(head: bytes, encoding: str) -> bool:
    """Say whether the bytes are text; the last character may be cut."""
    try:
        head.decode(encoding)
    except UnicodeDecodeError as fault:
        return fault.start >= len(head) - 4
    return True


def _picture(path: Path, name: str) -> Content | None:
    try:
        with Image.open(path, formats=list(PICTURES)) as picture:
            kind, width, height = picture.format or "", picture.width, picture.height
    except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError):
        return None
    most = MOST_JPEG_PIXELS if kind == "JPEG" else MOST_PIXELS
    if width * height > most:
        raise Unreadable(
            _("图片“%(name)s”太大了，请缩小到%(most)d万像素以内，或者存成JPG")
            % {"name": name, "most": most // 10_000}
        )
    return Content("image/jpeg" if kind == "JPEG" else "image/png", PICTURES[kind], is_picture=True)
