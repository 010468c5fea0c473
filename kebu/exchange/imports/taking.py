"""Taking a file: kept under a random name, looked at, its sheet, header and columns guessed."""

from collections.abc import Sequence
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.utils.translation import gettext as _

from kebu.base.fields.directories import Context
from kebu.base.kit.errors import Unreadable
from kebu.base.kit.keeping import fingerprint, keep
from kebu.base.kit.table_rows import Row
from kebu.base.kit.tables import open_table
from kebu.exchange.imports.checking import file_path
from kebu.exchange.imports.choices import Certainty
from kebu.exchange.imports.headers import LEAST_ALIKE, find_header, guess
from kebu.exchange.imports.models import Import
from kebu.exchange.imports.reading import cell_text
from kebu.exchange.imports.sheets import LOOK_AT, sheet_rows
from kebu.exchange.imports.targets import bare, by_spelling
from kebu.office.staff.models import User

SAMPLES = 20
SHOWN_SAMPLES = 3


def store(file: BinaryIO, name: str) -> str:
    """Keep an uploaded file under a random name (written, synced, renamed); returns its path."""
    root = Path(settings.MEDIA_ROOT)
    return str(keep(file, root / "imports", Path(name).suffix.lower()[:8]).path.relative_to(root))


def take_file(file: BinaryIO, name: str, *, owner: User, at: datetime, sheet: str = "") -> Import:
    """Keep the file and guess how it is to be read; the import is not saved yet. Raises Unreadable for files
    that are no tables."""
    path = store(file, name)
    source = Import(owner=owner, path=path, file_name=Path(name).name[:200], created_at=at)
    source.sha256 = fingerprint(file_path(source))
    try:
        look_at(source, sheet)
    except Unreadable:
        file_path(source).unlink()
        raise
    return source


def look_at(source: Import, sheet: str = "", header_row: int | None = None) -> None:
    """Choose sheet, header row and mapping: what is named, else what looks most like a list of customers."""
    with open_table(str(file_path(source))) as table:
        source.sheets = list(table.sheets)
        names = [sheet] if sheet else table.sheets
        sizes = {name: table.expected_rows(name) for name in names}
        heads = {name: list(islice(sheet_rows(table, name), LOOK_AT)) for name in names}
    if not any(heads.values()):
        raise Unreadable(_("文件里没有数据，请检查是不是选错了文件"))
    source.sheet = max(heads, key=lambda name: likeness(heads[name]))
    rows = heads[source.sheet]
    header = next((r for r in rows if r.number == header_row), None) if header_row else find_header(rows)
    if header is None:
        raise Unreadable(_refusal(header_row))
    source.header_row = header.number
    source.expected_count = max(0, sizes[source.sheet] - header.number)
    source.headers = [cell_text(cell).strip() for cell in header.cells]
    _guess(source, [[cell_text(c) for c in row.cells] for row in rows if row.number > header.number])


def _refusal(header_row: int | None) -> str:
    if header_row:
        return _("第%(row)d行没有列名，表头要在前%(most)d行里") % {"row": header_row, "most": LOOK_AT}
    return _("没有找到表头，请让第一行写列名，如 客户名称、联系方式")


def _guess(source: Import, samples: Sequence[Sequence[str]]) -> None:
    guesses = guess(source.headers, samples[:SAMPLES], Context(reader=source.owner))
    source.mapping = [found.key for found in guesses]
    source.certainties = [found.certainty.value for found in guesses]
    columns = [[row[i] for row in samples if i < len(row) and row[i].strip()] for i in range(len(guesses))]
    source.samples = [[text[:40] for text in dict.fromkeys(column)][:SHOWN_SAMPLES] for column in columns]


def choose_columns(source: Import, mapping: Sequence[str]) -> None:
    """Take the mapping a person chose; what he left as it was guessed is confirmed by that."""
    source.certainties = [
        before if key == old and before == Certainty.SURE else (Certainty.CHOSEN if key else Certainty.NONE)
        for key, old, before in zip(mapping, source.mapping, source.certainties, strict=True)
    ]
    source.mapping = list(mapping)


def likeness(rows: Sequence[Row]) -> int:
    """How much a sheet looks like a list: known names in its best row, and any rows at all."""
    header = find_header(rows)
    if header is None:
        return -1
    known = sum(1 for cell in header.cells if bare(cell_text(cell)) in by_spelling())
    return known * 1000 + len(rows) if known >= LEAST_ALIKE else len(rows)
