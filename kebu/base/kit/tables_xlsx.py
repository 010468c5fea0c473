"""Reading xlsx row by row through openpyxl; table_kinds has looked at the archive before.

100,000 rows of 10 columns take 8 to 15 s, and 70 MB for shared texts (5 MB when texts stand in their cells).
"""

import datetime as dt
import lzma
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

from openpyxl import load_workbook
from openpyxl.cell.cell import ERROR_CODES
from openpyxl.styles.numbers import BUILTIN_FORMATS
from openpyxl.utils.escape import unescape
from openpyxl.workbook.workbook import Workbook
from openpyxl.worksheet._read_only import ReadOnlyWorksheet

from kebu.base.kit.errors import Unreadable
from kebu.base.kit.table_kinds import damaged
from kebu.base.kit.table_rows import Closing, Row, bounded, chosen_sheet, counted, is_blank

# Whatever a damaged part makes of the reader; ParseError of XML is a SyntaxError.
_FAULTS = (
    *(ArithmeticError, AssertionError, AttributeError, EOFError, LookupError, OSError, RuntimeError),
    *(SyntaxError, TypeError, ValueError, zipfile.BadZipFile, zlib.error, lzma.LZMAError),
)
_EXACT = 10**15
_HALF_SECOND = dt.timedelta(microseconds=500_000)

# The numbered formats of Chinese dates (31 is 2024年3月1日), which openpyxl takes for plain numbers.
BUILTIN_FORMATS.update(dict.fromkeys((*range(27, 37), *range(50, 59)), "yyyy-mm-dd"))
# What it leaves out (pictures, rules of validation) is not asked for, and its warnings quote cells.
warnings.filterwarnings("ignore", category=UserWarning, module="openpyxl")


class XlsxTable(Closing):
    """A workbook read from its file as far as it is asked for."""

    def __init__(self, path: str) -> None:
        """Reads the table of contents, the styles and the shared texts."""
        self._file = Path(path).open("rb")  # noqa: SIM115 - closed by close()
        try:
            self._book = load_workbook(self._file, read_only=True, data_only=True, keep_links=False)
            self._sheets = _visible_sheets(self._book)
        except _FAULTS as fault:
            self._file.close()
            raise damaged() from fault
        if not self._sheets:
            self.close()
            raise damaged()

    @property
    def sheets(self) -> tuple[str, ...]:
        """Names of the visible sheets; of all, when all are hidden."""
        return tuple(self._sheets)

    def rows(self, sheet: str | None = None) -> Iterator[Row]:
        """Rows that are not empty, numbered as in the sheet."""
        source = self._sheets[chosen_sheet(self.sheets, sheet)]
        source.reset_dimensions()  # what a file says about its size is often wrong
        try:
            for number, values in enumerate(source.values, 1):
                counted(number)
                if values.count(None) == len(values):
                    continue
                cells = _cells(values)
                if not is_blank(cells):
                    yield bounded(number, cells)
        except Unreadable:
            raise
        except _FAULTS as fault:
            raise damaged() from fault

    def expected_rows(self, sheet: str) -> int:
        """The last row by the sheet's own word; 0 once its rows have been read."""
        return self._sheets[chosen_sheet(self.sheets, sheet)].max_row or 0

    def close(self) -> None:
        """Lets go of the file."""
        self._book.close()
        self._file.close()


def _visible_sheets(book: Workbook) -> dict[str, ReadOnlyWorksheet]:
    sheets = [sheet for sheet in book.worksheets if isinstance(sheet, ReadOnlyWorksheet)]
    visible = [sheet for sheet in sheets if sheet.sheet_state == "visible"]
    return {sheet.title: sheet for sheet in visible or sheets}


def _cells(values: tuple[object, ...]) -> list[object]:
    """Values up to the last one that is not empty, wherever formatting ends."""
    cells = [_cell(value) for value in values]
    while cells and cells[-1] == "":
        cells.pop()
    return cells


def _cell(value: object) -> object:
    """A value as the rest of the house knows it: text, number, date or moment."""
    if value is None:
        return ""
    if isinstance(value, str):
        return "" if value in ERROR_CODES else _unescaped(value)
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return int(value) if value.is_integer() and abs(value) < _EXACT else value
    return _moment(value)


def _unescaped(text: str) -> str:
    """Without _x000D_ and the like; of what they may stand for, nothing that is no character."""
    found = unescape(text)
    if found == text:
        return text
    return found.encode("utf-16", "surrogatepass").decode("utf-16", "ignore").replace("\0", "")


def _moment(value: object) -> object:
    """Times of day and durations are texts, midnight is a date; spreadsheets do not count below seconds."""
    if isinstance(value, dt.datetime):
        moment = _in_seconds(value)
        return moment.date() if moment.time() == dt.time() else moment
    if isinstance(value, dt.time):
        return str(_in_seconds(dt.datetime.combine(dt.date.min, value)).time())
    if isinstance(value, dt.timedelta):
        minutes, seconds = divmod(round(value.total_seconds()), 60)
        return f"{minutes // 60:02}:{minutes % 60:02}:{seconds:02}"
    return value


def _in_seconds(moment: dt.datetime) -> dt.datetime:
    rounded = moment if moment.year == dt.MAXYEAR else moment + _HALF_SECOND
    return rounded.replace(microsecond=0)
