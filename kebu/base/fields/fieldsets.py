"""Field and FieldSet: the list of a room's fields, greppable, and what every door reads from it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from django.db import models
from django.utils.functional import Promise

from kebu.base.access.choices import OPENNESS, FieldRule, Permission, most_open
from kebu.base.access.queries import Viewer
from kebu.base.fields.choices import Level, Sensitivity, Use
from kebu.base.fields.directories import Context
from kebu.base.fields.kinds import Kind

OPEN = frozenset({FieldRule.VISIBLE, FieldRule.READ_ONLY})
WRITTEN_NEW = frozenset({FieldRule.VISIBLE, FieldRule.MASKED})
ALLOWED: dict[Use, frozenset[FieldRule]] = {
    Use.VIEW: OPEN | {FieldRule.MASKED},
    Use.READ: OPEN,
    Use.CREATE: WRITTEN_NEW,
    Use.IMPORT: WRITTEN_NEW,
    Use.EDIT: frozenset({FieldRule.VISIBLE}),
    Use.FILTER: OPEN,
    Use.SORT: OPEN,
}


def words(text: str) -> tuple[str, ...]:
    """Spellings divided by spaces, for long lists of synonyms."""
    return tuple(text.split())


@dataclass(frozen=True)
class Field:
    """One field of a record. Label and help come from the model's column unless given here.

    ``purpose`` says what a person's data is wanted for (个人信息保护法); only personal fields have one.
    ``default`` is what an empty input means (the model's default, else the kind's empty);
    ``synonyms`` are the headers an import recognises besides the label; ``only`` names the customer kind
    the field belongs to; ``sort`` is the column a list sorts by (None: not sortable). ``key`` names it among
    all fields, as rules of roles do; ``strictest`` is the closest rule it can take: work runs on some fields.
    ``can_be_empty``: whether a record may lack it at all.
    """

    name: str
    kind: Kind
    label: str = ""
    help: str = ""
    section: str | Promise = ""
    level: Level = Level.OPTIONAL
    sensitivity: Sensitivity = Sensitivity.NORMAL
    purpose: str = ""
    synonyms: tuple[str, ...] = ()
    example: str = ""
    only: str = ""
    sort: str | None = None
    is_editable: bool = True
    is_filter: bool = False
    attribute: str = ""
    default: Any = None
    columns: tuple[str, ...] = field(default=())
    key: str = ""
    strictest: FieldRule = FieldRule.HIDDEN
    can_be_empty: bool = True

    @property
    def path(self) -> str:
        """The lookup that filters go by; of several columns what their names have in common."""
        return self.columns[0].removesuffix(self.kind.suffixes[0]) if self.columns[1:] else self.columns[0]

    def value(self, record: models.Model) -> Any:
        """The record's value of this field."""
        if len(self.columns) == 1:
            return getattr(record, self.columns[0])
        return self.kind.join(tuple(getattr(record, column) for column in self.columns))

    def assign(self, record: models.Model, value: Any) -> None:
        if len(self.columns) == 1:
            setattr(record, self.columns[0], value)
            return
        for column, part in zip(self.columns, self.kind.split(value), strict=True):
            setattr(record, column, part)

    def text(self, record: models.Model, context: Context) -> str:
        """The record's value as this reader may read it."""
        return self.shown(self.value(record), context)

    def shown(self, value: Any, context: Context) -> str:
        """The value as this reader may read it."""
        rule = self.rule(context)
        if rule is FieldRule.HIDDEN:
            return ""
        is_masked = rule is FieldRule.MASKED and not self.is_empty(value)
        return self.kind.mask(value) if is_masked else self.kind.show(value, context)

    def shown_json(self, stored: Any, context: Context) -> str:
        """A value of the journal as this reader may read it."""
        if self.rule(context) in OPEN:
            return self.kind.show_json(stored, context)
        return self.shown(self.kind.from_json(stored), context)

    def rule(self, context: Context) -> FieldRule:
        """What the reader is shown of this field."""
        if self.key not in context.rules:
            context.rules[self.key] = rule_for(context.reader, self)
        return context.rules[self.key]

    def allows(self, use: Use, context: Context) -> bool:
        """Whether the reader may use the field like that."""
        return self.rule(context) in ALLOWED[use]

    def is_empty(self, value: Any) -> bool:
        return value is None or value == "" or value == []


FIELD_SETS: dict[str, "FieldSet"] = {}
"""All of them by the kind of their records."""


class FieldSet(Mapping[str, Field]):
    """The fields of one model in form order, by name.

    ``strictest`` closes the whole set to rules of roles, as Field.strictest does a single field.
    """

    def __init__(
        self,
        model: type[models.Model],
        kind: str,
        fields: Iterable[Field],
        *,
        strictest: FieldRule = FieldRule.HIDDEN,
    ) -> None:
        self.model = model
        self.kind = kind
        self._fields = {item.name: _completed(item, model, kind, strictest) for item in fields}
        FIELD_SETS[kind] = self

    def __getitem__(self, name: str) -> Field:
        return self._fields[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._fields)

    def __len__(self) -> int:
        return len(self._fields)

    def editable(self, only: str = "") -> list[Field]:
        """Fields a person fills in, for one customer kind when given."""
        return [f for f in self.values() if f.is_editable and (not f.only or not only or f.only == only)]

    @cached_property
    def filled_in(self) -> list[Field]:
        """All editable fields; every new record asks for them."""
        return self.editable()

    def sections(self, fields: Iterable[Field]) -> list[tuple[str, list[Field]]]:
        """Group fields by their section, keeping order."""
        grouped: dict[str, list[Field]] = {}
        for item in fields:
            grouped.setdefault(str(item.section), []).append(item)
        return list(grouped.items())


def field_named(key: str) -> Field:
    """The field of a key like customer.phone; for rooms that stand below the field's own."""
    kind, _dot, name = key.partition(".")
    return FIELD_SETS[kind][name]


def rule_for(user: Viewer | None, item: Field) -> FieldRule:
    """What somebody is shown of a field (None: the house itself, which sees all).

    Who may not look at customers meets their values in other places only, in the journal say: there he sees
    what is no personal data.
    """
    if user is None:
        return FieldRule.VISIBLE
    if not user.can(Permission.CUSTOMER_VIEW):
        rule = FieldRule.VISIBLE if item.sensitivity is Sensitivity.NORMAL else FieldRule.MASKED
    else:
        rule = user.field_rule(item.key)
    return rule if rule is FieldRule.VISIBLE else most_open((rule, item.strictest))


def rules_outside(user: Viewer) -> dict[str, FieldRule]:
    """What somebody is shown of the fields of customers that he does not see: personal data as outlines at
    most, whatever he is shown of those that he sees."""
    found = {}
    for item in (item for fields in FIELD_SETS.values() for item in fields.values()):
        rule = FieldRule.VISIBLE if item.sensitivity is Sensitivity.NORMAL else FieldRule.MASKED
        closer = max(rule, rule_for(user, item), key=OPENNESS.__getitem__)
        found[item.key] = most_open((closer, item.strictest))
    return found


def fields_for(user: Viewer | None, fields: FieldSet, use: Use) -> list[Field]:
    """The fields somebody may use like that, in form order."""
    return [item for item in fields.values() if rule_for(user, item) in ALLOWED[use]]


def closed_labels(items: Iterable[Field], context: Context) -> str:
    """Labels of what the reader sees but may not change, for the form they are missing in."""
    seen = (item for item in items if item.allows(Use.VIEW, context))
    return "、".join(item.label for item in seen if not item.allows(Use.EDIT, context))


def _completed(item: Field, model: type[models.Model], kind: str, strictest: FieldRule) -> Field:
    """Fill label, help and columns from the model's own field."""
    attribute = item.attribute or item.name
    columns = item.columns or tuple(attribute + suffix for suffix in item.kind.suffixes)
    column: Any = model._meta.get_field(columns[0])
    default = column.default if isinstance(column.default, str) else item.kind.empty
    is_list = column.get_internal_type() == "JSONField"
    return replace(
        item,
        label=item.label or str(column.verbose_name),
        help=item.help or str(column.help_text),
        default=default or item.kind.empty,
        key=f"{kind}.{attribute}",
        strictest=most_open((item.strictest, strictest)),
        can_be_empty=column.null or column.blank or is_list,
        columns=tuple(column.attname if i == 0 else name for i, name in enumerate(columns)),
    )
