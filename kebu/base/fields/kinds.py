"""Kinds of values: how each is typed, kept, shown and filtered. Kinds hold no state."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, NamedTuple

from django import forms
from django.db.models import Q, TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kebu.base.fields import meanings
from kebu.base.fields.choices import CHOSEN, OPPOSITES, WRITTEN, Operator
from kebu.base.fields.directories import Context, fold
from kebu.base.kit.errors import Unreadable
from kebu.base.kit.masks import HIDDEN, mask_text
from kebu.base.kit.text import tidy
from kebu.base.ui.finders import Finder, is_long

Choices = list[tuple[Any, Any]]


class Said(NamedTuple):
    """What a condition says of a field, with the words that matter by themselves."""

    before: str
    words: str
    after: str = ""

    def __str__(self) -> str:
        return f"{self.before}{self.words}{self.after}"


class Kind:
    """Plain one-line text, and the pattern for all other kinds.

    A value is what ``parse`` returns and one column keeps (text, number, date, key of another row);
    "" or None is empty. Kinds over several columns name them in ``suffixes``, take a value apart in
    ``split`` and put it together in ``join``.
    """

    suffixes: ClassVar[tuple[str, ...]] = ("",)
    empty: ClassVar[Any] = ""
    operators: ClassVar[tuple[Operator, ...]] = WRITTEN
    phrases: ClassVar[Mapping[Operator, Any]] = {}  # where a kind says it otherwise than all
    menus: ClassVar[Mapping[Operator, Any]] = {}  # where a list of operators needs other words
    input_type: ClassVar[str] = "text"
    input_mode: ClassVar[str] = ""
    is_number: ClassVar[bool] = False
    is_many: ClassVar[bool] = False  # a list, one row per value in the table customers are found by
    letter: ClassVar[str] = "t"  # what it is in SQL where it lies in a JSON column: text or number
    max_length: int | None = 200

    def parse(self, text: str, context: Context) -> Any:
        """Read what a person typed or a cell held; raises Unreadable with the remedy."""
        return self.limited(tidy(text))

    def limited(self, text: str) -> str:
        """The text, if the column takes it."""
        if self.max_length and len(text) > self.max_length:
            raise Unreadable(
                _("太长了，最多%(max)d个字，现在%(now)d个") % {"max": self.max_length, "now": len(text)}
            )
        return text

    def show(self, value: Any, context: Context) -> str:
        """The value as people read it; empty text when empty."""
        return "" if value is None else str(value)

    def cell(self, value: Any, context: Context) -> Any:
        """The value as a spreadsheet keeps it: a number, a day, a moment, else a text that ``parse`` reads
        back."""
        return self.show(value, context)

    def drawn(self, value: Any, context: Context) -> str:
        """The value as a cell of a page shows it, marked up where that says more than the text."""
        return self.show(value, context)

    def merged(self, original: Any, mine: Any, now: Any, context: Context) -> Any:
        """What my change of a value and somebody else's come to together; None: they collide."""
        return None

    def mask(self, value: Any) -> str:
        """The value for who may know that there is one, and no more than its outline."""
        return HIDDEN

    def edit_text(self, value: Any, context: Context) -> str:
        """The value as it stands in an input; ``parse`` must read it back to the same value."""
        return self.show(value, context)

    def to_json(self, value: Any, context: Context) -> Any:
        """The value as the journal keeps it."""
        return value

    def from_json(self, value: Any) -> Any:
        return value

    def show_json(self, value: Any, context: Context) -> str:
        """A journal value as people read it."""
        return self.show(self.from_json(value), context)

    def keep(self, value: Any) -> Any:
        """The value as a JSON column keeps it, for the office's own fields."""
        return value

    def kept(self, value: Any) -> Any:
        """The value back from a JSON column; None is empty."""
        return self.empty if value is None else value

    def split(self, value: Any) -> tuple[Any, ...]:
        return (value,)

    def join(self, parts: tuple[Any, ...]) -> Any:
        return parts[0]

    def choices(self, context: Context) -> Choices:
        """Choices to offer, empty for free input."""
        return []

    def words(self, context: Context) -> Mapping[str, str]:
        """What a long list of choices is searched by, by the choice's value."""
        return {}

    def widget(self, context: Context) -> forms.Widget:
        choices = self.choices(context)
        if choices:
            every = [("", ""), *choices]
            return Finder(self.words(context), every) if is_long(choices) else forms.Select(choices=every)
        attrs = {"maxlength": str(self.max_length)} if self.max_length else {}
        if self.input_mode:
            attrs["inputmode"] = self.input_mode
        return forms.TextInput(attrs={**attrs, "type": self.input_type})

    def condition(self, column: str, texts: Sequence[str], context: Context) -> Q:
        """The filter for values given in an address; several mean any of them. Raises Unreadable."""
        return Q(**{f"{column}__in": [self.parse(text, context) for text in texts]})

    def ranks(self, context: Context) -> tuple[Any, ...]:
        """All values in the order a list sorts by, where that is not the order of the values themselves."""
        return ()

    def describe(self, texts: Sequence[str], context: Context) -> str:
        """The filter in words."""
        return "、".join(self.show(self.parse(text, context), context) for text in texts)

    # conditions by operators

    def meaning(self, operator: Operator, path: str, texts: Sequence[str], context: Context) -> Q:
        """The filter of an operator on the lookup ``path``; several values mean any of them. Raises
        Unreadable, also when the kind lacks the operator."""
        if operator not in self.operators:
            raise Unreadable(_("不能用“%(phrase)s”来筛选") % {"phrase": self.phrase(operator).format("…")})
        if operator.takes_values and not any(text.strip() for text in texts):
            raise Unreadable(_("还没有写要找的值"))
        if operator in (Operator.EMPTY, Operator.FILLED):
            return self.blank(path) if operator is Operator.EMPTY else ~self.blank(path)
        if operator in OPPOSITES:
            return self.denied(OPPOSITES[operator], path, texts, context)
        return self.affirmed(operator, path, texts, context)

    def denied(self, operator: Operator, path: str, texts: Sequence[str], context: Context) -> Q:
        """The filter that an operator does not hold, as it does not of no value."""
        return ~self.meaning(operator, path, texts, context) | Q(**{f"{path}__isnull": True})

    def affirmed(self, operator: Operator, path: str, texts: Sequence[str], context: Context) -> Q:
        """The filter of an operator that says what a value is; kinds with ways of their own override it."""
        if operator is Operator.IS:
            return self.condition(path, texts, context)
        if operator in meanings.LOOKUPS:
            return meanings.matched(operator, path, [self.part(text) for text in texts])
        return meanings.compared(operator, path, texts, lambda text: self.parse(text, context))

    def part(self, text: str) -> str:
        """A piece of a value to look for."""
        return meanings.readable_part(tidy(text))

    def blank(self, path: str) -> Q:
        """The filter for no value."""
        found = Q(**{f"{path}__isnull": True})
        return found if self.empty is None else found | Q(**{path: self.empty})

    def phrase(self, operator: Operator) -> str:
        """What the operator says, with {} where the values stand."""
        return str(self.phrases.get(operator) or operator.label)

    def menu(self, operator: Operator) -> str:
        """The operator as a list of them shows it."""
        return str(self.menus.get(operator) or self.phrase(operator).replace("{}", "…"))

    def said(self, operator: Operator, texts: Sequence[str], context: Context) -> Said:
        """The condition in words behind the field's label: 是 意向客户, 10万以上, 没有填."""
        before, _values, after = self.phrase(operator).partition("{}")
        words = self.told(operator, texts, context)
        return Said(before, words, after) if words else Said("", before + after)

    def told(self, operator: Operator, texts: Sequence[str], context: Context) -> str:
        """The values of a condition in words."""
        if operator in meanings.LOOKUPS or operator is Operator.LACKS:
            return "、".join(f"“{self.part(text)}”" for text in texts)
        if operator is Operator.BETWEEN:
            ends = [meanings.ends(operator, text) for text in texts]
            return "、".join(f"{self.describe([a], context)}至{self.describe([b], context)}" for a, b in ends)
        return self.describe(texts, context) if operator.takes_values else ""


class Text(Kind):
    """One line of text."""

    def __init__(self, max_length: int = 200) -> None:
        self.max_length = max_length

    def mask(self, value: Any) -> str:
        return mask_text(value)


class LongText(Kind):
    """Several lines of text."""

    operators: ClassVar[tuple[Operator, ...]] = (
        Operator.CONTAINS,
        Operator.LACKS,
        Operator.EMPTY,
        Operator.FILLED,
    )

    def __init__(self, max_length: int = 4000) -> None:
        self.max_length = max_length

    def parse(self, text: str, context: Context) -> str:
        lines = "\n".join(
            tidy(line) for line in str(text).replace("\r\n", "\n").replace("\r", "\n").split("\n")
        )
        return self.limited(lines.strip())

    def widget(self, context: Context) -> forms.Widget:
        return forms.Textarea(attrs={"rows": "3", "maxlength": str(self.max_length)})


class Choice(Kind):
    """One of a fixed list (a TextChoices): code branches on it, so the stored value is a stable English
    word."""

    operators: ClassVar[tuple[Operator, ...]] = CHOSEN

    def __init__(self, enum: type[TextChoices], aliases: dict[str, str] | None = None) -> None:
        self.enum = enum
        self.spellings = {fold(str(label)): value for value, label in enum.choices}
        self.spellings |= {fold(value): value for value in enum.values}
        self.spellings |= {fold(alias): value for alias, value in (aliases or {}).items()}

    def parse(self, text: str, context: Context) -> str:
        found = self.spellings.get(fold(text))
        if found is None:
            labels = "、".join(str(label) for label in self.enum.labels)
            raise Unreadable(
                _("没有“%(text)s”这一项，可选：%(labels)s") % {"text": tidy(text)[:20], "labels": labels}
            )
        return found

    def show(self, value: Any, context: Context) -> str:
        return str(self.enum(value).label) if value else ""

    def edit_text(self, value: Any, context: Context) -> str:
        return str(value or "")  # what the select's options carry

    def choices(self, context: Context) -> Choices:
        return list(self.enum.choices)

    def ranks(self, context: Context) -> tuple[Any, ...]:
        return tuple(self.enum.values)


class MultiChoice(Choice):
    """Several of a fixed list, kept as a JSON list in the list's order."""

    empty: ClassVar[Any] = []
    operators: ClassVar[tuple[Operator, ...]] = (
        Operator.IS,
        Operator.ALL,
        Operator.IS_NOT,
        Operator.EMPTY,
        Operator.FILLED,
    )
    phrases = {Operator.IS: gettext_lazy("有{}"), Operator.IS_NOT: gettext_lazy("没有{}")}

    def parse(self, text: str | Sequence[str], context: Context) -> Any:
        parts = text if not isinstance(text, str) else [p for p in _split_words(text) if p]
        found = {Choice.parse(self, part, context) for part in parts}
        return [value for value in self.enum.values if value in found]

    def show(self, value: Any, context: Context) -> str:
        return "、".join(str(self.enum(item).label) for item in value or [])

    def edit_text(self, value: Any, context: Context) -> str:
        return self.show(value, context)

    def widget(self, context: Context) -> forms.Widget:
        return forms.CheckboxSelectMultiple(choices=self.choices(context))

    def condition(self, column: str, texts: Sequence[str], context: Context) -> Q:
        found = Q()
        for value in self.parse(list(texts), context):
            found |= Q(**{f"{column}__icontains": f'"{value}"'})
        return found

    def affirmed(self, operator: Operator, path: str, texts: Sequence[str], context: Context) -> Q:
        if operator is not Operator.ALL:
            return super().affirmed(operator, path, texts, context)
        found = Q()
        for value in self.parse(list(texts), context):
            found &= self.condition(path, [value], context)
        return found

    def describe(self, texts: Sequence[str], context: Context) -> str:
        return self.show(self.parse(list(texts), context), context)


class Reference(Kind):
    """A row of another table, found by key, code, name or alias through its directory."""

    operators: ClassVar[tuple[Operator, ...]] = CHOSEN
    empty: ClassVar[Any] = None

    def __init__(self, directory: str, group: str = "") -> None:
        self.directory = directory
        self.group = group

    def parse(self, text: str, context: Context) -> Any:
        found = context.directory(self.directory).meant(str(text))
        told = {"text": tidy(str(text))[:20]}
        if not found:
            raise Unreadable(_("没有“%(text)s”这一项，请从列表里选") % told)
        if len(found) > 1:
            raise Unreadable(_("不止一项叫“%(text)s”，请从列表里选") % told)
        return found[0]

    def show(self, value: Any, context: Context) -> str:
        return context.directory(self.directory).name(value)

    def edit_text(self, value: Any, context: Context) -> str:
        return "" if value is None else str(value)

    def to_json(self, value: Any, context: Context) -> Any:
        return None if value is None else {"key": value, "name": self.show(value, context)}

    def from_json(self, value: Any) -> Any:
        return value["key"] if isinstance(value, dict) else value

    def show_json(self, value: Any, context: Context) -> str:
        return str(value["name"]) if isinstance(value, dict) else ""

    def choices(self, context: Context) -> Choices:
        return context.choices(self.directory)

    def words(self, context: Context) -> Mapping[str, str]:
        return context.directory(self.directory).spoken


def _split_words(text: str) -> list[str]:
    for mark in "，,；;/|\n":
        text = text.replace(mark, "、")
    return [part.strip() for part in text.split("、")]
