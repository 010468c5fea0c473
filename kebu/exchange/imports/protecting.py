"""What somebody who looks at an import is shown of its columns, by the rules of his roles for the fields.

Who brought the file in knows what stands in it; others see of protected columns what they see of customers.
Nobody is told of fields hidden from him, nor may he bring them in.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from kebu.base.access.choices import FieldRule
from kebu.base.fields.choices import Use
from kebu.base.fields.directories import Context
from kebu.base.fields.fieldsets import Field, FieldSet, field_named
from kebu.base.kit.masks import HIDDEN
from kebu.exchange.imports.models import Import
from kebu.exchange.imports.targets import Target, targets

HOLDING = {
    "way": ("customer.phone", "customer.email", "contact.phone"),
    "person": ("contact.name", "contact.title"),
    "size": ("customer.headcount", "customer.revenue"),
}
"""The fields behind columns that hold two things."""


def fields_of(key: str) -> list[Field]:
    """The fields that a target fills."""
    return [field_named(name) for name in HOLDING.get(key, (key,))]


def targets_for(context: Context) -> dict[str, Target]:
    """Where the reader may send a column: to what he may fill in of a new record."""
    return {key: target for key, target in targets().items() if is_open(key, context)}


def is_open(key: str, context: Context) -> bool:
    """Whether the reader may bring in something by this target."""
    return key in targets() and any(item.allows(Use.IMPORT, context) for item in fields_of(key))


def open_mapping(source: Import, context: Context) -> list[str]:
    """Where the columns go, without what the reader may not bring in (any more)."""
    return [key if key and is_open(key, context) else "" for key in source.mapping]


def allowed(fields: FieldSet, values: Mapping[str, Any], use: Use, context: Context) -> dict[str, Any]:
    """Of these values those that the reader may write like that."""
    known = fields.now()
    return {name: value for name, value in values.items() if known[name].allows(use, context)}


def left_alone(mapping: Iterable[str], context: Context) -> list[str]:
    """Labels of the fields that fill a new record but, by the reader's role, change none that exists."""
    keys = [
        name for key in mapping if key for name in HOLDING.get(key, (key,)) if name.startswith("customer.")
    ]
    items = [field_named(name) for name in dict.fromkeys(keys) if name in targets()]
    return [i.label for i in items if i.allows(Use.IMPORT, context) and not i.allows(Use.EDIT, context)]


class Columns:
    """The columns of one import as one reader sees them."""

    def __init__(self, source: Import, context: Context) -> None:
        self.source, self.context = source, context
        self.is_own = getattr(context.reader, "pk", None) in (None, source.owner_id)
        self._rules = [self._rule(key) for key in source.mapping]

    def _rule(self, key: str) -> FieldRule:
        order = list(FieldRule)
        rules = [item.rule(self.context) for item in fields_of(key)] if key else []
        return max(rules, key=order.index, default=FieldRule.VISIBLE)

    def rule(self, column: int) -> FieldRule:
        """The strictest rule of what a column holds."""
        return self._rules[column] if 0 <= column < len(self._rules) else FieldRule.VISIBLE

    def key(self, column: int | None) -> str:
        """Where the column goes, "" for nowhere and for what is hidden."""
        if column is None or not 0 <= column < len(self._rules) or self.rule(column) is FieldRule.HIDDEN:
            return ""
        return str(self.source.mapping[column])

    def is_closed(self, column: int | None) -> bool:
        """Whether the reader must not see what stands in the column."""
        closed = (FieldRule.MASKED, FieldRule.HIDDEN)
        return column is not None and not self.is_own and self.rule(column) in closed

    def cell(self, column: int | None, text: str) -> str:
        """A text of the column."""
        return HIDDEN if text and self.is_closed(column) else text

    def message(self, column: int | None, text: str) -> str:
        """What is wrong with a cell; the sentence quotes it."""
        return _("内容认不出，请导入人更正") if self.is_closed(column) else text
