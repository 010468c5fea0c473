"""Rows of an import as lists show them: what is wrong with each, what became of each."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from kebu.base.fields.directories import Context
from kebu.base.fields.formats import Region
from kebu.base.fields.kinds import Choice, Reference
from kebu.crm.customers.columns import standard
from kebu.crm.customers.models import Customer
from kebu.crm.customers.rows import Row, RowMaker
from kebu.exchange.imports.alike import alike, wrong_counts
from kebu.exchange.imports.choices import Outcome
from kebu.exchange.imports.conflicts import Clash, clashes_of
from kebu.exchange.imports.models import Import, ImportRow
from kebu.exchange.imports.protecting import Columns
from kebu.exchange.imports.queries import Tally, label_of
from kebu.exchange.imports.reading import field_of
from kebu.office.staff.models import User

PAGE_SIZE = 50
REJECT, WARNED, CORRECTED = "reject", "warned", "corrected"
TELLING = (
    "contact.name",
    "person",
    "way",
    "customer.phone",
    "contact.phone",
    "customer.email",
    "customer.wechat",
    "customer.address",
)
Counts = Counter[tuple[int, str]]


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with a row: in which column, what stands there, rule and remedy, what may be chosen."""

    column: int | None
    key: str
    label: str
    text: str
    message: str
    stops: bool
    others: int = 0  # more rows with the same text in this column
    was: str = ""  # of a cell that was corrected: the text before

    @property
    def choices_id(self) -> str:
        """The list of what may be chosen, "" for free texts."""
        item = field_of(self.key) if "." in self.key else None
        has_list = item is not None and isinstance(item.kind, (Choice, Reference))
        return f"choices-{self.key.replace('.', '-')}" if has_list else ""

    @property
    def offers(self) -> str:
        """The address that answers what is typed, where a list would be too long."""
        item = field_of(self.key) if "." in self.key else None
        return reverse("fields:regions") if item is not None and isinstance(item.kind, Region) else ""


@dataclass(frozen=True, slots=True)
class ListedRow:
    """A row with its customer, as far as the user sees it, and with what is wrong with it."""

    number: int
    name: str
    url: str
    outcome: str
    faults: list[Fault]
    warnings: int = 0  # besides what is shown
    clashes: Sequence[Clash] = ()
    made: Row | None = None  # the customer as the list of customers shows it
    hint: str = ""  # of a row without a name: what else tells which it is
    corrected: Sequence[Fault] = ()  # cells that were corrected, to be corrected again


def listed_rows(source: Import, show: str) -> "QuerySet[ImportRow]":
    """The rows of one tab: an outcome, or those with a warning."""
    if show == WARNED:
        return source.rows.filter(is_warned=True)
    if show == CORRECTED:
        return source.rows.filter(is_corrected=True)
    return source.rows.filter(outcome=show)


def listed(
    source: Import, rows: Iterable[ImportRow], user: User, show: str, context: Context
) -> list[ListedRow]:
    """The rows as a tab shows them: the one of rows to correct only what stops them."""
    rows, shown_columns = list(rows), Columns(source, context)
    counts = wrong_counts(listed_rows(source, show)) if rows and show in (REJECT, WARNED) else Counter()
    ids = {row.customer_id or row.match_id or 0 for row in rows} - {0}
    customers = Customer.objects.visible_to(user).filter(pk__in=ids) if ids else ()
    known = {customer.pk: customer for customer in customers}
    names = [index for index, key in enumerate(source.mapping) if key == "customer.name"]
    found = []
    for row in rows:
        customer = known.get(row.customer_id or row.match_id or 0)
        name = row.reading["customer"].get("name") or _cell(row, names[0] if names else -1)
        faults = [_fault(shown_columns, row, problem, counts) for problem in row.problems]
        shown = [fault for fault in faults if fault.stops] if show == REJECT else faults
        url, rest = customer.get_absolute_url() if customer else "", len(faults) - len(shown)
        clashes = clashes_of(row, context) if customer else []
        open_columns = {fault.column for fault in shown}
        before = {int(column): text for column, text in row.corrected.items()}
        was = {column: text for column, text in before.items() if column not in open_columns}
        found.append(
            ListedRow(
                row.number,
                name,
                url,
                str(Outcome(row.outcome).label),
                shown,
                rest,
                clashes,
                hint="" if row.reading["customer"].get("name") else _hint(shown_columns, row),
                corrected=[_corrected(shown_columns, row, key, text) for key, text in was.items()],
            )
        )
    return found


def _hint(columns: Columns, row: ImportRow) -> str:
    """By what one can tell a row without a name: person, phone, address, else whatever it holds."""
    every = range(len(columns.source.mapping))
    filled = [index for index in every if _cell(row, index) and not columns.is_closed(index)]
    telling = [index for index in filled if columns.key(index) in TELLING]
    telling.sort(key=lambda index: TELLING.index(columns.key(index)))
    return "，".join(_cell(row, index)[:30] for index in (telling or filled)[:3])


def _corrected(columns: Columns, row: ImportRow, column: int, was: str) -> Fault:
    """A cell as it was corrected, and how many more rows hold what stood there."""
    key = columns.key(column)
    others = len(alike(columns.source, column, was)) if was != _cell(row, column) else 0
    text, was = columns.cell(column, _cell(row, column)), columns.cell(column, was)
    return Fault(column, key, label_of(key), text, "", stops=False, others=others, was=was)


def made(rows: Iterable[ImportRow], user: User, context: Context) -> list[ListedRow]:
    """The customers that rows made or changed, as the list of customers shows those the user may see."""
    rows = list(rows)
    visible = Customer.objects.visible_to(user).filter(pk__in=[row.customer_id or 0 for row in rows])
    maker = RowMaker(context, user, standard(context))
    drawn = maker.rows(visible.values_list(*maker.reads(), named=True))
    known = {row.id: row for row in drawn}
    return [
        ListedRow(row.number, row.reading["customer"].get("name", ""), "", "", [], made=known.get(key))
        for row in rows
        for key in [row.customer_id or 0]
    ]


def _cell(row: ImportRow, column: int) -> str:
    return str(row.cells[column]).strip() if 0 <= column < len(row.cells) else ""


def _fault(columns: Columns, row: ImportRow, problem: dict[str, Any], counts: Counts) -> Fault:
    column = problem["column"]
    key = columns.key(column)
    text = columns.cell(column, problem["text"] or ("" if column is None else _cell(row, column)))
    label = label_of(key, problem["word"]) if key or column is None else columns.source.headers[column]
    others = max(0, counts.pop((column, problem["text"]), 0) - 1) if column is not None else 0  # told once
    message = columns.message(column, problem["message"])
    return Fault(column, key, label, text, message, problem["stops"], others)


def choice_lists(rows: Sequence[ListedRow], context: Context) -> dict[str, list[tuple[str, str]]]:
    """What may be chosen in the columns that need correcting, with what finds it, by the id of the list."""
    faults = [fault for row in rows for fault in (*row.faults, *row.corrected)]
    wanted = {fault.choices_id: fault.key for fault in faults if fault.choices_id}
    return {name: _labels(key, context) for name, key in sorted(wanted.items())}


def _labels(key: str, context: Context) -> list[tuple[str, str]]:
    item = field_of(key)
    if item is None:
        return []
    words = item.kind.words(context)
    pairs: list[tuple[Any, Any]] = []
    for value, label in item.kind.choices(context):  # grouped ones hold pairs of their own
        pairs += label if isinstance(label, list) else [(value, label)]
    return [(str(label), words.get(str(value), "")) for value, label in pairs]


def tabs(source: Import, counts: Tally, show: str, url: str) -> list[dict[str, Any]]:
    """The tabs over the rows that there are."""
    words = {
        REJECT: (_("要更正") if not source.finished_at else _("没有导入"), counts.reject, "overdue"),
        WARNED: (_("有提醒"), counts.warned, "today"),
        CORRECTED: (_("已更正"), counts.corrected, ""),
    }
    if source.finished_at:
        words = {Outcome.CONFLICT.value: (_("冲突"), counts.conflict, "overdue")} | words
        words |= {
            Outcome.CREATE.value: (_("新建"), counts.create, ""),
            Outcome.UPDATE.value: (_("更新"), counts.update, ""),
            Outcome.DUPLICATE.value: (_("重复，跳过"), counts.duplicate, ""),
        }
    return [
        {
            "label": label,
            "url": f"{url}?show={code}",
            "is_current": code == show,
            "count": count,
            "tone": tone,
        }
        for code, (label, count, tone) in words.items()
        if count or code == show
    ]


def chosen_tab(source: Import, counts: Tally, wanted: str) -> str:
    """The tab asked for, else the first that holds rows; "" when there is nothing to show."""
    codes = [REJECT, WARNED, CORRECTED]
    if source.finished_at:
        codes = [Outcome.CONFLICT.value, *codes, *Outcome.values]
    if wanted in codes:
        return wanted
    return next((code for code in codes if getattr(counts, code)), "")
