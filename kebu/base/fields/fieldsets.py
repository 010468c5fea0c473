"""Field and FieldSet: the list of a room's fields, greppable, and what every door reads from it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from django.db import models
from django.utils.functional import Promise

from kebu.base.fields.choices import Level, Sensitivity
from kebu.base.fields.directories import Context
from kebu.base.fields.kinds import Kind


def words(text: str) -> tuple[str, ...]:
    """Spellings divided by spaces, for long lists of synonyms."""
    return tuple(text.split())


@dataclass(frozen=True)
class Field:
    """One field of a record. Label and help come from the model's column unless given here.

    ``default`` is what an empty input means (the model's default, else the kind's empty);
    ``synonyms`` are the headers an import recognises besides the label; ``only`` names the customer kind
    the field belongs to; ``sort`` is the column a list sorts by (None: not sortable).
    """

    name: str
    kind: Kind
    label: str = ""
    help: str = ""
    section: str | Promise = ""
    level: Level = Level.OPTIONAL
    sensitivity: Sensitivity = Sensitivity.NORMAL
    synonyms: tuple[str, ...] = ()
    example: str = ""
    only: str = ""
    sort: str | None = None
    is_editable: bool = True
    is_filter: bool = False
    attribute: str = ""
    default: Any = None
    columns: tuple[str, ...] = field(default=())

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
        """The record's value as people read it."""
        return self.kind.show(self.value(record), context)

    def is_empty(self, value: Any) -> bool:
        return value is None or value == "" or value == []


class FieldSet(Mapping[str, Field]):
    """The fields of one model in form order, by name."""

    def __init__(self, model: type[models.Model], kind: str, fields: Iterable[Field]) -> None:
        self.model = model
        self.kind = kind
        self._fields = {item.name: _completed(item, model) for item in fields}

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


def _completed(item: Field, model: type[models.Model]) -> Field:
    """Fill label, help and columns from the model's own field."""
    attribute = item.attribute or item.name
    columns = item.columns or tuple(attribute + suffix for suffix in item.kind.suffixes)
    column: Any = model._meta.get_field(columns[0])
    default = column.default if isinstance(column.default, str) else item.kind.empty
    return replace(
        item,
        label=item.label or str(column.verbose_name),
        help=item.help or str(column.help_text),
        default=default or item.kind.empty,
        columns=tuple(column.attname if i == 0 else name for i, name in enumerate(columns)),
    )
