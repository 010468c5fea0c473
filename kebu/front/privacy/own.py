"""Values of the office's own fields, where a person is erased."""

from collections.abc import Iterator
from typing import Any

from django.db import models
from django.db.models import F

from kebu.base.fields.fieldsets import Field, FieldSet
from kebu.base.fields.formats import Email, Link, Phone
from kebu.base.fields.kinds import LongText, Text
from kebu.base.records.models import Record
from kebu.front.privacy.scrubbing import Words, scrubbed

FREE = (Text, LongText, Phone, Email, Link)
COLUMN = "custom"


def _ever(fields: FieldSet) -> Iterator[Field]:
    yield from fields.own()
    yield from fields.former()


def impersonal(record: Any, fields: FieldSet) -> dict[str, Any]:
    """What may stay of a person's own fields: figures, days and choices that have no purpose about people."""
    kept = {item.slot for item in _ever(fields) if not item.purpose and not isinstance(item.kind, FREE)}
    return {key: value for key, value in getattr(record, COLUMN).items() if key in kept}


def scrub_own(rows: "models.QuerySet[Any]", fields: FieldSet, words: Words) -> int:
    """Take the words out of what people wrote in own fields of these rows; count the rows that changed."""
    free, changed = {item.slot for item in _ever(fields) if isinstance(item.kind, FREE)}, 0
    if not free:
        return 0
    more = {"version": F("version") + 1} if issubclass(rows.model, Record) else {}
    for pk, values in rows.exclude(**{COLUMN: {}}).values_list("pk", COLUMN).iterator(500):
        new = {key: scrubbed(value, words) if key in free else value for key, value in values.items()}
        if new != values:
            rows.model._base_manager.filter(pk=pk).update(**{COLUMN: new}, **more)
            changed += 1
    return changed
