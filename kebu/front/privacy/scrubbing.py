"""Taking what a person is recognised by out of texts, wherever they stand."""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from django.db import models
from django.db.models import F

GONE = "〔已删除〕"
Words = tuple[str, ...]
INSIDE = "[0-9A-Za-z]"


@lru_cache(maxsize=32)
def _pattern(words: Words) -> re.Pattern[str]:
    """Finds the words, longest first. Latin letters and digits only where they stand alone: an Al is no part
    of a path or a digest."""
    return re.compile("|".join(map(_alone, sorted(words, key=len, reverse=True))) or "(?!)")


def _alone(word: str) -> str:
    before = f"(?<!{INSIDE})" if re.match(INSIDE, word[0]) else ""
    after = f"(?!{INSIDE})" if re.match(INSIDE, word[-1]) else ""
    return before + re.escape(word) + after


def scrubbed(value: Any, words: Words) -> Any:
    """The text without the words; lists and mappings (JSON) with theirs. Other values stay."""
    if isinstance(value, str):
        return _pattern(words).sub(GONE, value)
    if isinstance(value, list):
        return [scrubbed(item, words) for item in value]
    if isinstance(value, dict):
        return {key: scrubbed(item, words) for key, item in value.items()}
    return value


def names_him(value: Any, words: Words) -> bool:
    """Say whether one of the words stands in the value."""
    return bool(scrubbed(value, words) != value)


def scrub_rows(
    rows: "models.QuerySet[Any]", names: Iterable[str], words: Words, *, versioned: bool = True
) -> int:
    """Scrub these columns of all rows; count the rows that changed.

    A column that holds nothing but one of the words becomes empty.
    """
    columns, changed = list(names), 0
    for row in rows.values("pk", *columns).iterator(500):
        pk = row.pop("pk")
        new = {name: scrubbed(value, words) for name, value in row.items() if names_him(value, words)}
        new = {name: "" if value == GONE else value for name, value in new.items()}
        if new:
            more = {"version": F("version") + 1} if versioned else {}
            rows.model._base_manager.filter(pk=pk).update(**new, **more)
            changed += 1
    return changed


def text_columns(model: type[models.Model], *, but: Iterable[str] = ()) -> list[str]:
    """The columns of a model in which people write freely; keys are none."""
    left_out = set(but)
    return [
        column.attname
        for column in model._meta.concrete_fields
        if isinstance(column, models.CharField | models.TextField)
        and not column.choices
        and not column.unique
        and column.attname not in left_out
    ]
