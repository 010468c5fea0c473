"""Rows of any model as text and back, with every column as it was, to the byte."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.db import models

PLAIN = (str, int, bool, type(None))


@dataclass(slots=True)
class Parcel:
    """What lies in the bin of one record.

    ``rows``: model label → rows, the record's own first; ``links``: (label, column) → ids of rows that
    pointed at it; ``memory``: what its room remembers for the way back.
    """

    rows: list[tuple[str, list[dict[str, Any]]]] = field(default_factory=list)
    links: list[tuple[str, str, list[int]]] = field(default_factory=list)
    memory: dict[str, Any] = field(default_factory=dict)

    def text(self) -> str:
        """As the bin keeps it."""
        data = {"rows": self.rows, "links": self.links, "memory": self.memory}
        return json.dumps(data, ensure_ascii=False)

    @classmethod
    def of(cls, text: str) -> "Parcel":
        """Open it again."""
        data = json.loads(text)
        rows = [(label, found) for label, found in data["rows"]]
        links = [(label, column, ids) for label, column, ids in data["links"]]
        return cls(rows, links, data["memory"])


def packed(record: models.Model) -> dict[str, Any]:
    """Every column of a row."""
    return {item.attname: _plain(item, record) for item in record._meta.concrete_fields}


def _plain(item: Any, record: models.Model) -> Any:
    value = getattr(record, item.attname)
    if isinstance(item, models.JSONField) or isinstance(value, PLAIN):
        return value
    return item.value_to_string(record)


def unpacked(label: str, row: dict[str, Any]) -> models.Model:
    """The row again; columns that came to the model since have their defaults, those that went are left."""
    model = apps.get_model(label)
    record: models.Model = model()
    for item in model._meta.concrete_fields:
        if item.attname in row:
            value = row[item.attname]
            is_ready = value is None or isinstance(item, models.JSONField)
            setattr(record, item.attname, value if is_ready else item.to_python(value))
    return record


def put_back(records: Iterable[models.Model]) -> None:
    """Insert rows of one model under the keys they had."""
    rows = list(records)
    if rows:
        type(rows[0])._base_manager.bulk_create(rows, batch_size=200)
