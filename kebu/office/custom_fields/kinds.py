"""Kinds of values that only own fields have: options the office wrote, and people of the house."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar, cast

from django import forms
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kebu.base.fields.choices import CHOSEN, Operator
from kebu.base.fields.directories import Context, fold
from kebu.base.fields.fieldsets import FIELD_SETS
from kebu.base.fields.kinds import Choices, Kind, MultiChoice, Reference
from kebu.base.fields.meanings import any_of, linked
from kebu.base.fields.numbers import Number
from kebu.base.kit.errors import Unreadable
from kebu.base.kit.text import tidy
from kebu.base.ui.finders import Finder, is_long, spoken
from kebu.office.staff.fields import UserKind

MOST_RANKS = 12
SEPARATORS = "、，,；;|\n"


@dataclass(frozen=True, slots=True)
class Option:
    """One thing to choose, as the kinds know it."""

    key: str
    name: str
    is_active: bool


class _Retiring:
    """Offers what is retired only where a record has it: a control without it would lose it."""

    retired: frozenset[str] = frozenset()

    def optgroups(self, name: str, value: Any, attrs: Any = None) -> Any:
        groups = super().optgroups(name, value, attrs)  # type: ignore[misc]
        kept = [
            (
                title,
                [one for one in options if one["selected"] or str(one["value"]) not in self.retired],
                place,
            )
            for title, options, place in groups
        ]
        return [group for group in kept if group[1]]


class RetiringSelect(_Retiring, forms.Select):
    """A select."""


class RetiringFinder(_Retiring, Finder):
    """A select with a search."""


class RetiringBoxes(_Retiring, forms.CheckboxSelectMultiple):
    """Boxes to tick."""


def without(retired: frozenset[str], control: Any) -> forms.Widget:
    """The control without what is retired."""
    control.retired = retired
    return cast("forms.Widget", control)


class OwnChoice(Kind):
    """One of the options; kept by number, told by name."""

    operators = CHOSEN
    max_length = None

    def __init__(self, options: Sequence[Option]) -> None:
        self.options = tuple(options)
        self.names = {option.key: option.name for option in options}
        retired = {fold(option.name): option.key for option in options if not option.is_active}
        self.spellings = retired | {fold(option.name): option.key for option in options if option.is_active}

    def parse(self, text: Any, context: Context) -> Any:
        plain = tidy(str(text))
        found = plain if plain in self.names else self.spellings.get(fold(plain))
        if found is None:
            offered = "、".join(option.name for option in self.options if option.is_active)[:200]
            told = {"text": plain[:20], "offered": offered}
            raise Unreadable(_("没有“%(text)s”这一项，可选：%(offered)s") % told)
        return found

    def show(self, value: Any, context: Context) -> str:
        return self.names.get(str(value), "") if value else ""

    def edit_text(self, value: Any, context: Context) -> str:
        return str(value or "")

    def to_json(self, value: Any, context: Context) -> Any:
        return {"key": value, "name": self.show(value, context)} if value else None

    def from_json(self, value: Any) -> Any:
        return value["key"] if isinstance(value, dict) else (value or "")

    def show_json(self, value: Any, context: Context) -> str:
        return str(value["name"]) if isinstance(value, dict) else ""

    def choices(self, context: Context) -> Choices:
        return [(option.key, option.name) for option in self.options if option.is_active]

    def ranks(self, context: Context) -> tuple[Any, ...]:
        """Each rank may cost a list one more statement: of very many options the order is that of making."""
        keys = tuple(option.key for option in self.options)
        return keys if len(keys) <= MOST_RANKS else ()

    @property
    def retired(self) -> frozenset[str]:
        """What is no longer offered."""
        return frozenset(option.key for option in self.options if not option.is_active)

    def widget(self, context: Context) -> forms.Widget:
        every = [("", ""), *((option.key, option.name) for option in self.options)]
        if is_long(self.choices(context)):
            words = {option.key: spoken(option.name, (), is_person=False) for option in self.options}
            return without(self.retired, RetiringFinder(words, every))
        return without(self.retired, RetiringSelect(choices=every))


class OwnChoices(MultiChoice):
    """Several of the options, in their order."""

    is_many = True
    empty: ClassVar[Any] = []
    operators = (Operator.IS, Operator.ALL, Operator.IS_NOT, Operator.EMPTY, Operator.FILLED)
    phrases = {Operator.IS: gettext_lazy("有{}"), Operator.IS_NOT: gettext_lazy("没有{}")}
    max_length = None

    def __init__(self, options: Sequence[Option], key: str) -> None:
        self.single = OwnChoice(options)
        self.key = key

    def parse(self, text: Any, context: Context) -> Any:
        texts = [text] if isinstance(text, str) else text
        found = {self.single.parse(part, context) for one in texts for part in _parts(str(one))}
        return [option.key for option in self.single.options if option.key in found]

    def show(self, value: Any, context: Context) -> str:
        return "、".join(self.single.show(one, context) for one in value or [])

    def edit_text(self, value: Any, context: Context) -> Any:
        return [str(one) for one in value or []]

    def to_json(self, value: Any, context: Context) -> Any:
        return [self.single.to_json(one, context) for one in value or []]

    def from_json(self, value: Any) -> Any:
        return [self.single.from_json(one) for one in value or []]

    def show_json(self, value: Any, context: Context) -> str:
        return "、".join(self.single.show_json(one, context) for one in value or [])

    def choices(self, context: Context) -> Choices:
        return self.single.choices(context)

    def ranks(self, context: Context) -> tuple[Any, ...]:
        return ()

    def widget(self, context: Context) -> forms.Widget:
        every = [(option.key, option.name) for option in self.single.options]
        return without(self.single.retired, RetiringBoxes(choices=every))

    def kept(self, value: Any) -> Any:
        return list(value or [])

    def blank(self, path: str) -> Q:
        return Q(**{f"{path}__isnull": True})

    def condition(self, column: str, texts: Sequence[str], context: Context) -> Q:
        return any_of(self._has(column, [value]) for value in self.parse(list(texts), context))

    def denied(self, operator: Operator, path: str, texts: Sequence[str], context: Context) -> Q:
        if operator is not Operator.IS or self._relation is None:
            return super().denied(operator, path, texts, context)
        return ~linked(self._rows(self.parse(list(texts), context)), self._relation.field.name)

    def _has(self, column: str, values: Sequence[str]) -> Q:
        """Records that have one of the values: by the table of them where there is one, else in the list."""
        if self._relation is None:
            return any_of(Q(**{f"{column}__contains": f'"{value}"'}) for value in values)
        return Q(pk__in=self._rows(values).values(self._relation.field.attname))

    @cached_property
    def _relation(self) -> Any:
        """What leads from records to the table of their values."""
        model: Any = FIELD_SETS[self.key.partition(".")[0]].model
        return next((one for one in model._meta.related_objects if one.name == "choices"), None)

    def _rows(self, values: Sequence[str]) -> Any:
        return self._relation.related_model.objects.filter(field=self.key, value__in=values)


class Person(UserKind):
    """A member of staff, whoever it is."""

    def parse(self, text: str, context: Context) -> Any:
        return Reference.parse(self, text, context)

    def choices(self, context: Context) -> Choices:
        return Reference.choices(self, context)

    def keep(self, value: Any) -> Any:
        return str(value)

    def kept(self, value: Any) -> Any:
        return None if value is None else int(value)


class RolledUp(Number):
    """A figure counted from what hangs on the record: ``how``, of an own ``field``, of the last ``days``."""

    def __init__(self, unit: str, how: str, field: str = "", days: int = 0) -> None:
        super().__init__(unit)
        self.how, self.field, self.days = how, field, days


def _parts(text: str) -> list[str]:
    for mark in SEPARATORS:
        text = text.replace(mark, "、")
    return [part for part in map(str.strip, text.split("、")) if part]
