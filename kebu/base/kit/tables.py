"""Reading and writing spreadsheets, one row at a time, with memory that does not grow with the file."""

from kebu.base.kit.table_kinds import kind_of
from kebu.base.kit.table_rows import Row, Table
from kebu.base.kit.table_write import write_table
from kebu.base.kit.tables_csv import CsvTable
from kebu.base.kit.tables_xlsx import XlsxTable

__all__ = ["Row", "Table", "open_table", "write_table"]


def open_table(path: str) -> Table:
    """A spreadsheet as a context manager: `.sheets` names, `.rows(sheet)` streams.

    What the file is shows in its first bytes, not in its name. Anything but xlsx and text is refused with
    what to do: an old xls, a password, a picture, a damaged file, one that unpacks to more than 1 GiB.
    """
    return XlsxTable(path) if kind_of(path) == "xlsx" else CsvTable(path)
