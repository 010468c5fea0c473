"""Whatever is dropped on the import: a sentence with a remedy or a check that ends, never a failure."""

import io
import re
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from kebu.base.jobs.models import Job
from kebu.exchange.imports.choices import State
from kebu.exchange.imports.models import Import
from kebu.exchange.imports.tests.sheets import GOOD, HEADERS, csv, upload, work_off, xlsx
from kebu.office.staff.models import User
from tests.cast import ClientOf

pytestmark = pytest.mark.django_db
BOOK = xlsx([HEADERS, *GOOD])
TEXT = csv([HEADERS, *GOOD], "utf-8")
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
SHEET, SHARED, CONTENTS = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/workbook.xml"
ENTITY = b'<!DOCTYPE a [<!ENTITY b "c">]>'


def packed(parts: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def parts_of(book: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def edited(part: str, change: Callable[[bytes], bytes | None]) -> bytes:
    """The good workbook with one part changed or left out."""
    parts = parts_of(BOOK)
    changed = change(parts.pop(part))
    return packed(parts | ({} if changed is None else {part: changed}))


def with_row(row: bytes) -> bytes:
    return edited(SHEET, lambda old: old.replace(b"</sheetData>", row + b"</sheetData>"))


def with_cell(value: bytes) -> bytes:
    return with_row(b'<row r="9"><c r="A9"><v>' + value + b"</v></c></row>")


def flipped(step: int) -> bytes:
    """Every so many bytes one bit is wrong."""
    return bytes(byte ^ 4 if place % step == step - 1 else byte for place, byte in enumerate(BOOK))


def locked() -> bytes:
    """A zip whose parts claim to be encrypted."""
    return BOOK.replace(b"PK\x01\x02\x14\x00\x14\x00\x00\x00", b"PK\x01\x02\x14\x00\x14\x00\x01\x00")


FILES: dict[str, tuple[str, bytes]] = {
    "empty": ("a.xlsx", b""),
    "blank": ("a.csv", b" \r\n\t\r\n" * 50),
    "commas": ("a.csv", b",,,,\n" * 50),
    "noise": ("a.xlsx", bytes((n * 7919) % 251 for n in range(5_000))),
    "zeros": ("a.csv", bytes(5_000)),
    "zeros in text": ("a.csv", TEXT.replace(b",", b"\0,", 9)),
    "zeros behind text": ("a.csv", TEXT * 200 + bytes(90_000)),
    "png": ("a.xlsx", b"\x89PNG\r\n\x1a\n" + bytes(99)),
    "jpeg": ("a.csv", b"\xff\xd8\xff\xe0" + bytes(99)),
    "pdf": ("a.xlsx", b"%PDF-1.7 abc"),
    "gzip": ("a.csv", b"\x1f\x8b\x08" + bytes(99)),
    "rar": ("a.xlsx", b"Rar!\x1a\x07\x00"),
    "xls": ("a.xls", OLE),
    "xls named xlsx": ("a.xlsx", OLE),
    "password": ("a.xlsx", OLE + "EncryptedPackage".encode("utf-16-le")),
    "password of the zip": ("a.xlsx", locked()),
    "word": ("a.xlsx", packed({"word/document.xml": b"x"})),
    "ods": ("a.xlsx", packed({"content.xml": b"x"})),
    "xlsb": ("a.xlsx", packed({"xl/workbook.bin": b"x"})),
    "zip": ("a.xlsx", packed({"名单.csv": TEXT})),
    "zip of thousands": ("a.xlsx", packed({f"{n}.csv": b"x" for n in range(3_000)})),
    "html named xlsx": ("a.xlsx", b"\xef\xbb\xbf\r\n<html><body><table><tr><td>x</table>"),
    "xml of 2003": ("a.xls", b'<?xml version="1.0"?><Workbook><Worksheet/></Workbook>'),
    "web archive": ("a.xls", b"MIME-Version: 1.0\r\nContent-Type: multipart/related\r\n\r\nx"),
    "bomb": ("a.xlsx", with_row(b" " * (70 << 20))),
    "bomb within limits": ("a.xlsx", with_cell(b"9" * (40 << 20))),
    "huge header": ("a.csv", b"x" * (3 << 20) + b",b\n1,2\n"),
    "huge cell": ("a.csv", TEXT + ("长" * 40_000).encode() + b",13800138000\n"),
    "thousand columns": ("a.csv", ",".join(f"列{n}" for n in range(1_000)).encode() + b"\n1,2\n"),
    "thousand columns of xlsx": ("a.xlsx", xlsx([HEADERS + [f"列{n}" for n in range(1_000)], *GOOD])),
    "thousand columns further down": ("a.csv", TEXT + b"x," * 1_000 + b"x\n"),
    "last cell of all": ("a.xlsx", with_row(b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')),
    "rows without end": ("a.xlsx", with_row(b'<row r="99999999999"><c r="A99999999999"><v>1</v></c></row>')),
    "row of no number": ("a.xlsx", with_row(b'<row r="x"><c r="-1"><v>1</v></c></row>')),
    "numbers beyond sense": ("a.xlsx", with_cell(b'1e999</v></c><c r="B9"><v>nan')),
    "half a character": ("a.xlsx", edited(SHARED, lambda old: old.replace(b"<t>", b"<t>_xD800__x0000_"))),
    "entities": ("a.xlsx", edited(SHARED, lambda old: old.replace(b"<sst", ENTITY + b"<sst"))),
    "texts left out": ("a.xlsx", edited(SHARED, lambda _old: None)),
    "sheet left out": ("a.xlsx", edited(SHEET, lambda _old: None)),
    "contents left out": ("a.xlsx", edited(CONTENTS, lambda _old: None)),
    "no sheets": ("a.xlsx", edited(CONTENTS, lambda old: re.sub(rb"<sheets>.*</sheets>", b"<sheets/>", old))),
    "quote left open": ("a.csv", TEXT + b'"a,b\n' + TEXT * 3_000),
    "half utf-16": ("a.csv", TEXT.decode().encode("utf-16")[:-1]),
    "two encodings": ("a.csv", TEXT + TEXT.decode().encode("gb18030") + b"\xff\xff\x80"),
    "header alone": ("a.csv", ",".join(HEADERS).encode()),
    "one cell": ("a.csv", "甲".encode()),
    "csv named xlsx": ("a.xlsx", TEXT),
    "xlsx named csv": ("a.csv", BOOK),
    "line ends of old": ("a.csv", TEXT.replace(b"\r\n", b"\r")),
    "name from elsewhere": ("../../\x00a\n.xlsx" + "长" * 300, TEXT),
} | {f"{share}% of xlsx": ("a.xlsx", BOOK[: len(BOOK) * share // 100]) for share in (1, 30, 60, 90, 99)} | {
    f"bits wrong, one in {step}": ("a.xlsx", flipped(step)) for step in (50, 400, 2_000)
}  # fmt: skip


@pytest.fixture
def client(rep: User, client_of: ClientOf) -> Client:
    return client_of(rep)


def is_sentence(text: str) -> bool:
    return "请" in text and len(re.findall("[一-鿿]", text)) > 8 and "Error" not in text


@pytest.mark.slow
@pytest.mark.parametrize("kind", FILES)
def test_refused_with_a_remedy_or_checked(kind: str, client: Client, tmp_path: Path, settings: Any) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    name, content = FILES[kind]
    answer = upload(client, content, name)
    if answer.status_code == 422:
        told = answer.content.decode().partition('id="file-error">')[2].partition("<")[0]
        assert is_sentence(told), told
        assert not [place for place in settings.MEDIA_ROOT.rglob("*") if place.is_file()]
        return
    assert answer.status_code == 302
    work_off(tmp_path)
    assert client.get(answer["Location"]).status_code == 200
    source, job = Import.objects.get(), Job.objects.get()
    assert source.state == State.CHECKED or is_sentence(source.error), (source.error, job.error)
