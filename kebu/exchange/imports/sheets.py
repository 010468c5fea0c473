"""A sheet as rows below one header; forms that list their fields one below the other are stood up."""

from collections.abc import Iterable, Iterator
from itertools import chain, islice

from kebu.base.kit.table_rows import Row, Table
from kebu.exchange.imports.targets import bare

LOOK_AT = 25  # rows in which the header must be found
MOST_FIELDS = 200
NAMES_ABOVE = {bare(text) for text in ("字段名称", "字段名", "采集字段", "信息项")}
NO_VALUES_BELOW = {
    bare(text)
    for text in ("字段类型", "字段分类", "类别", "填写说明", "填写要求", "说明", "必填", "是否必填", "序号")
}


def sheet_rows(table: Table, sheet: str) -> Iterator[Row]:
    """The rows of a sheet; a form with 字段名称 above its first column gives its names as the header."""
    rows = table.rows(sheet)
    head = list(islice(rows, LOOK_AT))
    for index, row in enumerate(head):
        column = _names_column(row)
        if column is not None:
            return _stood_up(row, column, chain(head[index + 1 :], islice(rows, MOST_FIELDS)))
    return chain(head, rows)


def _names_column(row: Row) -> int | None:
    texts = [bare(str(cell)) for cell in row.cells]
    return next((index for index, text in enumerate(texts) if text in NAMES_ABOVE), None)


def _stood_up(head: Row, names: int, below: Iterable[Row]) -> Iterator[Row]:
    """The header of field names, then one row per column that holds values, numbered on from the header."""
    lines = [row.cells for row in below if str(_cell(row.cells, names)).strip()]
    yield Row(head.number, [_cell(cells, names) for cells in lines])
    width = max([len(head.cells), *map(len, lines)])
    columns = [
        column
        for column in range(width)
        if column != names and bare(str(_cell(head.cells, column))) not in NO_VALUES_BELOW
    ]
    for order, column in enumerate(columns, 1):
        values = [_cell(cells, column) for cells in lines]
        if any(str(value).strip() for value in values):
            yield Row(head.number + order, values)


def _cell(cells: list[object], column: int) -> object:
    return cells[column] if column < len(cells) else ""
