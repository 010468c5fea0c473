"""The rows of the customer list: read lean, drawn ready, so that the template only places them."""

from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from typing import Any

from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext

from kebu.base.access.choices import Permission
from kebu.base.fields.choices import Use
from kebu.base.fields.directories import Context
from kebu.base.ui import marks
from kebu.crm.customers.cells import Painter, needed
from kebu.crm.customers.choices import CustomerKind
from kebu.crm.customers.columns import NAME, Column
from kebu.crm.customers.fields import CUSTOMER_FIELDS
from kebu.office.staff.models import User

ALWAYS = ("pk", "id", "number", "name", "kind", "owner_id", "phone")
RIGHTS = {
    "edit": Permission.CUSTOMER_EDIT,
    "assign": Permission.CUSTOMER_ASSIGN,
    "archive": Permission.CUSTOMER_ARCHIVE,
    "delete": Permission.CUSTOMER_DELETE,
}
OWN = frozenset({"id", "number", "name", "url", "line", "cells", "can_restore"})
LINK = '<a class="k-name" href="{url}" data-panel>{name}</a><span class="k-no">{number}</span>'
PICK = (
    '<tr id="customer-{number}"{told}><td class="k-pick">'
    '<input type="checkbox" class="form-check-input" name="ids" value="{id}" aria-label="{label}"></td>'
)
CALL = '<a class="btn k-quiet k-icon" href="tel:{tel}" aria-label="{label}">{icon}</a>'


class Row:
    """One customer as the list shows it."""

    __slots__ = ("id", "maker", "name", "number", "record", "url")

    def __init__(self, maker: "RowMaker", record: Any, url: str) -> None:
        self.maker, self.record, self.url = maker, record, url
        self.id, self.number, self.name = record.pk, record.number, record.name

    @property
    def cells(self) -> SafeString:
        """The cells of all columns: a page has 700 of them, too many to be placed one by one."""
        record = self.record
        drawn = [f"{opening}{draw(record)}</td>" for opening, draw in self.maker.drawings]
        return SafeString(f"{self.maker.opening}{self.head}</td>{''.join(drawn)}")

    @property
    def head(self) -> str:
        """The inside of the first cell: the name that opens the customer, and its number."""
        return LINK.format(url=self.url, name=escape(self.name), number=self.number)

    @property
    def can_restore(self) -> bool:
        """Whether the reader may bring it back from the archive."""
        return "archive" not in self.maker.lacks(self.record)

    @property
    def line(self) -> SafeString:
        """The whole line of the list: the box that picks it, the cells, the button that dials."""
        pick, dial, phone = _line_words(get_language())
        name, tel = escape(self.name), self.maker.tel(self.record)
        calling = CALL.format(tel=escape(tel), label=f"{dial}{name}", icon=phone) if tel else ""
        told = self.maker.told(self.record)
        picking = PICK.format(number=self.number, id=self.id, label=f"{pick}{name}", told=told)
        return SafeString(f'{picking}{self.cells}<td class="k-c-call">{calling}</td></tr>')

    def __getitem__(self, name: str) -> str:
        """A part of the row, or any cell of it; templates ask for items first."""
        found: str = getattr(self, name) if name in OWN else self.maker.cell(self.record, name)
        return found


class RowMaker:
    """Makes rows for one page: names come from the directories, the day from the context.

    ``mark`` ends the address of every row, so that a customer's page knows the list it was opened from.
    """

    def __init__(self, context: Context, user: User, columns: Sequence[Column], mark: str = "") -> None:
        self.painter = Painter(context, user.pk)
        self.address = _pattern() + mark
        self.columns = columns
        self.opening = next(column.opening for column in columns if column.name == NAME)
        rest = [column for column in columns if column.name != NAME]
        self.drawings = [(column.opening, self.painter.drawing(column.name)) for column in rest]
        self.can_dial = CUSTOMER_FIELDS["phone"].allows(Use.READ, context)
        self._reach = {name: user.owner_ids(right) for name, right in RIGHTS.items()}
        self._shared = user.shared_ids(Permission.CUSTOMER_EDIT)
        self._lacking: dict[int | None, list[str]] = {}

    def reads(self, *more: str) -> list[str]:
        """The columns of the table that the rows are made from, with ``more`` for who reads them."""
        wanted = [part for column in self.columns for part in needed(column.name)]
        return list(dict.fromkeys([*ALWAYS, *wanted, *more]))

    def rows(self, records: Iterable[Any], first: int = 0) -> list[Row]:
        """Make one row per record; ``first`` is the place of the first of them in its list."""
        pattern, more = self.address, "&at={}" if first else ""
        return [
            Row(self, record, pattern.replace("NUMBER", record.number, 1) + more.format(place))
            for place, record in enumerate(records, first)
        ]

    def cell(self, record: Any, name: str) -> SafeString:
        """The inside of one cell."""
        drawn = self.rows([record])[0].head if name == NAME else self.painter.drawing(name)(record)
        return SafeString(drawn)

    def told(self, record: Any) -> str:
        """What the page must know of the row: which of his rights the reader lacks here, and that it is a
        person."""
        lacks = self.lacks(record)
        person = ' data-kind="person"' if record.kind == CustomerKind.PERSON else ""
        return f'{person} data-lacks="{" ".join(lacks)}"' if lacks else person

    def lacks(self, record: Any) -> list[str]:
        """Which of RIGHTS do not reach the customer."""
        owner = record.owner_id
        lacks = self._lacking.get(owner)
        if lacks is None:
            lacks = self._lacking[owner] = [
                name
                for name, owner_ids in self._reach.items()
                if owner_ids is not None and owner not in owner_ids
            ]
        if record.pk in self._shared:
            lacks = [name for name in lacks if name != "edit"]
        return lacks

    def tel(self, record: Any) -> str:
        """The number to dial."""
        return record.phone.replace(";ext=", ",") if self.can_dial else ""


@lru_cache(maxsize=4)
def _line_words(language: str) -> tuple[str, str, str]:
    """What every line says again; ``language`` only keeps the translations apart."""
    return escape(gettext("选择")), escape(gettext("打电话给")), marks.icon("phone")


@cache
def _pattern() -> str:
    """The address of a customer's page with NUMBER in place of the number."""
    return reverse("profile:customer", args=["NUMBER"])


@cache
def cells_pattern() -> str:
    """The address where a cell is edited, with NUMBER and NAME in their places."""
    return reverse("profile:field", args=["NUMBER", "NAME"])
