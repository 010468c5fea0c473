"""Writing spreadsheets that open in Excel and WPS as they were meant, whatever the cells hold."""

import csv
import datetime as dt
import re
import tempfile
from collections.abc import Iterable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

import xlsxwriter
from django.utils.translation import gettext as _
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from kebu.base.kit.errors import KitError
from kebu.base.kit.table_rows import FORMULA

MAX_XLSX_ROWS = 1_048_576
_MAX_CELL = 32_767
_EXACT = 10**15  # beyond it spreadsheets round


def write_table(
    path: str,
    header: Sequence[str],
    rows: Iterable[Sequence[object]],
    *,
    sheet: str = "",
    rows_a_sheet: int = 0,
) -> int:
    """Writes xlsx, or csv (UTF-8 with mark) when the name ends so; gives the number of rows without header.

    Texts stay texts: none is taken for a formula, a number or a link. ``rows_a_sheet``: after so many rows
    the workbook goes on in another sheet, each with the header; without it too many rows are refused. What
    an error leaves behind is the caller's to clear away.
    """
    if Path(path).suffix.lower() == ".csv":
        return _write_csv(path, header, rows)
    with tempfile.TemporaryDirectory(prefix=".sheets-", dir=Path(path).parent) as place:
        book = _Book(path, place, header, sheet, rows_a_sheet)
        for row in rows:
            book.add(row)
        return book.close()


class Sheet(NamedTuple):
    """One table of a workbook."""

    name: str
    header: Sequence[str]
    rows: Iterable[Sequence[object]]


def write_book(path: str, sheets: Sequence[Sheet]) -> None:
    """Writes several tables into one xlsx, each as ``write_table`` writes one."""
    with tempfile.TemporaryDirectory(prefix=".sheets-", dir=Path(path).parent) as place:
        first, *others = sheets
        book = _Book(path, place, first.header, first.name, 0)
        for sheet in (first, *others):
            if sheet is not first:
                book.begin(sheet.header, sheet.name)
            for row in sheet.rows:
                book.add(row)
        book.close()


def _write_csv(path: str, header: Sequence[str], rows: Iterable[Sequence[object]]) -> int:
    written = 0
    with Path(path).open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([_guarded(cell) for cell in header])
        for row in rows:
            writer.writerow([_guarded(cell) for cell in row])
            written += 1
    return written


def _guarded(cell: object) -> object:
    """A text that a spreadsheet would compute gets an apostrophe before it; the reader takes it off again."""
    if isinstance(cell, str):
        return "'" + cell if FORMULA.match(cell) else cell
    return "" if cell is None else _shown(cell)


def _shown(cell: object) -> object:
    if isinstance(cell, dt.datetime):
        return cell.replace(tzinfo=None).isoformat(" ", "seconds")
    return cell.isoformat() if isinstance(cell, dt.date) else cell


class _Book:
    """A workbook on its way to the disk row by row; ``place`` holds what is not in the file yet."""

    def __init__(self, path: str, place: str, header: Sequence[str], name: str, rows_a_sheet: int) -> None:
        options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        self.book = xlsxwriter.Workbook(path, {**options, "tmpdir": place})
        self.book.use_zip64()
        self.formats = _formats(self.book)
        self.splits, self.most = bool(rows_a_sheet), min(rows_a_sheet or MAX_XLSX_ROWS, MAX_XLSX_ROWS) - 1
        self.written = 0
        self.begin(header, name)

    def begin(self, header: Sequence[str], name: str) -> None:
        """Go on with another table, in a sheet of its own."""
        self.header, self.name = header, re.sub(r"[\[\]:*?/\\']", " ", name)[:25]
        self.before = len(self.book.worksheets())
        self.sheet, self.line = self._new_sheet(), 0

    def _new_sheet(self) -> Worksheet:
        number = len(self.book.worksheets()) - self.before + 1
        sheet = self.book.add_worksheet((f"{self.name} {number}" if number > 1 else self.name) or None)
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, max(0, len(self.header) - 1), 16)
        for column, title in enumerate(self.header):
            sheet.write_string(0, column, str(title), self.formats["head"])
        return sheet

    def add(self, row: Sequence[object]) -> None:
        """Write the next row."""
        if self.line >= self.most:
            if not self.splits:
                raise KitError(_("超过%(rows)s行，xlsx放不下，请改用CSV") % {"rows": self.most})
            self.sheet, self.line = self._new_sheet(), 0
        self.line += 1
        self.written += 1
        for column, cell in enumerate(row):
            _write_cell(self.sheet, (self.line, column), cell, self.formats)

    def close(self) -> int:
        """Finish the file; gives the number of rows."""
        self.book.close()
        return self.written


def _formats(book: xlsxwriter.Workbook) -> dict[str, Format]:
    return {
        "head": book.add_format({"bold": True}),
        "date": book.add_format({"num_format": "yyyy-mm-dd"}),
        "moment": book.add_format({"num_format": "yyyy-mm-dd hh:mm"}),
        "quoted": book.add_format({"quote_prefix": True}),  # stays a text also when somebody edits it
    }


def _write_cell(sheet: Worksheet, place: tuple[int, int], cell: object, formats: dict[str, Format]) -> None:
    if cell is None or cell == "":
        return
    if isinstance(cell, dt.datetime):
        sheet.write_datetime(*place, cell.replace(tzinfo=None), formats["moment"])
    elif isinstance(cell, dt.date):
        sheet.write_datetime(*place, cell, formats["date"])
    elif _is_exact_number(cell):
        sheet.write_number(*place, cell)
    else:
        text = str(cell)[:_MAX_CELL]
        sheet.write_string(*place, text, formats["quoted"] if FORMULA.match(text) else None)


def _is_exact_number(cell: object) -> bool:
    """Numbers too long for a spreadsheet are better written as text."""
    return isinstance(cell, (int, float, Decimal)) and not isinstance(cell, bool) and -_EXACT < cell < _EXACT
