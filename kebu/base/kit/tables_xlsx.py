"""Reading xlsx: small files at once and fast, big ones row by row from the packed file."""

import datetime as dt
import zipfile
from collections.abc import Iterator

from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from kebu.base.kit.table_kinds import damaged
from kebu.base.kit.table_rows import Closing, Row, Table, chosen_sheet, is_blank, plain_value
from kebu.base.kit.xlsx_stream import StreamedWorkbook

# Unpacked bytes from which a file is streamed: the fast reader needs some 2.5 times as much memory.
STREAM_FROM = 32 << 20


def open_xlsx(path: str) -> Table:
    """The workbook, by the reader that fits its size."""
    try:
        with zipfile.ZipFile(path) as archive:
            unpacked = sum(info.file_size for info in archive.infolist())
            if unpacked >= STREAM_FROM:
                return StreamedWorkbook(path)
            if archive.testzip() is not None:  # also unmasks sizes that lie
                raise damaged()
        return LoadedWorkbook(path)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, OSError, EOFError) as fault:
        raise damaged() from fault


class LoadedWorkbook(Closing):
    """A workbook in memory."""

    def __init__(self, path: str) -> None:
        """Reads the workbook's table of contents."""
        try:
            self._book = CalamineWorkbook.from_path(path)
        except CalamineError as fault:
            raise damaged() from fault
        usable = [sheet for sheet in self._book.sheets_metadata if sheet.typ == SheetTypeEnum.WorkSheet]
        visible = [sheet.name for sheet in usable if sheet.visible == SheetVisibleEnum.Visible]
        self._sheets = tuple(visible or [sheet.name for sheet in usable])

    @property
    def sheets(self) -> tuple[str, ...]:
        """Names of the visible sheets."""
        return self._sheets

    def rows(self, sheet: str | None = None) -> Iterator[Row]:
        """Rows that are not empty, numbered as in the sheet."""
        name = chosen_sheet(self._sheets, sheet)
        try:
            content = self._book.get_sheet_by_name(name)
        except CalamineError as fault:
            raise damaged() from fault
        top, left = content.start or (0, 0)
        padding: list[object] = [""] * left
        for number, values in enumerate(content.iter_rows(), top + 1):
            cells = padding + [_value(value) for value in values]
            if not is_blank(cells):
                yield Row(number, cells)

    def close(self) -> None:
        """Frees the memory."""
        self._book.close()


def _value(value: object) -> object:
    if isinstance(value, dt.timedelta):
        return str(value)
    if isinstance(value, dt.datetime) and value.time() == dt.time():
        return value.date()
    return plain_value(value)
