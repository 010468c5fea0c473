"""A refused change as forms show it: which fields collided, and the form with everything merged but them.

After a conflict the form stands as if it had been made from the row as it is now: what others changed is in
it, what I typed is in it, and of each colliding field I choose mine or theirs. No decision is asked twice.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from kebu.base.fields.directories import Context
from kebu.base.fields.fieldsets import Field, FieldSet
from kebu.base.records.actions import EditConflict

KEEP = "keep-"
NOW = "now"


@dataclass(frozen=True, slots=True)
class Clash:
    """One field two people changed, in words, as the three-way block shows it."""

    name: str
    label: str
    mine: str
    now: str
    was: str
    author: str
    at: datetime
    pick: str = "mine"


def clashes(conflict: EditConflict, context: Context) -> list[Clash]:
    """The collisions in words."""
    found = []
    for one in conflict.collisions:
        mine, now, was = (one.field.shown(value, context) for value in (one.mine, one.now, one.original))
        found.append(Clash(one.field.name, one.field.label, mine, now, was, one.author, one.at))
    return found


def without_yielded(values: Mapping[str, Any], data: Mapping[str, Any]) -> dict[str, Any]:
    """The values without the fields where the person chose what stands there now."""
    return {name: value for name, value in values.items() if data.get(KEEP + name) != NOW}


def retyped(conflict: EditConflict, names: list[str], fields: FieldSet, context: Context) -> dict[str, Any]:
    """Form data for the next try, by field name: mine where I typed something, else what stands there now.

    ``names`` are all fields of the form, those given up too: a field left out would come back empty.
    """
    typed = {**conflict.wanted, **{one.field.name: one.mine for one in conflict.collisions}}
    data = {}
    for name in names:
        value = typed[name] if name in typed else fields[name].value(conflict.record)
        data[name] = _as_typed(fields[name], value, context)
    return data


def _as_typed(item: Field, value: Any, context: Context) -> Any:
    """The value as a browser would send it; several choices are a list."""
    if isinstance(value, list):
        return value
    return item.kind.edit_text(value, context) if value is not None else ""
