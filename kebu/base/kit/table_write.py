"""Writing spreadsheets that open in Excel and WPS as they were meant, whatever the cells hold."""

import csv
import datetime as dt
from collections.abc import Iterable, Sequence
from decimal import Decimal
from pathlib import Path

import xlsxwriter
from django.utils.translation import gettext as _
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from kebu.base.kit.errors import KitError

MAX_XLSX_ROWS = 1_048_576
_MAX_CELL = 32_767
_EXACT = 10**15  # beyond it spreadsheets round
_FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")


def write_table(path: str, header: Sequence[str], rows: Iterable[Sequence[object]]) -> int:
    """Writes xlsx, or csv (UTF-8 with mark) when the name ends so; gives the number of rows without header.

    Texts stay texts: none is taken for a formula, a number or a link.
    """
    if Path(path).suffix.lower() == ".csv":
        return _write_csv(path, header, rows)
    return _write_xlsx(path, header, rows)


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
        return "'" + cell if cell.startswith(_FORMULA_SIGNS) else cell
    return "" if cell is None else _shown(cell)


def _shown(cell: object) -> object:
    if isinstance(cell, dt.datetime):
        return cell.replace(tzinfo=None).isoformat(" ", "seconds")
    return cell.isoformat() if isinstance(cell, dt.date) else cell


def _write_xlsx(path: str, header: Sequence[str], rows: Iterable[Sequence[object]]) -> int:
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(path, options)
    try:
        formats = _formats(book)
        sheet = book.add_worksheet()
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, max(0, len(header) - 1), 16)
        for column, title in enumerate(header):
            sheet.write_string(0, column, str(title), formats["head"])
        written = 0
        for row in rows:
            written += 1
            if written >= MAX_XLSX_ROWS:
                raise KitError(_("超过%(rows)s行，xlsx放不下，请改用CSV") % {"rows": MAX_XLSX_ROWS - 1})
            for column, cell in enumerate(row):
                _write_cell(sheet, (written, column), cell, formats)
        return written
    finally:
        book.close()


def _formats(book: xlsxwriter.Workbook) -> dict[str, Format]:
    return {
        "head": book.add_format({"bold": True}),
        "date": book.add_format({"num_format": "yyyy-mm-dd"}),
        "moment": book.add_format({"num_format": "yyyy-mm-dd hh:mm"}),
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
        sheet.write_string(*place, str(cell)[:_MAX_CELL])


def _is_exact_number(cell: object) -> bool:
    """Numbers too long for a spreadsheet are better written as text."""
    return isinstance(cell, (int, float, Decimal)) and not isinstance(cell, bool) and -_EXACT < cell < _EXACT
