"""Spreadsheets that leave the import: the empty template, and the rows that could not come in."""

import tempfile
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

import xlsxwriter
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from xlsxwriter.workbook import Workbook

from kebu.base.access.queries import Viewer
from kebu.base.fields.directories import Context
from kebu.base.kit.tables import write_table
from kebu.crm.customers.fields import CUSTOMER_FIELDS
from kebu.crm.customers.forms import lacking_way
from kebu.crm.customers.models import Customer
from kebu.exchange.imports.choices import Outcome
from kebu.exchange.imports.conflicts import clashes_of
from kebu.exchange.imports.headers import PROBLEM
from kebu.exchange.imports.models import Import, ImportRow
from kebu.exchange.imports.protecting import Columns, is_open
from kebu.exchange.imports.reading import field_of
from kebu.exchange.imports.targets import CUSTOMER, Target, targets

TEMPLATE = (
    "customer.name", "customer.customer_type", "customer.industry", "size", "contact.name", "contact.title",
    "customer.phone", "customer.email", "customer.wechat", "customer.address", "customer.source",
    "customer.first_contact_on", "customer.grade", "customer.need", "customer.budget", "customer.stage",
    "customer.next_follow_up_at", "customer.owner", "customer.remark",
)  # fmt: skip
MUST = ("customer.name",)
SAMPLES = (
    {
        "customer.name": "示例：苏州澄岳精密制造有限公司",
        "customer.customer_type": "意向客户",
        "customer.industry": "专用设备制造业",
        "size": "100-500人",
        "contact.name": "王磊",
        "contact.title": "采购经理",
        "customer.phone": "13800138000",
        "customer.address": "江苏省苏州市吴中区临湖路118号",
        "customer.source": "展会",
        "customer.first_contact_on": "2026-03-05",
        "customer.need": "采购减速机壳体，月需求50套",
        "customer.budget": "50-80万",
    },
    {
        "customer.name": "示例：李静",
        "customer.customer_type": "潜在客户",
        "customer.email": "lijing@example.com",
        "customer.source": "转介绍",
        "customer.remark": "个人客户写姓名，自动认成个人",
    },
)
HELP_HEAD = ("列名", "要不要填", "怎么填", "示例", "可以选的")
HINTS = {
    "customer.name": "企业写营业执照上的全称，个人写姓名",
    "customer.phone": "手机、座机或400",
    "size": "人数或年营收的区间，两样都有时用 / 隔开",
    "customer.owner": "同事的姓名或账号；不填就是导入的人",
    "customer.first_contact_on": "2026-03-05、2026/3/5、2026年3月5日都可以",
}


def template_file(context: Context) -> BinaryIO:
    """The template: one sheet to fill in, with sample rows, and one that explains every column."""
    with tempfile.NamedTemporaryFile(suffix=".xlsx") as place:
        book = xlsxwriter.Workbook(place.name, {"strings_to_formulas": False, "strings_to_urls": False})
        own = [f"{CUSTOMER}{item.name}" for item in CUSTOMER_FIELDS.own() if item.is_editable]
        columns = [targets()[key] for key in (*TEMPLATE, *own) if is_open(key, context)]
        _fill_sheet(book, columns, context)
        _explain(book, columns, context)
        book.close()
        return Path(place.name).open("rb")


def _head(target: Target) -> str:
    return f"{target.label} *" if target.key in MUST else target.label


def _fill_sheet(book: Workbook, columns: list[Target], context: Context) -> None:
    sheet, bold = book.add_worksheet("客户"), book.add_format({"bold": True})
    text = book.add_format({"num_format": "@"})  # a phone typed in keeps its leading zero
    sheet.freeze_panes(1, 1)
    for index, target in enumerate(columns):
        sheet.set_column(index, index, 30 if target.key == "customer.name" else 16, text)
        sheet.write_string(0, index, _head(target), bold)
        offered = _offered(target, context)
        if offered and len(",".join(offered)) < 250:
            sheet.data_validation(
                1, index, 2000, index, {"validate": "list", "source": offered, "error_type": "information"}
            )
        for line, sample in enumerate(SAMPLES, 1):
            sheet.write_string(line, index, sample.get(target.key, ""))


def _explain(book: Workbook, columns: list[Target], context: Context) -> None:
    sheet, bold = book.add_worksheet("填写说明"), book.add_format({"bold": True})
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    for index, (title, width) in enumerate(zip(HELP_HEAD, (18, 10, 48, 30, 60), strict=True)):
        sheet.set_column(index, index, width, wrap)
        sheet.write_string(0, index, title, bold)
    for line, target in enumerate(columns, 1):
        must = "必填" if target.key in MUST else "选填"
        hint, offered = _hint(target, context), "、".join(_offered(target, context))
        for index, text in enumerate((target.label, must, hint, target.example, offered)):
            sheet.write_string(line, index, text, wrap)


def _hint(target: Target, context: Context) -> str:
    """How to fill a column in; it speaks of no column that is not there."""
    hint = HINTS.get(target.key) or target.help
    if target.key != "customer.phone":
        return hint
    return "；".join(filter(None, [hint, lacking_way(context)]))


def _offered(target: Target, context: Context) -> list[str]:
    """Names that can be chosen in a column; those of industries are too many to list."""
    item = field_of(target.key) if "." in target.key else None
    if item is None or target.key == "customer.industry":
        return []
    return [str(label) for _value, label in item.kind.choices(context)]


def failing_rows(source: Import) -> QuerySet[ImportRow]:
    """Rows that did not come in: to be corrected, or in conflict with what somebody else wrote."""
    return source.rows.filter(outcome__in=(Outcome.REJECT, Outcome.CONFLICT)).order_by("number")


def failing_file(source: Import, user: Viewer, context: Context) -> BinaryIO:
    """These rows with the columns of the file and 问题; corrected, the file can be brought in again."""
    columns = [index for index, header in enumerate(source.headers) if header != PROBLEM]
    header = [*(source.headers[index] for index in columns), PROBLEM]
    with tempfile.NamedTemporaryFile(suffix=".xlsx") as place:
        write_table(place.name, header, _lines(source, columns, user, context))
        return Path(place.name).open("rb")


def _lines(source: Import, columns: list[int], user: Viewer, context: Context) -> Iterator[list[str]]:
    shown = Columns(source, context)
    rows = failing_rows(source).iterator(chunk_size=500)
    while chunk := list(islice(rows, 500)):
        ids = [row.customer_id for row in chunk if row.customer_id]
        visible = set(Customer.objects.visible_to(user).filter(pk__in=ids).values_list("id", flat=True))
        for row in chunk:
            cells = [shown.cell(i, row.cells[i]) if i < len(row.cells) else "" for i in columns]
            told = [_told(shown, problem) for problem in row.problems]
            yield [*cells, "；".join(told + _clashes(row, visible, context))]


def _clashes(row: ImportRow, visible: set[int], context: Context) -> list[str]:
    if row.outcome != Outcome.CONFLICT:
        return []
    if row.customer_id not in visible:
        return [_("这个客户在检查后被别人改过，没有写入")]
    return [clash.sentence for clash in clashes_of(row, context)]


def _told(shown: Columns, problem: dict[str, Any]) -> str:
    column, headers = problem["column"], shown.source.headers
    where = f"{headers[column]}：" if isinstance(column, int) and column < len(headers) else ""
    return f"{where}{shown.message(column, problem['message'])}"
