"""The rows of the customer list: read lean, drawn ready, so that the template only places them."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, NamedTuple

from django.conf import settings
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.html import conditional_escape, escape, format_html
from django.utils.safestring import SafeString
from django.utils.text import format_lazy
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from kebu.base.fields.choices import Use
from kebu.base.fields.directories import Context
from kebu.base.kit import regions
from kebu.base.kit.dates import local_day
from kebu.base.ui import figures, marks, moments
from kebu.crm.customers.choices import CustomerType
from kebu.crm.customers.fields import CUSTOMER_FIELDS
from kebu.crm.customers.queries import lost_words, stage_words
from kebu.office.staff.fields import STAFF
from kebu.office.vocabulary.choices import TermKind
from kebu.office.vocabulary.models import INDUSTRIES

READ = (
    "pk", "id", "number", "name", "name_pinyin", "grade", "customer_type", "stage_id", "industry_id",
    "region", "owner_id", "source_id", "last_contact_at", "next_follow_up_at", "next_step", "budget_min",
    "budget_max", "phone", "key_contact", "first_contact_on", "created_at", "archived_at", "archived_by_id",
)  # fmt: skip

NONE = SafeString("")
TYPE_MARKS = {CustomerType.PROSPECT: "intent"}
LAST_STEP = 7
HEAD = '<th scope="col"{}>{}</th>'
ARROWS = {"ascending": "arrow-up", "descending": "arrow-down"}


class Column(NamedTuple):
    """One column of the table, besides the name: its cell of the row, and whether it is shown at first."""

    name: str
    label: Promise
    field: str
    classes: str = "k-soft"
    is_shown: bool = True
    is_sortable: bool = True

    @property
    def sort(self) -> str:
        """The order its head offers."""
        return self.field if self.is_sortable else ""

    @property
    def opening(self) -> str:
        """The tag a cell of this column begins with."""
        hidden = "" if self.is_shown else " hidden"
        return f'<td class="{self.classes}" data-col="{self.name}"{hidden}>'

    def head(self, url: str, direction: str) -> SafeString:
        """The head of the column; ``url`` sorts by it, ``direction`` tells how it is sorted now."""
        arrow = marks.icon(ARROWS[direction]) if direction else ""
        words = format_html('<a href="{}">{}{}</a>', url, self.label, arrow) if url else self.label
        told = marks.attributes(
            {
                "class": "k-num" if self.name == "budget" else None,
                "data-col": None if self.name == "name" else self.name,
                "hidden": not self.is_shown,
                "aria-sort": direction or None,
            }
        )
        return format_html(HEAD, told, words)


BUDGET_HEAD = format_lazy(_("预算（万{currency}）"), currency=settings.KEBU_CURRENCY)
NAME = Column("name", _("客户"), "name")
COLUMNS = (
    Column("grade", _("分级"), "grade", "k-c-grade"),
    Column("customer_type", _("类型"), "customer_type", "k-c-type"),
    Column("stage", _("阶段"), "stage", "k-c-stage"),
    Column("industry", _("行业"), "industry", "k-soft k-ell"),
    Column("region", _("地区"), "region"),
    Column("owner", _("负责人"), "owner", "k-c-owner"),
    Column("last", _("最近联系"), "last_contact_at"),
    Column("next", _("下次跟进"), "next_follow_up_at", "k-c-next k-next"),
    Column("budget", BUDGET_HEAD, "budget", "k-num k-c-amount", is_sortable=False),
    Column("contact", _("关键联系人"), "key_contact", is_sortable=False),
    Column("source", _("来源"), "source", is_shown=False),
    Column("first", _("首次接触"), "first_contact_on", "k-soft k-num", is_shown=False),
    Column("created", _("创建时间"), "created_at", "k-soft k-num", is_shown=False),
)
NAME_CELL = (
    '<td class="k-c-name"><a class="k-name" href="{url}" data-panel>{name}</a>'
    '<span class="k-no">{number}</span></td>'
)
PICK = (
    '<tr id="customer-{number}"><td class="k-pick">'
    '<input type="checkbox" class="form-check-input" name="ids" value="{id}" aria-label="{label}"></td>'
)
CALL = '<a class="btn k-quiet k-icon" href="tel:{tel}" aria-label="{label}">{icon}</a>'
Openings = tuple[tuple[str, str], ...]


def columns_for(context: Context) -> tuple[Column, ...]:
    """The columns this reader has: what is hidden from him has none."""
    return tuple(c for c in COLUMNS if CUSTOMER_FIELDS[c.field].allows(Use.VIEW, context))


def hidden_at_first(columns: Iterable[Column]) -> str:
    """The columns to be chosen before they show, as the table names them."""
    return ",".join(column.name for column in columns if not column.is_shown)


@dataclass(frozen=True, slots=True)
class Row:
    """One customer as the list shows it; marks and times are HTML already."""

    id: int
    number: str
    name: str
    url: str
    grade: SafeString
    customer_type: SafeString
    stage: SafeString
    industry: str
    region: str
    owner: SafeString
    last: SafeString
    next: SafeString
    budget: SafeString
    contact: str
    source: str
    first: str
    created: str
    tel: str
    archived: SafeString
    archived_by: str
    openings: Openings

    @property
    def cells(self) -> SafeString:
        """The cells of name and columns: a page has 700 of them, too many to be placed one by one."""
        head = NAME_CELL.format(url=self.url, name=escape(self.name), number=self.number)
        drawn = [f"{start}{conditional_escape(getattr(self, name))}</td>" for name, start in self.openings]
        return SafeString(head + "".join(drawn))

    @property
    def line(self) -> SafeString:
        """The whole line of the list: the box that picks it, the cells, the button that dials."""
        pick, dial, phone = _line_words(get_language())
        name = escape(self.name)
        calling = CALL.format(tel=escape(self.tel), label=f"{dial}{name}", icon=phone) if self.tel else ""
        picking = PICK.format(number=self.number, id=self.id, label=f"{pick}{name}")
        return SafeString(f'{picking}{self.cells}<td class="k-c-call">{calling}</td></tr>')

    def __getitem__(self, name: str) -> str:
        """Let the template, which asks for items first, find the cells at once."""
        cell: str = getattr(self, name)
        return cell


class RowMaker:
    """Makes rows for one page: names come from the directories, the day from the context.

    ``mark`` ends the address of every row, so that a customer's page knows the list it was opened from.
    """

    def __init__(self, context: Context, user_id: int, mark: str = "") -> None:
        self.today = context.today
        self.user_id = user_id
        self.staff = context.directory(STAFF)
        self.sources = context.directory(TermKind.SOURCE.value)
        self.industries = context.directory(INDUSTRIES)
        self.stages = context.directory(TermKind.STAGE.value)
        active = [entry for entry in self.stages.entries if entry.is_active]
        self.steps = {entry.key: min(step, LAST_STEP) for step, entry in enumerate(active, 1)}
        self.last_step = min(len(active), LAST_STEP)
        self.address = _pattern() + mark
        columns = columns_for(context)
        self.openings = tuple((column.name, column.opening) for column in columns)
        self.masked = [c for c in columns if not CUSTOMER_FIELDS[c.field].allows(Use.READ, context)]
        self.can_dial = CUSTOMER_FIELDS["phone"].allows(Use.READ, context)
        self.unplanned = format_html('<span class="k-num k-dim">{}</span>', gettext("未安排"))

    def rows(self, records: Iterable[Any]) -> list[Row]:
        """Make one row per record read with READ."""
        drawn = [self._row(record) for record in records]
        return [self._outlined(row) for row in drawn] if self.masked else drawn

    def _outlined(self, row: Row) -> Row:
        """The row with outlines in place of what is masked for this reader."""
        outlines: dict[str, Any] = {
            column.name: CUSTOMER_FIELDS[column.field].kind.mask(getattr(row, column.name))
            for column in self.masked
            if getattr(row, column.name)
        }
        return replace(row, **outlines)

    def _row(self, record: Any) -> Row:
        kind = record.customer_type
        is_lost = kind == CustomerType.LOST
        step = self.steps.get(record.stage_id, 1)
        owner = self.staff.name(record.owner_id)
        first, created = record.first_contact_on, record.created_at
        return Row(
            id=record.pk,
            number=record.number,
            name=record.name,
            url=self.address.replace("NUMBER", record.number, 1),
            grade=marks.grade(record.grade),
            customer_type=marks.type_dot(TYPE_MARKS.get(kind, kind), _type_label(kind)),
            stage=self._stage(record.stage_id, step, is_lost=is_lost),
            industry=self.industries.name(record.industry_id),
            region=regions.short_display(record.region) if record.region else "",
            owner=marks.who(owner, record.owner_id == self.user_id),
            last=moments.when_html(record.last_contact_at, self.today),
            next=self._next(record, is_lost=is_lost),
            budget=_budget(record),
            contact=record.key_contact,
            source=self.sources.name(record.source_id),
            first=first.isoformat() if first else "",
            created=local_day(created).isoformat(),
            tel=record.phone.replace(";ext=", ",") if self.can_dial else "",
            archived=moments.when_html(record.archived_at, self.today),
            archived_by=self.staff.name(record.archived_by_id),
            openings=self.openings,
        )

    def _stage(self, key: int | None, step: int, *, is_lost: bool) -> SafeString:
        name, is_last = self.stages.name(key), step == self.last_step
        ring = marks.stage_ring(0 if is_lost else step, stage_words(name, is_lost=is_lost, is_last=is_last))
        if not is_lost or is_last or not name:
            return ring
        return SafeString(f'<span title="{escape(lost_words(name))}">{ring}</span>')

    def _next(self, record: Any, *, is_lost: bool) -> SafeString:
        due = moments.due_html(record.next_follow_up_at, self.today) or (NONE if is_lost else self.unplanned)
        step = record.next_step
        return SafeString(f"{due}<small>{escape(step)}</small>") if step else due


def _budget(record: Any) -> SafeString:
    """The range in 万元: 5–10, ≤10, ≥5, or one figure."""
    low, high = (figures.wan(bound).removesuffix(".0") for bound in (record.budget_min, record.budget_max))
    if not low and not high:
        return NONE
    amount = f"{low}–{high}" if low and high and low != high else low or high
    side = "" if low and high else "≥" if low else "≤"
    return SafeString(f'{side}{amount}<span class="k-unit"> 万</span>')


@lru_cache(maxsize=16)
def _type_label(kind: str) -> str:
    """The type without 客户, which every line would repeat."""
    return str(CustomerType(kind).label).removesuffix("客户") if kind in CustomerType.values else ""


@lru_cache(maxsize=4)
def _line_words(language: str) -> tuple[str, str, str]:
    """What every line says again; ``language`` only keeps the translations apart."""
    return escape(gettext("选择")), escape(gettext("打电话给")), marks.icon("phone")


def _pattern() -> str:
    """The address of a customer's page with NUMBER in place of the number."""
    try:
        return reverse("profile:customer", args=["NUMBER"])
    except NoReverseMatch:
        return "/customers/NUMBER/"
