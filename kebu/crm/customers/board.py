"""The board: the customers of the list in columns, one for each value of a field.

ListQuery decides which customers; here they are only divided. However many columns there are, their heads
cost one statement and their cards two; counts and sums stop at COUNT_CAP rows a column.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.db.models import Q
from django.utils.translation import gettext as _

from kebu.base.access.choices import Permission
from kebu.base.access.queries import may
from kebu.base.fields.choices import Use
from kebu.base.ui import figures
from kebu.base.ui.navigation import address
from kebu.base.ui.paging import Count, Keyset, Page, Sort
from kebu.base.ui.stacks import stacked, stacked_ids
from kebu.crm.customers.cards import READ, Card, CardMaker
from kebu.crm.customers.conditions import ListQuery
from kebu.crm.customers.fields import CUSTOMER_FIELDS
from kebu.crm.customers.looks import BOARD, groupings
from kebu.crm.customers.models import Customer, CustomerQuerySet
from kebu.crm.customers.neighbours import list_mark

SIZE = 20
COUNT_CAP = 1_000
FIGURES = (
    "COUNT(*), SUM(COALESCE(budget_min, budget_max)), SUM(COALESCE(budget_max, budget_min)), "
    "COUNT(COALESCE(budget_min, budget_max))"
)


class Lane(NamedTuple):
    """A column before its customers are known: the value they share, and whether it may be given to more."""

    value: Any
    label: str
    is_open: bool

    @property
    def text(self) -> str:
        """The value as addresses say it; "" where there is none."""
        return "" if self.value is None else str(self.value)

    @property
    def slug(self) -> str:
        """What ids of the page end with."""
        return self.text or "none"


@dataclass(frozen=True, slots=True)
class Figures:
    """What the head of a column says: how many, and their budgets together."""

    count: Count = field(default_factory=lambda: Count(0))
    budget: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """One column as the page shows it; ``more`` is the address of the cards after those at hand."""

    lane: Lane
    figures: Figures
    cards: list[Card]
    more: str = ""


class Board:
    """The customers of a query, divided by the field its look names."""

    def __init__(self, query: ListQuery) -> None:
        self.query = query
        self.context = query.context
        self.field = CUSTOMER_FIELDS[query.look.by]
        self.column = self.field.columns[0]

    @cached_property
    def lanes(self) -> list[Lane]:
        """The values in their order, then what has none; a value no longer in use stands for what still has
        it."""
        open_values = {str(value) for value, _label in self.field.kind.choices(self.context)}
        lanes = [
            Lane(value, self.field.shown(value, self.context), str(value) in open_values)
            for value in self.field.kind.ranks(self.context)
        ]
        return [*lanes, *self._without_value()]

    def _without_value(self) -> list[Lane]:
        """The column of what has no value, where that may be."""
        model_field: Any = Customer._meta.get_field(self.field.name)
        words = {"stage": _("未定阶段"), "grade": _("未分级"), "value_tier": _("未评等级")}
        label = words.get(self.field.name, _("未填"))
        may_lack = model_field.null or model_field.blank
        return [Lane(self.field.kind.empty, label, is_open=True)] if may_lack else []

    def lane(self, text: str) -> Lane | None:
        """The column an address names."""
        return next((lane for lane in self.lanes if lane.text == text), None)

    @cached_property
    def sort(self) -> Sort:
        """The order within a column: the list's, but within one value only the newest can come first."""
        sort = self.query.sort
        return Sort("id", descending=True) if sort.column == self.column else sort

    @property
    def columns(self) -> list[Column]:
        """The columns with their first cards; one no longer in use only while it holds customers."""
        pages = self._first_pages()
        filled = zip(self.lanes, self.figures(self.lanes), pages, strict=True)
        return [
            Column(lane, told, self.cards(page.items), self._more(lane, page))
            for lane, told, page in filled
            if lane.is_open or told.count.value
        ]

    def figures(self, lanes: Sequence[Lane]) -> list[Figures]:
        """What the heads of these columns say."""
        rows = [self.within(lane).values("budget_min", "budget_max")[: COUNT_CAP + 1] for lane in lanes]
        found = {number: told for number, *told in stacked(rows, FIGURES)}
        may_sum = CUSTOMER_FIELDS["budget"].allows(Use.READ, self.context)
        return [_figures(found.get(number), may_sum=may_sum) for number in range(len(lanes))]

    def within(self, lane: Lane) -> CustomerQuerySet:
        """The customers of one column."""
        is_null = lane.value is None
        own = Q(**{f"{self.column}__isnull": True}) if is_null else Q(**{self.column: lane.value})
        return self.query.customers.filter(own)

    def _first_pages(self) -> list[Page[Any]]:
        lists = [Keyset(self.within(lane), self.sort, SIZE) for lane in self.lanes]
        openings = [keyset.openings() for keyset in lists]
        parts = iter(stacked_ids([rows for opening in openings for rows in opening]))
        ids = [[key for _part in opening for key in next(parts)][: SIZE + 1] for opening in openings]
        read = Customer.objects.filter(pk__in=[key for keys in ids for key in keys])
        rows = {row.pk: row for row in read.values_list(*READ, named=True)}
        return [
            keyset.opened([rows[key] for key in keys if key in rows])
            for keyset, keys in zip(lists, ids, strict=True)
        ]

    def further(self, lane: Lane, cursor: str) -> Column:
        """The cards of a column after those shown."""
        rows = self.within(lane).values_list(*READ, named=True)
        page: Page[Any] = Keyset(rows, self.sort, SIZE).page(cursor)
        return Column(lane, Figures(), self.cards(page.items), self._more(lane, page))

    def _more(self, lane: Lane, page: Page[Any]) -> str:
        if not page.next_cursor:
            return ""
        place = urlencode({"column": lane.text, "cursor": page.next_cursor})
        return f"{address('customers:column')}{self.query.address()}&{place}"

    def cards(self, rows: Iterable[Any]) -> list[Card]:
        """The cards of rows read with READ."""
        return [self._maker.card(row, is_movable=self.may_move(row)) for row in rows]

    @cached_property
    def _maker(self) -> CardMaker:
        return CardMaker(self.context, self.query.user.pk, list_mark(self.query), self.field.name)

    @cached_property
    def is_movable(self) -> bool:
        """Whether this reader may change the field at all."""
        may_edit = self.query.user.can(Permission.CUSTOMER_EDIT)
        return may_edit and self.field.allows(Use.EDIT, self.context)

    def may_move(self, row: Any) -> bool:
        """Whether he may change it of this customer."""
        return self.is_movable and may(self.query.user, Permission.CUSTOMER_EDIT, row)

    @property
    def move_address(self) -> str:
        """Where moving a card is posted to, with NUMBER in place of the customer's."""
        return address("customers:move", "NUMBER") + self.query.address()


def board_parts(query: ListQuery) -> dict[str, Any]:
    """What the page of the list needs to be a board."""
    board = Board(query)
    by = [
        {"label": item.label, "is_current": item == board.field, "url": query.address({"by": item.name})}
        for item in groupings(query.user)
    ]
    return {"board": board, "columns": board.columns, "groupings": by}


def look_urls(query: ListQuery) -> dict[str, str]:
    """The addresses of the same customers in either look."""
    return {
        "table": query.address({"look": "", "by": ""}),
        "board": query.address({"look": BOARD, "by": query.look.by}),
    }


def _figures(told: Sequence[Any] | None, *, may_sum: bool) -> Figures:
    """The figures read for one column, in words; budgets of a capped column are at least so much."""
    if told is None:
        return Figures()
    found, low, high, known = told
    count = Count(min(found, COUNT_CAP), found > COUNT_CAP)
    if not may_sum or not known:
        return Figures(count)
    return Figures(count, _budget(Decimal(str(low)), Decimal(str(high))) + ("+" if count.is_capped else ""))


def _budget(low: Decimal, high: Decimal) -> str:
    """What the budgets come to together: from the lower ends to the upper ends."""
    least, most = figures.money(low), figures.money(high)
    return least if least == most else f"{least}–{most}"
