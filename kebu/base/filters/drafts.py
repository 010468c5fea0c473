"""A tree of conditions while somebody is putting it together: what a form sent, changed by what he pressed.

Every row of the form has a place: g is the outermost group, g-0 and g-1 its parts, g-1-0 a part of a part.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from django.http import QueryDict

from kebu.base.fields.choices import Operator
from kebu.base.fields.days import BirthdayKind, Day
from kebu.base.filters.facets import Facet
from kebu.base.filters.reading import Find
from kebu.base.filters.tree import DEEPEST, MOST_CLAUSES, MOST_VALUES, Clause, Group
from kebu.base.kit.spans import COUNTED, Span, read_span

ROOT = "g"
MOST_PARTS = 40
LONGEST = 200
START = Span("last", 3, "m")


@dataclass
class Row:
    """A condition with what stands in its inputs. ``facet`` is None for what its reader may not know of."""

    name: str
    operator: str
    facet: Facet | None = None
    values: list[str] = field(default_factory=list)
    low: str = ""
    high: str = ""
    way: str = ""
    count: str = ""
    unit: str = ""
    is_new: bool = False
    place: str = ""

    @property
    def shape(self) -> str:
        """What inputs it needs."""
        if self.facet is None or self.operator not in self.facet.operators:
            return "kept"
        operator, control = Operator(self.operator), getattr(self.facet.kind, "control", "")
        if not operator.takes_values:
            return "none"
        if control:
            return str(control)
        if operator is Operator.WITHIN:
            return "span"
        if operator is Operator.BETWEEN:
            return "pair"
        return "kept" if operator is Operator.IS and self._names_days(self.facet) else "values"

    def _names_days(self, facet: Facet) -> bool:
        """Whether the values are names of days or stretches, for which a single day's input is too small."""
        if isinstance(facet.kind, Day):
            return any(".." in text or facet.kind.named(text) for text in self.values)
        return isinstance(facet.kind, BirthdayKind) and any(map(read_span, self.values))

    def clause(self) -> Clause | None:
        """The condition, None as long as something is missing."""
        texts = self._texts()
        return Clause(self.name, self.operator, texts) if texts is not None else None

    def _texts(self) -> tuple[str, ...] | None:
        shape, span = self.shape, self._span()
        if shape == "none":
            return ()
        if shape == "span":
            return (span,) if span else None
        if shape == "frequency":
            number = self.low.strip()
            return (f"{number}/{span}" if span else number,) if number else None
        if shape == "pair":
            return (
                (f"{self.low.strip()}..{self.high.strip()}",)
                if self.low.strip() and self.high.strip()
                else None
            )
        given = tuple(dict.fromkeys(value for value in self.values if value.strip()))
        return given if given or shape == "kept" else None

    def _span(self) -> str:
        text = f"{self.way}{self.count.strip()}{self.unit}" if self.way in COUNTED else self.way
        return text if read_span(text) else ""

    def put_span(self, span: Span) -> None:
        self.way, self.unit = span.way, span.unit
        self.count = str(span.count) if span.count else ""


@dataclass
class Box:
    """A group in the making."""

    is_any: bool = False
    parts: list["Row | Box"] = field(default_factory=list)
    place: str = ROOT

    def placed(self, place: str = ROOT) -> "Box":
        """Name all places anew, after something came or went."""
        self.place = place
        for number, part in enumerate(self.parts):
            if isinstance(part, Box):
                part.placed(f"{place}-{number}")
            else:
                part.place = f"{place}-{number}"
        return self

    def rows(self) -> Iterator[Row]:
        for part in self.parts:
            if isinstance(part, Box):
                yield from part.rows()
            else:
                yield part

    @property
    def depth(self) -> int:
        return self.place.count("-") + 1

    @property
    def takes_groups(self) -> bool:
        return self.depth < DEEPEST

    def group(self) -> Group:
        """The tree of all conditions that are complete."""
        parts: list[Clause | Group] = []
        for part in self.parts:
            made = part.group() if isinstance(part, Box) else part.clause()
            if made is not None:
                parts.append(made)
        return Group(tuple(parts), self.is_any)


def box_of(group: Group, find: Find) -> Box:
    """The form of a tree that stands in an address."""
    parts: list[Row | Box] = [
        box_of(part, find) if isinstance(part, Group) else row_of(part, find) for part in group.parts
    ]
    return Box(group.is_any, parts).placed()


def row_of(clause: Clause, find: Find) -> Row:
    """The row of a condition; days named in short (created_at=last3m) show as what they are."""
    facet, texts = find(clause.name), list(clause.texts)
    row = Row(clause.name, clause.operator, facet, texts)
    if facet is None or len(texts) != 1:
        return row
    span = read_span(texts[0]) if isinstance(facet.kind, (Day, BirthdayKind)) else None
    if span and Operator.WITHIN in facet.operators and clause.operator in (Operator.IS, Operator.WITHIN):
        row.operator, row.values = Operator.WITHIN.value, []
        row.put_span(span)
    elif isinstance(facet.kind, Day) and clause.operator == Operator.IS and ".." in texts[0]:
        _put_stretch(row, *texts[0].split("..", 1))
    elif clause.operator == Operator.IS and texts[0] == Operator.EMPTY and Operator.EMPTY in facet.operators:
        row.operator, row.values = Operator.EMPTY.value, []
    elif clause.operator == Operator.BETWEEN:
        row.low, _dots, row.high = texts[0].partition("..")
    elif row.shape == "frequency":
        row.low, _mark, stretch = texts[0].partition("/")
        if found := read_span(stretch):
            row.put_span(found)
    return row


def _put_stretch(row: Row, low: str, high: str) -> None:
    if low and high:
        row.operator, row.low, row.high = Operator.BETWEEN.value, low, high
    elif low or high:
        row.operator, row.values = (Operator.ABOVE if low else Operator.BELOW).value, [low or high]


def read_form(sent: QueryDict, find: Find) -> Box:
    """The tree that a form holds, with what was pressed done to it."""
    box = _box(sent, ROOT, find)
    action, _colon, place = sent.get("do", "").partition(":")
    _act(box, action, place)
    for inner in [box, *_boxes(box)]:
        name = sent.get(f"{inner.place}.add", "")
        facet = find(name) if name else None
        if facet is not None and sum(1 for _row in box.rows()) < MOST_CLAUSES:
            inner.parts.append(new_row(facet))
    return box.placed()


def new_row(facet: Facet) -> Row:
    """A condition on what was just chosen, with what is asked of it most."""
    row = Row(facet.name, facet.operators[0].value, facet, is_new=True)
    ways: tuple[str, ...] = getattr(facet.kind, "WAYS", ())
    if ways:
        row.put_span(START if START.way in ways[:1] else read_span(ways[0]) or Span(ways[0], 7))
    return row


def _boxes(box: Box) -> Iterator[Box]:
    for part in box.parts:
        if isinstance(part, Box):
            yield part
            yield from _boxes(part)


def _box(sent: QueryDict, place: str, find: Find) -> Box:
    box = Box(sent.get(f"{place}.any") == "1", place=place)
    for number in range(MOST_PARTS):
        inner = f"{place}-{number}"
        if f"{inner}.group" in sent and place.count("-") + 1 < DEEPEST:
            box.parts.append(_box(sent, inner, find))
        elif name := sent.get(f"{inner}.name", ""):
            box.parts.append(_row(sent, inner, name, find))
    return box


def _row(sent: QueryDict, place: str, name: str, find: Find) -> Row:
    facet, operator = find(name), sent.get(f"{place}.op", "")
    values = [value[:LONGEST] for value in sent.getlist(f"{place}.v")]
    row = Row(name[:LONGEST], operator[:LONGEST], facet, values, place=place)
    row.low, row.high = sent.get(f"{place}.low", "")[:LONGEST], sent.get(f"{place}.high", "")[:LONGEST]
    row.way, row.unit = sent.get(f"{place}.way", "")[:LONGEST], sent.get(f"{place}.unit", "")[:1]
    row.count = sent.get(f"{place}.count", "")[:LONGEST]
    if row.shape == "pair" and not row.low and values:
        row.low = values[0]
    if row.shape == "values" and not values and row.low:
        row.values = [row.low]
    if row.shape == "span" and not row.way:
        row.put_span(START)
    return row


def _act(box: Box, action: str, place: str) -> None:
    inner = next((one for one in [box, *_boxes(box)] if one.place == place), None)
    if action == "group" and inner is not None and inner.takes_groups:
        inner.parts.append(Box(is_any=not inner.is_any))
    elif action == "clear":
        box.parts = []
    elif action == "drop":
        for one in [box, *_boxes(box)]:
            one.parts = [part for part in one.parts if part.place != place]
    elif action == "more":
        for row in box.rows():
            if row.place == place and len(row.values) < MOST_VALUES:
                row.values = [*(value for value in row.values if value.strip()), ""]
                row.is_new = True
