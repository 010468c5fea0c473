"""The JSON column in which values of the office's own fields lie, and how one of them is reached in SQL.

``custom__f12_n`` is the number under the key f12, ``custom__f12_t`` the text: both are compiled to exactly
the expression that the field's index holds, so that conditions and orders are served by it.
"""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import JSONField, Transform

from kebu.base.kit.parts import key_and_letter

FORMS = {
    ("sqlite", "t"): "JSON_EXTRACT(%s, '$.{key}')",
    ("sqlite", "n"): "CAST(JSON_EXTRACT(%s, '$.{key}') AS NUMERIC)",
    ("postgresql", "t"): "(%s ->> '{key}')",
    ("postgresql", "n"): "((%s ->> '{key}')::numeric)",
}


def expression(vendor: str, column: str, key: str, letter: str) -> str:
    """The value under ``key`` of a column in SQL; the same text in queries and in indexes."""
    if key_and_letter(f"{key}_{letter}") is None:
        raise ValueError(f"no own field: {key}_{letter}")
    return FORMS[vendor, letter].format(key=key) % column


def _output(letter: str) -> models.Field[Any, Any]:
    return models.DecimalField(max_digits=24, decimal_places=6) if letter == "n" else models.TextField()


class OwnValue(Transform):
    """One value of the column as text or as a number."""

    def __init__(self, key: str, letter: str, *expressions: Any, **extra: Any) -> None:
        super().__init__(*expressions, output_field=_output(letter), **extra)
        self.key, self.letter = key, letter

    def as_sql(  # type: ignore[override]
        self, compiler: Any, connection: Any, **_context: Any
    ) -> tuple[str, tuple[Any, ...]]:
        column, params = compiler.compile(self.lhs)
        return expression(connection.vendor, column, self.key, self.letter), tuple(params)

    def as_sqlite(self, compiler: Any, connection: Any, **_context: Any) -> tuple[str, tuple[Any, ...]]:
        """Django would cast numbers once more here, and no index would serve."""
        return self.as_sql(compiler, connection)


class _Reached:
    """Makes the transform of one key, as Django asks for it."""

    def __init__(self, key: str, letter: str) -> None:
        self.key, self.letter = key, letter

    def __call__(self, *expressions: Any, **extra: Any) -> OwnValue:
        return OwnValue(self.key, self.letter, *expressions, **extra)


class OwnValues(JSONField):
    """Values of own fields by their keys; numbers are kept as texts, to the last digit."""

    def get_transform(self, name: str) -> Any:
        found = key_and_letter(name)
        return _Reached(*found) if found else super().get_transform(name)

    def deconstruct(self) -> Any:
        """For migrations it is plain JSON."""
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.JSONField", args, kwargs

    # what paging asks

    def part_field(self, name: str) -> models.Field[Any, Any] | None:
        """The column that the values of one part would have."""
        found = key_and_letter(name)
        return _output(found[1]) if found else None
