"""The text of a page cursor: direction, place in the list, row id and the sort column's value."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Self

from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db.models import Field, Model, QuerySet

from kebu.base.kit.parts import part_value

MAX_TEXT = 600
MAX_ID = 2**63 - 1


class InvalidCursor(ValueError):
    """The text is not a cursor of this list."""


def column_field(queryset: QuerySet[Any], column: str) -> Field[Any, Any]:
    """Return the model field behind a sort column, a path over relations or an annotation."""
    if column in queryset.query.annotations:
        field: Field[Any, Any] = queryset.query.annotations[column].output_field
        return field
    model: type[Model] = queryset.model
    *path, last = column.split("__")
    for name in path:
        step: Any = model._meta.get_field(name)
        if hasattr(step, "part_field"):
            return _part(step, last, column)
        model = step.related_model
    if last == "pk":
        return model._meta.pk
    found = model._meta.get_field(last)
    if not isinstance(found, Field):
        raise FieldDoesNotExist(column)
    return found


def _part(field: Any, name: str, column: str) -> Field[Any, Any]:
    """The field behind one value of a JSON column."""
    found: Field[Any, Any] | None = field.part_field(name)
    if found is None:
        raise FieldDoesNotExist(column)
    return found


def _value(row: Model, column: str) -> Any:
    """The row's value of a sort column."""
    first, *rest = column.split("__")
    value: Any = getattr(row, first, None)
    if rest and isinstance(value, dict):
        return part_value(value, rest[0])
    for name in rest:
        value = getattr(value, name, None)
    return value


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place between two rows: ``index`` is the place of the first row after it, counting from 1."""

    is_backward: bool
    index: int
    id: int
    value: Any

    @classmethod
    def at(cls, row: Model, column: str, index: int, *, is_backward: bool) -> Self:
        """Return the cursor beside ``row``."""
        return cls(is_backward, index, row.pk, _value(row, column))

    @classmethod
    def read(cls, text: str, field: Field[Any, Any]) -> Self:
        """Read the cursor's text; anything but a cursor of this column raises InvalidCursor."""
        if len(text) > MAX_TEXT:
            raise InvalidCursor
        try:
            raw = json.loads(urlsafe_b64decode(text + "=" * (-len(text) % 4)))
            backward, index, row_id, value = raw
        except (ValueError, TypeError, RecursionError) as error:
            raise InvalidCursor from error
        if not _is_place(index) or not _is_place(row_id) or not isinstance(value, str | None):
            raise InvalidCursor
        return cls(backward == 1, index, row_id, None if value is None else _parse(value, field))

    def text(self) -> str:
        """Return the cursor as it stands in the address."""
        raw = [int(self.is_backward), self.index, self.id, _write(self.value)]
        packed = json.dumps(raw, ensure_ascii=False, separators=(",", ":")).encode()
        return urlsafe_b64encode(packed).decode().rstrip("=")


def _is_place(value: object) -> bool:
    """Tell whether the value can be a row id or a place in a list."""
    return type(value) is int and 0 < value <= MAX_ID


def _write(value: Any) -> str | None:
    """Return a value as text that its field reads back exactly."""
    if value is None:
        return None
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def _parse(text: str, field: Field[Any, Any]) -> Any:
    """Read the value of a column; what no row can hold raises InvalidCursor."""
    try:
        text.encode()
        value = field.to_python(text)
        if isinstance(value, datetime):
            value = value.astimezone(UTC)
    except (ValidationError, ValueError, OverflowError) as error:
        raise InvalidCursor from error
    if "\x00" in text or (isinstance(value, Decimal | float) and not Decimal(value).is_finite()):
        raise InvalidCursor
    if isinstance(value, int) and abs(value) > MAX_ID:
        raise InvalidCursor
    return value
