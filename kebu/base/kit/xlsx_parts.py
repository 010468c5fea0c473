"""The small parts of an xlsx: its sheets, which cell styles are dates, from which day dates count."""

import datetime as dt
import posixpath
import re
import zipfile
from typing import NamedTuple
from xml.etree import ElementTree as ET

from kebu.base.kit.table_kinds import damaged

_DATE_FORMATS = {*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)}
_QUOTED = re.compile(r'"[^"]*"|\\.|\[(?!h+\]|m+\]|s+\])[^\]]*\]|_.|\*.')
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
_DATE_LETTERS = re.compile("[ymdhs年月日时分]", re.IGNORECASE)


class Contents(NamedTuple):
    """`sheets`: part of every visible sheet by name; `date_styles`: the cell styles that show dates."""

    sheets: dict[str, str]
    date_styles: frozenset[int]
    epoch: dt.datetime
    texts_part: str | None


def local_name(element: ET.Element) -> str:
    """The tag without its namespace."""
    return element.tag.rpartition("}")[2]


def text_of(element: ET.Element) -> str:
    """All pieces of a rich text, without the reading aids (rPh) some programs add."""
    pieces = []
    for part in element:
        name = local_name(part)
        if name == "t":
            pieces.append(unescaped(part.text or ""))
        elif name in ("r", "is"):
            pieces.append(text_of(part))
    return "".join(pieces)


def unescaped(text: str) -> str:
    """The text with characters that XML cannot hold, which the format writes as _x000D_."""
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text


def read_contents(archive: zipfile.ZipFile) -> Contents:
    """Reads workbook, relations and styles."""
    book = _root(archive, "xl/workbook.xml")
    relations = {
        item.get("Id"): (item.get("Type", "").rpartition("/")[2], _part(item.get("Target", "")))
        for item in _root(archive, "xl/_rels/workbook.xml.rels")
    }
    parts = set(archive.namelist())
    texts = next(
        (part for kind, part in relations.values() if kind == "sharedStrings" and part in parts), None
    )
    styles = next((part for kind, part in relations.values() if kind == "styles" and part in parts), None)
    return Contents(
        _sheets(book, relations),
        _date_styles(_root(archive, styles)) if styles else frozenset(),
        _epoch(book),
        texts,
    )


def _root(archive: zipfile.ZipFile, part: str) -> ET.Element:
    content = archive.read(part)
    if b"<!DOCTYPE" in content[:4096]:
        raise damaged()
    return ET.fromstring(content)  # noqa: S314 - without DOCTYPE there are no entities to expand


def _part(target: str) -> str:
    return target.lstrip("/") if target.startswith("/") else posixpath.normpath("xl/" + target)


def _sheets(book: ET.Element, relations: dict[str | None, tuple[str, str]]) -> dict[str, str]:
    found: dict[str, str] = {}
    hidden: dict[str, str] = {}
    for item in book.iter():
        if local_name(item) != "sheet":
            continue
        relation = next((value for key, value in item.attrib.items() if key.endswith("}id")), None)
        kind, part = relations.get(relation, ("", ""))
        if kind == "worksheet":
            target = found if item.get("state", "visible") == "visible" else hidden
            target[item.get("name", "")] = part
    if not found and not hidden:
        raise damaged()
    return found or hidden


def _epoch(book: ET.Element) -> dt.datetime:
    from_1904 = any(
        local_name(item) == "workbookPr" and item.get("date1904") in ("1", "true") for item in book
    )
    return dt.datetime(1904, 1, 1) if from_1904 else dt.datetime(1899, 12, 30)  # noqa: DTZ001 - cells have no zone


def _date_styles(styles: ET.Element) -> frozenset[int]:
    formats: dict[int, str] = {}
    numbers: list[int] = []
    for group in styles:
        if local_name(group) == "numFmts":
            formats = {int(item.get("numFmtId", 0)): item.get("formatCode", "") for item in group}
        elif local_name(group) == "cellXfs":
            numbers = [int(item.get("numFmtId", 0)) for item in group]
    return frozenset(style for style, number in enumerate(numbers) if _is_date(number, formats.get(number)))


def _is_date(number: int, code: str | None) -> bool:
    if code is None:
        return number in _DATE_FORMATS
    return bool(_DATE_LETTERS.search(_QUOTED.sub("", code.partition(";")[0])))
