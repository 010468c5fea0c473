"""Field and FieldSet: the list of a room's fields, greppable, and what every door reads from it."""

from collections.abc import ItemsView, Iterable, Iterator, Mapping, ValuesView
from dataclasses import dataclass, field, replace
from typing import Any

from django.db import models
from django.utils.functional import Promise

from kebu.base.access.choices import OPENNESS, FieldRule, Permission, most_open
from kebu.base.access.queries import Viewer
from kebu.base.fields.choices import Level, Sensitivity, Use
from kebu.base.fields.directories import Context
from kebu.base.fields.kinds import Kind
from kebu.base.fields.own import NONE, OWN, Snapshot

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
    Use.EXPORT: OPEN | {FieldRule.MASKED},
}


TOP = "^"  # what a field follows that is the first of its section


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

    The office's own fields have a ``slot``, their key in the JSON column; ``after`` names the field they
    follow in the form, ``shown_with`` a field of choices and those of its values they are asked with,
    ``source`` is the key of the field they are counted from: they are shown no more openly than that.
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
    slot: str = ""
    after: str = ""
    shown_with: tuple[str, tuple[str, ...]] | None = None
    source: str = ""

    @property
    def is_own(self) -> bool:
        """Whether the office made it, and its values lie in a JSON column."""
        return bool(self.slot)

    @property
    def path(self) -> str:
        """The lookup that filters go by; of several columns what their names have in common."""
        if self.slot:
            return f"{self.columns[0]}__{self.slot}_{self.kind.letter}"
        return self.columns[0].removesuffix(self.kind.suffixes[0]) if self.columns[1:] else self.columns[0]

    def value(self, record: models.Model) -> Any:
        """The record's value of this field."""
        if self.slot:
            return self.kind.kept(getattr(record, self.columns[0]).get(self.slot))
        if len(self.columns) == 1:
            return getattr(record, self.columns[0])
        return self.kind.join(tuple(getattr(record, column) for column in self.columns))

    def assign(self, record: models.Model, value: Any) -> None:
        if self.slot:
            others = {k: v for k, v in getattr(record, self.columns[0]).items() if k != self.slot}
            kept = {} if self.is_empty(value) else {self.slot: self.kind.keep(value)}
            setattr(record, self.columns[0], others | kept)
            return
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
        return value is None or value is False or value == "" or value == []


Asked = tuple[Field, str, str]  # with its column, where it has one alone, and its slot there

FIELD_SETS: dict[str, "FieldSet"] = {}
"""All of them by the kind of their records."""


class FieldSet(Mapping[str, Field]):
    """The fields of one model in form order, by name: the born ones, and the office's own as they are now.

    Nothing made from it may be kept for longer than a request: own fields come and go.

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
        self.born = {item.name: _completed(item, model, kind, strictest) for item in fields}
        self._merged: tuple[Snapshot, dict[str, Field]] = NONE, self.born
        self._asked: tuple[dict[str, Field], list[Asked]] = {}, []
        FIELD_SETS[kind] = self

    @property
    def _fields(self) -> dict[str, Field]:
        snapshot = OWN.current()
        if self._merged[0] is not snapshot:
            self._merged = snapshot, _placed(self.born, snapshot.fields.get(self.kind, ()))
        return self._merged[1]

    def __getitem__(self, name: str) -> Field:
        return self._fields[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._fields)

    def __len__(self) -> int:
        return len(self._fields)

    def now(self) -> Mapping[str, Field]:
        """The fields as they are now, for who asks for them thousands of times in a row."""
        return self._fields

    # what Mapping would do field by field, thousands of times an import

    def __contains__(self, name: object) -> bool:
        return name in self._fields

    def items(self) -> ItemsView[str, Field]:
        return self._fields.items()

    def values(self) -> ValuesView[Field]:
        return self._fields.values()

    def ever(self, name: str) -> Field | None:
        """The field of that name, one that is out of use too: the journal still speaks of it."""
        return self.get(name) or next((item for item in self.former() if item.name == name), None)

    def former(self) -> tuple[Field, ...]:
        """The office's own fields that are out of use: values may still lie with the records."""
        return OWN.current().former.get(self.kind, ())

    def own(self) -> list[Field]:
        """The office's own fields."""
        return [item for item in self.values() if item.is_own]

    def editable(self, only: str = "") -> list[Field]:
        """Fields a person fills in, for one customer kind when given."""
        return [f for f in self.values() if f.is_editable and (not f.only or not only or f.only == only)]

    @property
    def filled_in(self) -> list[Field]:
        """All editable fields; every new record asks for them."""
        return self.editable()

    def filled(self, record: models.Model) -> Iterator[tuple[Field, Any]]:
        """What the record holds of the fields that people fill in, with the values, in form order."""
        if self._asked[0] is not self._fields:
            self._asked = self._fields, [_asked(item) for item in self.filled_in]
        for item, column, slot in self._asked[1]:
            if column:
                kept = getattr(record, column)
                if slot not in kept if slot else kept is None or kept == "" or kept == []:
                    continue  # most are empty, and told so by one look
            value = item.value(record)
            if not item.is_empty(value):
                yield item, value

    def sections(self, fields: Iterable[Field]) -> list[tuple[str, list[Field]]]:
        """Group fields by their section, keeping order."""
        grouped: dict[str, list[Field]] = {}
        for item in fields:
            grouped.setdefault(str(item.section), []).append(item)
        return list(grouped.items())


def _asked(item: Field) -> Asked:
    return item, item.columns[0] if len(item.columns) == 1 else "", item.slot


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
    rule = rule if rule is FieldRule.VISIBLE else most_open((rule, item.strictest))
    source = _source_of(item)
    return _closer(rule, rule_for(user, source)) if source else rule


def _source_of(item: Field) -> Field | None:
    kind, _dot, name = item.source.partition(".")
    return FIELD_SETS[kind].ever(name) if name else None


def _closer(one: FieldRule, other: FieldRule) -> FieldRule:
    return max(one, other, key=OPENNESS.__getitem__)


def rules_outside(user: Viewer) -> dict[str, FieldRule]:
    """What somebody is shown of the fields of customers that he does not see: personal data as outlines at
    most, whatever he is shown of those that he sees."""
    found = {}
    for item in (item for fields in FIELD_SETS.values() for item in fields.values()):
        is_normal = (_source_of(item) or item).sensitivity is item.sensitivity is Sensitivity.NORMAL
        rule = FieldRule.VISIBLE if is_normal else FieldRule.MASKED
        found[item.key] = most_open((_closer(rule, rule_for(user, item)), item.strictest))
    return found


def closed_labels(items: Iterable[Field], context: Context) -> str:
    """Labels of what the reader sees but may not change, for the form they are missing in."""
    seen = (item for item in items if item.allows(Use.VIEW, context))
    return "、".join(item.label for item in seen if not item.allows(Use.EDIT, context))


def _placed(born: Mapping[str, Field], own: Iterable[Field]) -> dict[str, Field]:
    """Own fields after the born ones they follow; the others at the end of their section."""
    order = list(born.values())
    anchors = {item.name: item.name for item in order}
    for item in own:
        section, names = str(item.section), [one.name for one in order]
        mine = [n for n, one in enumerate(order) if str(one.section) == section]
        before = anchors.get(section + TOP if item.after == TOP else item.after, "")
        if before:
            place = names.index(before) + 1
        elif mine:
            place = mine[0] if item.after == TOP else mine[-1] + 1
        else:
            place = len(order)
        order.insert(place, item)
        if item.after:
            anchors[section + TOP if item.after == TOP else item.after] = item.name
    return {item.name: item for item in order}


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
