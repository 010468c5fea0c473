"""The columns of the customer list: any field may be one; which somebody has, in which order, how wide."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from django.conf import settings
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from kebu.base.access.choices import Permission
from kebu.base.fields.choices import Use
from kebu.base.fields.days import Day
from kebu.base.fields.directories import Context
from kebu.base.fields.fieldsets import Field
from kebu.base.tables.places import Place, read_places
from kebu.base.tables.queries import arrangements
from kebu.base.ui import marks
from kebu.base.ui.finders import spoken
from kebu.crm.customers.fields import CUSTOMER_FIELDS
from kebu.crm.customers.outlooks import Outlook
from kebu.office.staff.models import User

TABLE = "customers"
NAME = "name"  # every row begins with it
APART = {NAME, "number"}  # the number stands under the name
PADDING = 16  # of a head, both sides
SPAN = '<svg class="k-span" width="{}" height="0" aria-hidden="true"></svg>'
ARROWS = {"ascending": "arrow-up", "descending": "arrow-down"}


class Known(NamedTuple):
    """How a column is headed and marked where its field does not say it well enough for a table."""

    label: Promise | str = ""
    classes: str = "k-soft"
    is_shown: bool = True


BUDGET_HEAD = format_lazy(_("预算（万{currency}）"), currency=settings.KEBU_CURRENCY)
KNOWN: Mapping[str, Known] = {
    "grade": Known(_("分级"), "k-c-grade"),
    "customer_type": Known(_("类型"), "k-c-type"),
    "stage": Known(_("阶段"), "k-c-stage"),
    "industry": Known(_("行业"), "k-soft k-ell"),
    "region": Known(_("地区")),
    "owner": Known(_("负责人"), "k-c-owner"),
    "last_contact_at": Known(_("最近联系")),
    "next_follow_up_at": Known(_("下次跟进"), "k-c-next k-next"),
    "budget": Known(BUDGET_HEAD, "k-num k-c-amount"),
    "key_contact": Known(_("关键联系人"), "k-soft k-ell"),
    "source": Known(_("来源"), is_shown=False),
    "first_contact_on": Known(_("首次接触"), "k-soft k-num", is_shown=False),
    "created_at": Known(_("创建时间"), "k-soft k-num", is_shown=False),
}
STANDARD = [Place(name) for name, known in KNOWN.items() if known.is_shown]


class Column(NamedTuple):
    """One column of the table; ``width`` is 0 where the browser finds one."""

    name: str
    label: Promise | str
    classes: str
    field: Field
    width: int = 0

    @property
    def words(self) -> str:
        """What finds the column while somebody types: its name, its field's name, what else people say."""
        return spoken(str(self.label), [str(self.field.label), *self.field.synonyms])

    @property
    def opening(self) -> str:
        """The tag a cell of this column begins with."""
        cut = " k-wide" if self.width else ""
        return f'<td class="{self.classes}{cut}" data-col="{self.name}">'

    def head(self, url: str, direction: str, *, is_editable: bool = False) -> SafeString:
        """The head of the column; ``url`` sorts by it, ``direction`` tells how it is sorted now."""
        arrow = marks.icon(ARROWS[direction]) if direction else ""
        words = format_html('<a href="{}">{}{}</a>', url, self.label, arrow) if url else self.label
        told = marks.attributes(
            {
                "class": "k-num" if "k-num" in self.classes.split() else None,
                "data-col": self.name,
                "data-only": self.field.only or None,
                "data-edits": is_editable,
                "width": str(self.width) if self.width else None,
                "aria-sort": direction or None,
            }
        )
        span = format_html(SPAN, self.width - PADDING) if self.width else ""
        return format_html('<th scope="col"{}>{}{}</th>', told, words, span)


def column(item: Field, width: int = 0) -> Column:
    """The column of a field."""
    known = KNOWN.get(item.name)
    if item.name == NAME:
        return Column(NAME, _("客户"), "k-c-name", item, width)
    if known is not None:
        return Column(item.name, known.label, known.classes, item, width)
    is_figure = item.kind.is_number or isinstance(item.kind, Day)
    return Column(item.name, item.label, "k-soft k-num" if is_figure else "k-soft k-ell", item, width)


def offered(context: Context) -> dict[str, Column]:
    """All columns this reader may have: what is hidden from him has none."""
    known = [CUSTOMER_FIELDS[name] for name in KNOWN]
    items = [*known, *(item for item in CUSTOMER_FIELDS.values() if item.name not in KNOWN)]
    return {
        item.name: column(item) for item in items if item.name not in APART and item.allows(Use.VIEW, context)
    }


def columns_of(places: Iterable[Place], context: Context) -> list[Column]:
    """The columns of an arrangement, the name first; those that are gone or hidden from the reader are left
    out."""
    found, name = [], Place(NAME)
    for place in places:
        if place.name == NAME:
            name = place
        elif place.name in CUSTOMER_FIELDS and place.name not in APART:
            item = CUSTOMER_FIELDS[place.name]
            if item.allows(Use.VIEW, context):
                found.append(column(item, place.width))
    return [column(CUSTOMER_FIELDS[NAME], name.width), *found]


def table_of(outlook: Outlook) -> str:
    """Under which name an arrangement is kept: every saved view has one of its own."""
    return f"{TABLE}:{outlook.code}" if outlook.is_saved else TABLE


def places_of(user: User, outlook: Outlook, context: Context) -> Sequence[Place]:
    """What somebody sees now: as he arranged it, else as the saved view has it, else as all his lists."""
    own = arrangements(user.pk, context)
    return own.get(table_of(outlook)) or read_places(outlook.columns) or own.get(TABLE) or STANDARD


def standard(context: Context) -> list[Column]:
    """The columns of who has arranged nothing."""
    return columns_of(STANDARD, context)


def may_edit(item: Field, context: Context, user: User) -> bool:
    """Say whether this user may change the field in a row, where he may change the row."""
    is_his = user.can(Permission.CUSTOMER_EDIT) and item.allows(Use.EDIT, context)
    return item.is_editable and is_his and item.name != "owner"


def heads(query: Any, columns: Iterable[Column]) -> list[SafeString]:
    """The heads of a list's columns, drawn: how each sorts now, and what sorts by it."""
    return [_head(query, one) for one in columns]


def _head(query: Any, one: Column) -> SafeString:
    is_sorted = one.name == query.sort_name
    wanted = one.name if one.name in query.sorts else ""
    sort = f"-{wanted}" if is_sorted and not query.is_descending else wanted
    direction = ("descending" if query.is_descending else "ascending") if is_sorted else ""
    url = query.address({"sort": sort}) if sort else ""
    return one.head(url, direction, is_editable=may_edit(one.field, query.context, query.user))
