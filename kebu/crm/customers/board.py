"""The board: the customers of the list in columns, one for each value of a field.

ListQuery decides which customers; here they are only divided. However many columns there are, their heads
cost one or two statements and their cards one to three. Of a list longer than SHORT the heads are told once
the cards stand; of one longer than FEW their counts and sums stop at COUNT_CAP rows a column.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Window
from django.db.models.expressions import OrderBy
from django.db.models.functions import Coalesce, RowNumber
from django.utils.translation import gettext as _

from kebu.base.access.choices import Permission
from kebu.base.access.queries import may
from kebu.base.fields.choices import Use
from kebu.base.ui import figures
from kebu.base.ui.navigation import address
from kebu.base.ui.paging import Count, Keyset, Page, Part, Sort, capped_count
from kebu.base.ui.stacks import front_of, opening_of, stacked, stacked_ids
from kebu.crm.customers.cards import READ, Card, CardMaker
from kebu.crm.customers.conditions import ListQuery
from kebu.crm.customers.fields import CUSTOMER_FIELDS
from kebu.crm.customers.looks import BOARD, groupings
from kebu.crm.customers.models import Customer, CustomerQuerySet
from kebu.crm.customers.neighbours import list_mark

SIZE = 20
FIRST = 6  # so many cards of a column are in sight; the others up to SIZE come when its end is
COUNT_CAP = 1_000
SHORT = 1_000  # so many are sorted and counted in one go
FRONT = 300  # of more, the first so many fill most columns
FEW = 10_000  # and the first so many the others
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


class Tally(NamedTuple):
    """How many customers, their budgets from the lower ends to the upper, and how many have one."""

    found: int = 0
    low: Any = None
    high: Any = None
    known: int = 0

    @property
    def budget(self) -> str:
        """What the budgets come to together."""
        least, most = figures.money(Decimal(str(self.low))), figures.money(Decimal(str(self.high)))
        return least if least == most else f"{least}–{most}"


NOTHING = Tally()


@dataclass(frozen=True, slots=True)
class Figures:
    """What the head of a column says: how many, and their budgets together."""

    count: Count = field(default_factory=lambda: Count(0))
    budget: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """One column as the page shows it; ``more`` is the address of the cards after those at hand. Without
    ``figures`` its head is told later; one ``is_unfinished`` is read anew by itself, one ``is_begun`` goes on
    by itself."""

    lane: Lane
    figures: Figures | None
    cards: list[Card]
    more: str = ""
    is_unfinished: bool = False
    is_begun: bool = False


class Board:
    """The customers of a query, divided by the field its look names."""

    def __init__(self, query: ListQuery, count: Count | None = None) -> None:
        self.query = query
        self.customers = query.customers if query.few is None else query.listed
        self.is_short = query.few is not None or (
            count is not None and not count.is_capped and count.value <= SHORT
        )
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
        told = self._told if self.is_short else [None for _lane in self.lanes]
        rows, unfinished = (self._ranked(self.lanes), []) if self.is_short else self._opening(self.lanes)
        columns, pages = [], self._pages(rows, FIRST)
        for number, (lane, head, page) in enumerate(zip(self.lanes, told, pages, strict=True)):
            is_unfinished = number in unfinished
            more = self.address(lane) if is_unfinished else self._more(lane, page.next_cursor, rest=1)
            if lane.is_open or page.items or is_unfinished:
                cards, is_begun = self.cards(page.items), bool(more) and not is_unfinished
                columns.append(Column(lane, head, cards, more, is_unfinished, is_begun))
        return columns

    @property
    def heads(self) -> list[Column]:
        """The same columns without their cards."""
        told = zip(self.lanes, self._told, strict=True)
        return [Column(lane, figures, []) for lane, figures in told if lane.is_open or figures.count.value]

    @property
    def may_sum(self) -> bool:
        """Whether heads tell of budgets."""
        return CUSTOMER_FIELDS["budget"].allows(Use.READ, self.context)

    @cached_property
    def _sample(self) -> dict[Any, Tally]:
        """What FEW customers of the list come to, by value: all of them, or those that are found first."""
        rows = self.customers.values(self.column, "budget_min", "budget_max")[: FEW + 1]
        found = stacked([rows], f"{self.column}, {FIGURES}", f"GROUP BY {self.column}")
        return {value: Tally(*told) for _part, value, *told in found}

    @property
    def _is_whole(self) -> bool:
        """Whether the list holds no more than that."""
        return sum(tally.found for tally in self._sample.values()) <= FEW

    @cached_property
    def _told(self) -> list[Figures]:
        """What the heads say: counted in one pass, where there are very many in one for each column."""
        counted = {lane: self._sample.get(lane.value, NOTHING) for lane in self.lanes}
        if not self._is_whole:
            rare = [lane for lane, tally in counted.items() if tally.found <= COUNT_CAP]
            counted |= dict(zip(rare, self._tallies(rare), strict=True))
        return [self._figures(tally) for tally in counted.values()]

    def figures(self, lanes: Sequence[Lane]) -> list[Figures]:
        """What the heads of these columns say."""
        return [self._figures(tally) for tally in self._tallies(lanes)]

    def _tallies(self, lanes: Sequence[Lane]) -> list[Tally]:
        rows = [self.within(lane).values("budget_min", "budget_max")[: COUNT_CAP + 1] for lane in lanes]
        found = {number: Tally(*told) for number, *told in stacked(rows, FIGURES)}
        return [found.get(number, NOTHING) for number in range(len(lanes))]

    def _figures(self, tally: Tally) -> Figures:
        """The head in words; budgets of a column not counted to its end are at least so much."""
        count = Count(min(tally.found, COUNT_CAP), tally.found > COUNT_CAP and not self._is_whole)
        count = count if count.is_capped else Count(tally.found)
        if not tally.known or not self.may_sum:
            return Figures(count)
        return Figures(count, tally.budget + ("+" if count.is_capped else ""))

    def within(self, lane: Lane) -> CustomerQuerySet:
        """The customers of one column."""
        is_null = lane.value is None
        own = Q(**{f"{self.column}__isnull": True}) if is_null else Q(**{self.column: lane.value})
        return self.customers.filter(own)

    def _walked(self, lane: Lane) -> CustomerQuerySet:
        """The same for a column of very many: found along the order of the list, not sorted after finding.

        Asking each customer apart keeps a planner from gathering all of them first.
        """
        return Customer.objects.live().filter(Exists(self.within(lane).filter(pk=OuterRef("pk"))))

    def _pages(self, rows: Sequence[list[Any]], size: int) -> list[Page[Any]]:
        """The first page of each column, of the rows it begins with."""
        keyset: Keyset[Any] = Keyset(self.customers, self.sort, size)
        return [keyset.opened(each) for each in rows]

    def _read(self, ids: Sequence[Sequence[int]]) -> list[list[Any]]:
        """The rows with these keys, read all at once."""
        read = Customer.objects.filter(pk__in=[key for keys in ids for key in keys])
        rows = {row.pk: row for row in read.values_list(*self._reads, named=True)}
        return [[rows[key] for key in keys if key in rows] for keys in ids]

    def _ranked(self, lanes: Sequence[Lane]) -> list[list[Any]]:
        """The first rows of each column, from one pass over the whole list."""
        place = Window(RowNumber(), partition_by=[F(self.column)], order_by=self.sort.ordering)
        first = self.customers.annotate(place=place).filter(place__lte=FIRST + 1)
        found: dict[Any, list[tuple[int, int]]] = {}
        for value, number, key in first.values_list(self.column, "place", "pk"):
            found.setdefault(value, []).append((number, key))
        return self._read([[key for _number, key in sorted(found.get(lane.value, []))] for lane in lanes])

    def _opening(self, lanes: Sequence[Lane]) -> tuple[list[list[Any]], list[int]]:
        """The first rows of each column among the first FRONT customers of each part of the order, and the
        numbers of the columns that these do not fill though they hold more."""
        rows: list[list[Any]] = [[] for _lane in lanes]
        lacking = list(range(len(lanes)))
        for part in self.sort.parts:
            listed, is_usual = self._first(part, FRONT), not self.query.is_narrowed
            opening = opening_of(listed, self._reads, self.column, FIRST + 1, is_usual=is_usual)
            for number in lacking:
                rows[number] += opening.of(lanes[number].value)[: FIRST + 1 - len(rows[number])]
            lacking = [number for number in lacking if len(rows[number]) <= FIRST]
            if not lacking:
                break
            if opening.walked >= FRONT:  # what follows in this part is not known
                return rows, self._holding_more(lanes, rows, lacking)
        return rows, []

    def _first(self, part: Part, most: int) -> QuerySet[Any]:
        """So many customers with which a part of the order begins."""
        return Keyset(self.customers, self.sort, most).opening(part)[:most]

    def _holding_more(
        self, lanes: Sequence[Lane], read: Sequence[Sequence[Any]], numbers: Sequence[int]
    ) -> list[int]:
        """Those of the columns that may hold more than these rows; without conditions an index tells."""
        if self.query.is_narrowed:
            return list(numbers)
        rows = [self.within(lanes[number]).values("id")[: FIRST + 1] for number in numbers]
        counts = dict(stacked(rows, "COUNT(*)", is_usual=True))
        return [number for at, number in enumerate(numbers) if counts.get(at, 0) > len(read[number])]

    def _first_ids(self, lane: Lane) -> list[int]:
        """The first keys of one column, however far apart they lie in the order of the list: found on a
        longer walk, or else asked for by themselves, part by part."""
        ids: list[int] = []
        for part in self.sort.parts:
            if len(ids) <= SIZE:
                front = front_of(self._first(part, FEW), self.column, SIZE + 1)
                keys = front.of(lane.value)
                is_told = front.walked < FEW or len(ids) + len(keys) > SIZE
                ids += keys if is_told else stacked_ids([self._apart(lane, part)])[0]
        return ids[: SIZE + 1]

    def _apart(self, lane: Lane, part: Part) -> QuerySet[Any]:
        """What a column holds of a part of the order, found by its value: the order is put so that no index
        on it is walked, on which they are few and far between."""
        name = self.sort.column
        order = [] if part.is_one_value else [OrderBy(Coalesce(F(name), F(name)), self.sort.descending)]
        rows = self.within(lane).filter(part.condition)
        return rows.order_by(*order, OrderBy(F("pk"), self.sort.descending))[: SIZE + 1]

    def further(self, lane: Lane, cursor: str, *, is_rest: bool = False) -> Column:
        """The cards of a column after those shown, or from its beginning; ``is_rest`` is what the first
        lack of SIZE."""
        if not cursor:
            page = self._pages(self._read([self._first_ids(lane)]), SIZE)[0]
        else:
            is_long = capped_count(self.within(lane), COUNT_CAP).is_capped and self.sort.column != "id"
            rows = (self._walked(lane) if is_long else self.within(lane)).values_list(
                *self._reads, named=True
            )
            page = Keyset(rows, self.sort, SIZE - FIRST if is_rest else SIZE).page(cursor)
        return Column(lane, Figures(), self.cards(page.items), self._more(lane, page.next_cursor))

    @property
    def _reads(self) -> tuple[str, ...]:
        """What cards, columns and the order want; a field of the office lies in a column with others."""
        wanted = (self.column, self.sort.column.partition("__")[0])
        return (*READ, *(name for name in dict.fromkeys(wanted) if name not in READ))

    def _more(self, lane: Lane, cursor: str, **parts: int) -> str:
        return f"{self.address(lane)}&{urlencode({'cursor': cursor, **parts})}" if cursor else ""

    def address(self, lane: Lane) -> str:
        """Where the cards of a column are read."""
        return f"{address('customers:column')}{self.query.address()}&{urlencode({'column': lane.text})}"

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


def board_parts(query: ListQuery, count: Count) -> dict[str, Any]:
    """What the page of the list needs to be a board; ``count`` is how many the list holds."""
    board = Board(query, count)
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
