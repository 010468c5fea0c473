"""What every kind of spreadsheet looks like to its reader."""

import re
from collections.abc import Iterator
from types import TracebackType
from typing import NamedTuple, Protocol, Self

from django.utils.translation import gettext as _

from kebu.base.kit.errors import Unreadable

FORMULA = re.compile(
    "'*[=+\\-@\t\r＝＋－＠]"
)  # how texts begin that spreadsheets compute, or a guard before them


class Row(NamedTuple):
    """One row that is not empty.

    `number` counts from 1 and counts empty rows too: in xlsx the row of the sheet, in csv the record, header
    included (a record may span several lines). Cells are str, int, float, date or datetime, "" when empty;
    a row may be shorter or longer than the header.
    """

    number: int
    cells: list[object]


class Table(Protocol):
    """An open spreadsheet."""

    @property
    def sheets(self) -> tuple[str, ...]:
        """Names of the visible sheets; a csv has one."""

    def rows(self, sheet: str | None = None) -> Iterator[Row]:
        """The rows of one sheet, of the first when none is named."""

    def expected_rows(self, sheet: str) -> int:
        """About how many rows the sheet has, header included, as the file itself says; 0: unknown."""

    def close(self) -> None:
        """Lets go of the file."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None: ...


class Closing:
    """Makes a table a context manager."""

    def close(self) -> None:
        """Lets go of the file."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


MOST_ROWS = 1_048_576  # as many as a sheet of Excel has
MOST_COLUMNS = 300
LONGEST_CELL = 32_767  # characters; Excel holds no more either


def counted(number: int) -> None:
    """Raise Unreadable when a table goes on beyond the rows it may have, empty ones included."""
    if number > MOST_ROWS:
        text = _("表格超过%(most)s行，请拆成几个文件，分几次上传")
        raise Unreadable(text % {"most": f"{MOST_ROWS:,}"})


def bounded(number: int, cells: list[object]) -> Row:
    """The row, unless it is beyond what a table may have; raises Unreadable with the limit and the remedy."""
    while len(cells) > MOST_COLUMNS and cells[-1] == "":
        cells.pop()
    if len(cells) > MOST_COLUMNS:
        text = _("第%(row)s行有%(count)s列，最多%(most)s列，请删掉用不到的列再上传")
        raise Unreadable(text % {"row": f"{number:,}", "count": f"{len(cells):,}", "most": MOST_COLUMNS})
    for place, cell in enumerate(cells, 1):
        if type(cell) is str and len(cell) > LONGEST_CELL:
            text = _("第%(row)s行第%(column)s列有%(count)s个字，一格最多%(most)s个字，请删短再上传")
            row, count = f"{number:,}", f"{len(cell):,}"
            raise Unreadable(
                text % {"row": row, "column": place, "count": count, "most": f"{LONGEST_CELL:,}"}
            )
    return Row(number, cells)


def is_blank(cells: list[object]) -> bool:
    """Whether no cell holds anything but spaces."""
    return all(isinstance(cell, str) and (not cell or cell.isspace()) for cell in cells)


def chosen_sheet(sheets: tuple[str, ...], name: str | None) -> str:
    """The sheet asked for, the first one if none is."""
    wanted = sheets[0] if name is None and sheets else name or ""
    if wanted not in sheets:
        raise Unreadable(_("文件里没有名为“%(name)s”的工作表，请重新选择") % {"name": wanted})
    return wanted
