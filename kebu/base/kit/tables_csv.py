"""Reading csv: the encoding and the delimiter are found out, quoted line ends stay inside their record."""

import codecs
import csv
import io
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from django.utils.translation import gettext as _

from kebu.base.kit.errors import Unreadable
from kebu.base.kit.table_rows import FORMULA, LONGEST_CELL, Closing, Row, bounded, counted, is_blank

_SAMPLE = 1 << 16
_DELIMITERS = ",\t;|"
_FIELD_LIMIT = 1 << 17
_LONGEST_LINE = 1 << 20  # characters: no line is read further than this


class CsvTable(Closing):
    """A csv file; its only sheet is named csv, and all cells are text."""

    def __init__(self, path: str) -> None:
        """Finds the encoding by reading the file once."""
        self._path = Path(path)
        self.encoding = find_encoding(self._path)
        with self._open() as file:
            self.delimiter = find_delimiter(file.read(_SAMPLE))

    @property
    def sheets(self) -> tuple[str, ...]:
        """One name, so that a csv can be treated like a workbook."""
        return ("csv",)

    def rows(self, sheet: str | None = None) -> Iterator[Row]:
        """Records that are not empty; the number counts all records from 1."""
        csv.field_size_limit(_FIELD_LIMIT)
        with self._open() as file:
            lines = _Lines(file)
            reader = csv.reader(lines, delimiter=self.delimiter)
            number, before = 0, 0
            try:
                for number, record in enumerate(reader, 1):
                    counted(number)
                    if lines.is_open_at_end and reader.line_num > before + 1:
                        raise _quote_refusal(number)
                    before = reader.line_num
                    cells: list[object] = [_unguarded(cell) for cell in record]
                    if not is_blank(cells):
                        yield bounded(number, cells)
            except csv.Error as fault:
                raise _cell_refusal(number + 1) from fault

    def expected_rows(self, sheet: str) -> int:
        """The number of lines; records of several lines make it too high."""
        with self._path.open("rb") as file:
            return sum(part.count(b"\n") for part in iter(lambda: file.read(1 << 20), b"")) + 1

    def _open(self) -> io.TextIOWrapper:
        return self._path.open(encoding=self.encoding, newline="")


class _Lines:
    """The lines of a file without zero characters; knows at the end whether quotes were odd."""

    def __init__(self, file: io.TextIOWrapper) -> None:
        self._file, self._quotes, self._number, self.is_open_at_end = file, 0, 0, False

    def __iter__(self) -> Iterator[str]:
        for line in iter(lambda: self._file.readline(_LONGEST_LINE), ""):
            self._number += 1
            if len(line) == _LONGEST_LINE:
                raise _line_refusal(self._number)
            self._quotes += line.count('"')
            yield line.replace("\0", "") if "\0" in line else line
        self.is_open_at_end = self._quotes % 2 == 1


def _quote_refusal(number: int) -> Unreadable:
    return Unreadable(
        _("第%(number)s条记录的引号没有成对，请用Excel打开后另存为xlsx再上传") % {"number": number}
    )


def _cell_refusal(number: int) -> Unreadable:
    return Unreadable(
        _(
            "第%(number)s条记录有一格太长，最多%(most)s个字；也可能是引号没有成对，请用Excel打开检查后另存为xlsx"
        )
        % {"number": number, "most": f"{LONGEST_CELL:,}"}
    )


def _line_refusal(number: int) -> Unreadable:
    return Unreadable(
        _("第%(number)s行太长，一格最多%(most)s个字，请检查是不是选错了文件，或用Excel另存为xlsx再上传")
        % {"number": number, "most": f"{LONGEST_CELL:,}"}
    )


def _unguarded(cell: str) -> str:
    """Without the apostrophe that keeps spreadsheets from computing a text."""
    return cell[1:] if cell.startswith("'") and FORMULA.match(cell) else cell


def find_encoding(path: Path) -> str:
    """UTF-8 with or without mark, UTF-16, or else GB18030; Unreadable when none fits."""
    with path.open("rb") as file:
        head = file.read(4096)
    for encoding in _candidates(head):
        if _decodes(path, encoding):
            return encoding
    raise Unreadable(_("看不出文字编码，请用Excel或WPS打开后另存为xlsx再上传"))


def _candidates(head: bytes) -> tuple[str, ...]:
    if head.startswith(codecs.BOM_UTF8):
        return ("utf-8-sig",)
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return ("utf-16",)
    if b"\0" in head:
        return ("utf-16-le",) if head[1::2].count(0) > head[::2].count(0) else ("utf-16-be",)
    return ("utf-8", "gb18030")


def _decodes(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        with path.open("rb") as file:
            while chunk := file.read(1 << 20):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def find_delimiter(sample: str) -> str:
    """The sign that splits most of the first records into the same number of cells, a comma in doubt."""
    lines = sample.splitlines(keepends=True)[:200]
    best, most = ",", 0.0
    for delimiter in _DELIMITERS:
        widths = Counter(
            len(record) for record in csv.reader(lines[:-1] or lines, delimiter=delimiter) if record
        )
        wide = {width: count for width, count in widths.items() if width > 1}
        if not wide:
            continue
        width, count = max(wide.items(), key=lambda item: (item[1], item[0]))
        weight = count * (1 + width / 1000)
        if weight > most:
            best, most = delimiter, weight
    return best
