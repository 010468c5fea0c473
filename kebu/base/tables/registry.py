"""Tables that may leave the house as files: rooms register theirs in ready(), room exports makes the files.

A room says once what its table is: which rows somebody may take out now, which columns there are and how a
cell is read from a row. Who asks posts to ``exports:new`` with the table's code::

    register(Table(
        code="plans", label=_("跟进计划"), unit=_("条计划"),
        rows=lambda user: Plan.objects.within(user, Permission.CUSTOMER_EXPORT),
        columns=lambda context: [of_field(item) for item in PLAN_FIELDS.values()] + …,
        ask=asked,   # (request) -> Asked: the rows that the page means: those ticked, or all of its filter
        load=loaded, # (rows, keys) -> records, with whatever the columns of these keys read besides
        templates=(Template("plans", _("客户跟进计划表"), (("customer", ""), ("due_at", _("截止时间")))),),
    ))

    <button type="button" hx-post="{% url 'exports:new' 'plans' %}?{{ the page's conditions }}"
            hx-target="#sheet" hx-vals='{"step": "ask", "scope": "all"}'>导出</button>

``rows`` is asked anew for every piece of the file and before every download: it must be narrowed by rights
and by nothing else. Rules of fields need no care: a column names the fields behind it; one that is hidden
from the reader is not there, ``of_field`` writes outlines of masked ones.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.functional import Promise

from kebu.base.access.choices import OPENNESS, FieldRule, Permission
from kebu.base.access.queries import Viewer
from kebu.base.fields.choices import Use
from kebu.base.fields.directories import Context
from kebu.base.fields.fieldsets import Field

Text = Promise | str
Cell = Callable[[Any], object]  # from a record: a text, a number, a day, a moment, None


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table. ``make`` gives what reads its cells for one reader; ``fields`` are those behind
    it: with all of them hidden there is no such column. ``key`` is its name in the table, for good.

    A cell made of several fields must ask each of them (``Field.shown``, ``Field.allows``) by itself.
    """

    key: str
    label: Text
    make: Callable[[Context], Cell]
    fields: tuple[Field, ...] = ()
    section: Text = ""

    def is_open(self, context: Context) -> bool:
        """Whether this reader may take it out, as an outline at least."""
        return not self.fields or any(item.allows(Use.EXPORT, context) for item in self.fields)

    def rules(self, context: Context) -> dict[str, str]:
        """What the reader is shown of the fields behind it."""
        return {item.key: item.rule(context).value for item in self.fields}


@dataclass(frozen=True, slots=True)
class Template:
    """A table of a name people know: its columns in order, each with the head it has there ("": its own)."""

    code: str
    label: Text
    columns: tuple[tuple[str, Text], ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody wants to take out: ``rows`` already narrowed to what he may, ``words`` which they are,
    ``columns`` those of the list he looks at, ``order`` what ``Table.ordered`` makes of it, ``beyond`` how
    many he chose that his right does not reach, ``hidden`` what the form must send again."""

    rows: QuerySet[Any]
    words: str
    columns: tuple[str, ...] = ()
    order: str = ""
    beyond: int = 0
    hidden: Mapping[str, str] = field(default_factory=dict)


def _by_key(rows: QuerySet[Any], _order: str, _context: Context) -> QuerySet[Any]:
    return rows.order_by("pk")


def _as_they_are(rows: QuerySet[Any], _keys: Collection[str]) -> Iterable[Any]:
    return rows


@dataclass(frozen=True, slots=True)
class Table:
    """A table that may leave the house. ``ask`` raises KitError for what cannot be meant, Http404 for what is
    not there; ``customer`` is the path from a row to its customer's key."""

    code: str
    label: Text
    unit: Text
    rows: Callable[[Viewer], QuerySet[Any]]
    columns: Callable[[Context], Iterable[Column]]
    ask: Callable[[HttpRequest], Asked]
    templates: tuple[Template, ...] = ()
    usual: tuple[str, ...] = ()
    load: Callable[[QuerySet[Any], Collection[str]], Iterable[Any]] = _as_they_are
    ordered: Callable[[QuerySet[Any], str, Context], QuerySet[Any]] = _by_key
    customer: str = "customer_id"
    permission: Permission = Permission.CUSTOMER_EXPORT

    def open_columns(self, context: Context) -> dict[str, Column]:
        """Those this reader may take out, by key."""
        return {one.key: one for one in self.columns(context) if one.is_open(context)}


TABLES: dict[str, Table] = {}


def register(table: Table) -> None:
    """Offer a table; a room does so in ready()."""
    TABLES[table.code] = table


def of_field(
    item: Field, *, key: str = "", label: Text = "", of: Callable[[Any], Any] = lambda record: record
) -> Column:
    """The column of a field: its value as a spreadsheet keeps it, or the outline this reader is shown.

    ``of`` leads from the row to the record that has the field, or to None.
    """

    def make(context: Context) -> Cell:
        is_whole, kind = item.allows(Use.READ, context), item.kind

        def cell(record: Any) -> object:
            owner = of(record)
            value = None if owner is None else item.value(owner)
            if value is None or item.is_empty(value):
                return ""
            return kind.cell(value, context) if is_whole else item.shown(value, context)

        return cell

    return Column(key or item.name, label or item.label, make, (item,), item.section)


def is_closer(before: str, now: FieldRule) -> bool:
    """Whether a reader is shown less of a field now than he was."""
    return OPENNESS[now] > OPENNESS[FieldRule(before)] and now in (FieldRule.MASKED, FieldRule.HIDDEN)
