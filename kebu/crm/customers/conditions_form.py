"""The form of all conditions, drawn without form machinery: its long lists stay cheap."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from kebu.base.fields.choices import Operator
from kebu.base.fields.days import Day
from kebu.base.fields.fieldsets import Field
from kebu.base.fields.formats import Region
from kebu.base.filters.reading import Condition
from kebu.base.kit import regions
from kebu.base.ui.finders import is_long
from kebu.crm.customers.conditions import WHERE, ListQuery, order_words, part_of, region_of
from kebu.crm.customers.facets import quick_fields

FEW = 12


@dataclass(frozen=True, slots=True)
class Option:
    """One thing to choose."""

    value: str
    label: str
    is_chosen: bool
    words: str = ""


@dataclass(slots=True)
class Group:
    """One condition in the form: boxes for few choices, a select for many, days as a choice and two dates."""

    name: str
    label: str
    shape: str
    options: list[Option] = field(default_factory=list)
    sets: list[tuple[str, list[Option]]] = field(default_factory=list)
    cities: list[Option] = field(default_factory=list)
    first: str = ""
    last: str = ""
    problem: str = ""
    is_long: bool = False
    example: str = ""


def groups(query: ListQuery) -> list[Group]:
    """All conditions, filled with what the address asks."""
    asked = {c.clause.name: c for c in query.conditions if c.clause.operator == Operator.IS}
    return [_group(item, asked.get(item.name), query) for item in quick_fields(query.context)]


def kept_parts(query: ListQuery) -> list[tuple[str, str]]:
    """The conditions of the address that this form does not ask for."""
    shown = {item.name for item in quick_fields(query.context)}
    rest = [part_of(c.clause) for c in query.conditions]
    kept = [(name, text) for name, texts in rest if name not in shown for text in texts]
    return kept + ([(WHERE, query.where)] if query.where else [])


def orders(query: ListQuery) -> list[Option]:
    """The orders to choose from; the one asked for is chosen."""
    chosen = query.sort_text if query.params.get("sort") else ""
    return [
        Option(value, order_words(name, is_descending), value == chosen)
        for name in query.sorts
        for is_descending, value in ((False, name), (True, f"-{name}"))
    ]


def _group(item: Field, asked: Condition | None, query: ListQuery) -> Group:
    texts = asked.clause.texts if asked else ()
    problem = asked.problem if asked else ""
    made = Group(item.name, item.label, "boxes", problem=problem, example=item.example)
    if isinstance(item.kind, Day):
        _fill_days(made, texts[0] if texts else "", item)
    elif isinstance(item.kind, Region):
        _fill_regions(made, region_of(query))
    else:
        choices, words = item.kind.choices(query.context), item.kind.words(query.context)
        if not choices:
            made.shape, made.first = "text", texts[0] if texts else ""
            return made
        _fill_choices(made, choices, words, _keys(item.kind, texts, query))
    return made


def _keys(kind: Any, texts: tuple[str, ...], query: ListQuery) -> set[str]:
    """What the texts stand for, as the choices write it; a name in the address ticks its box too."""
    keys = set(texts)
    for text in texts:
        try:
            keys.add(str(kind.parse(text, query.context)))
        except ValueError:
            continue
    return keys


def _fill_choices(
    made: Group, choices: list[tuple[Any, Any]], words: Mapping[str, str], chosen: set[str]
) -> None:
    made.is_long = is_long(choices)
    if any(isinstance(label, list) for _value, label in choices):
        made.shape = "sets"
        made.sets = [(str(title), _options(part, chosen, words)) for title, part in choices]
        return
    made.options = _options(choices, chosen, words)
    made.shape = "boxes" if len(made.options) <= FEW else "select"


def _options(
    choices: list[tuple[Any, Any]], chosen: set[str], words: Mapping[str, str] | None = None
) -> list[Option]:
    known = words or {}
    return [Option(str(v), str(label), str(v) in chosen, known.get(str(v), "")) for v, label in choices]


def _fill_days(made: Group, text: str, item: Field) -> None:
    made.shape = "days"
    kind = cast("Day", item.kind)
    offered = [value for value in kind.OFFERED if value != "empty" or item.can_be_empty]
    asked = [text] if kind.named(text) and text not in offered else []  # in an old address
    made.options = _options([(value, kind.named(value)) for value in offered + asked], {text})
    first, dots, last = text.partition("..")
    if text and not kind.named(text):
        made.first, made.last = first, last if dots else first


def _fill_regions(made: Group, code: str) -> None:
    made.shape = "region"
    province = regions.province_code(code) if regions.region(code) else ""
    made.options = [Option(r.code, r.name, r.code == province) for r in regions.children(None)]
    made.cities = city_options(province, regions.city_code(code) or "" if province else "")


def city_options(province: str, chosen: str = "") -> list[Option]:
    """The cities of a province; none for a municipality, which is one itself."""
    found = regions.region(province)
    if found is None or found.is_municipality:
        return []
    return [Option(city.code, city.name, city.code == chosen) for city in regions.children(province)]
