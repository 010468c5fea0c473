"""The form of joined conditions, drawn: rows with the inputs that fit, and the choice of what to add."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from kebu.base.fields.choices import Operator
from kebu.base.fields.days import Day
from kebu.base.fields.directories import Context
from kebu.base.fields.formats import AmountRange, Region
from kebu.base.fields.numbers import Money
from kebu.base.filters.drafts import Box, Row
from kebu.base.filters.facets import Facet
from kebu.base.filters.reading import understood
from kebu.base.filters.tree import Clause
from kebu.base.kit.money import currency
from kebu.base.kit.spans import COUNTED, FIXED, UNITS
from kebu.base.ui.finders import FEW, is_long, spoken

AMOUNTS = (AmountRange, Money)


class Option(NamedTuple):
    """One thing to choose."""

    value: str
    label: str
    is_chosen: bool = False
    words: str = ""


@dataclass
class DrawnRow:
    """A row of the form: its label, what may be said of it and the inputs of one shape."""

    place: str
    name: str
    label: str
    operator: str
    operators: list[Option]
    shape: str
    row: Row
    options: list[Option] = field(default_factory=list)
    sets: list[tuple[str, list[Option]]] = field(default_factory=list)
    picks: list[list[Option]] = field(default_factory=list)
    values: list[str] = field(default_factory=list)
    input_type: str = "text"
    attrs: dict[str, str] = field(default_factory=dict)
    ways: list[Option] = field(default_factory=list)
    units: list[Option] = field(default_factory=list)
    is_counted: bool = False
    is_long: bool = False
    takes_more: bool = True
    unit: str = ""
    words: str = ""
    problem: str = ""
    is_box = False


@dataclass
class DrawnBox:
    """A group of the form."""

    place: str
    is_any: bool
    parts: list["DrawnRow | DrawnBox"]
    takes_groups: bool
    is_root: bool
    is_box = True


def drawn(box: Box, context: Context) -> DrawnBox:
    """The group ready for the template."""
    parts: list[DrawnRow | DrawnBox] = [
        drawn(part, context) if isinstance(part, Box) else _drawn_row(part, context) for part in box.parts
    ]
    return DrawnBox(box.place, box.is_any, parts, box.takes_groups, box.depth == 1)


def offered(facets: Sequence[Facet]) -> list[tuple[str, list[Option]]]:
    """All that can be added, by section, searchable by pinyin and by what else people call it."""
    sets: dict[str, list[Option]] = {}
    for facet in facets:
        option = Option(facet.name, str(facet.label), words=_words(str(facet.label), facet.words))
        sets.setdefault(str(facet.section), []).append(option)
    return list(sets.items())


@lru_cache(maxsize=2048)
def _words(label: str, others: str) -> str:
    return spoken(label, others.split())


def _drawn_row(row: Row, context: Context) -> DrawnRow:
    facet, clause = row.facet, row.clause() or Clause(row.name, row.operator, tuple(row.values))
    read = understood(clause, lambda _name: facet, context)
    made = DrawnRow(row.place, row.name, read.label, row.operator, [], row.shape, row)
    if row.clause() is not None:
        made.problem = read.problem
    if facet is None or row.shape == "kept":
        made.words, made.values = str(read.said), row.values
        return made
    made.operators = [
        Option(one.value, facet.kind.menu(one), one.value == row.operator) for one in facet.operators
    ]
    made.takes_more = row.operator not in (Operator.ABOVE, Operator.BELOW)
    _fill(made, row, facet, context)
    return made


def _fill(made: DrawnRow, row: Row, facet: Facet, context: Context) -> None:
    if made.shape in ("span", "frequency"):
        _fill_ways(made, row, getattr(facet.kind, "WAYS", ()))
        return
    choices = facet.kind.choices(context) if made.shape == "values" else []
    if choices:
        _fill_choices(made, row, facet, choices, context)
        return
    is_place = isinstance(facet.kind, Region)  # kept as a code, which nobody reads
    made.values = [_place(facet, text, context) if is_place else text for text in row.values] or [""]
    if isinstance(facet.kind, Day):
        made.input_type = "date"
        return
    attrs = facet.kind.widget(context).attrs
    kept = ("inputmode", "maxlength", "data-finder", "autocomplete")
    made.attrs = {name: str(value) for name, value in attrs.items() if name in kept}
    made.attrs |= {"inputmode": "decimal"} if facet.kind.is_number else {}
    made.unit = _unit(facet)
    made.attrs |= {"placeholder": _("如 5万")} if isinstance(facet.kind, AMOUNTS) else {}
    made.attrs |= {"inputmode": "text"} if isinstance(facet.kind, AMOUNTS) else {}  # 万 is typed


def _unit(facet: Facet) -> str:
    """In what a figure is typed."""
    return currency() if isinstance(facet.kind, AMOUNTS) else getattr(facet.kind, "unit", "")


def _fill_ways(made: DrawnRow, row: Row, ways: Sequence[str]) -> None:
    made.ways = [Option(way, _way_label(way), way == row.way) for way in ways]
    if made.shape == "frequency":
        made.ways.insert(0, Option("", _("一共"), not row.way))
    made.is_counted = row.way in COUNTED
    words = {"": _("天"), "w": _("周"), "m": _("个月"), "y": _("年")}
    made.units = [Option(unit, words[unit], unit == row.unit) for unit in UNITS]


def _way_label(way: str) -> str:
    return str(FIXED[way]) if way in FIXED else str(COUNTED[way]) % {"count": "…"}


def _fill_choices(
    made: DrawnRow, row: Row, facet: Facet, choices: list[tuple[Any, Any]], context: Context
) -> None:
    words = facet.kind.words(context)
    chosen = {_key(facet, text, context) for text in row.values if text.strip()}
    flat = [
        pair for value, label in choices for pair in (label if isinstance(label, list) else [(value, label)])
    ]
    if len(flat) <= FEW:
        made.shape = "boxes"
        made.options = [Option(str(v), str(label), str(v) in chosen) for v, label in flat]
        return
    made.shape, made.is_long = "picks", is_long(choices)
    spare = [""] if not chosen or row.is_new else []
    for text in [*sorted(chosen), *spare]:
        made.picks.append(
            [Option(str(v), str(label), str(v) == text, words.get(str(v), "")) for v, label in flat]
        )


def _key(facet: Facet, text: str, context: Context) -> str:
    """What a text stands for, as the choices write it."""
    try:
        return str(facet.kind.parse(text, context))
    except ValueError:
        return text


def _place(facet: Facet, text: str, context: Context) -> str:
    """A region by its name; what is no region as it was typed."""
    try:
        return facet.kind.describe([text], context)
    except ValueError:
        return text
