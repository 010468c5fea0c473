"""Changing fields of a record: merge what differs, refuse what collides, journal what changed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from django.db import transaction

from kebu.base.fields.directories import Context
from kebu.base.fields.fieldsets import Field, FieldSet
from kebu.base.journal.authors import Author
from kebu.base.journal.choices import Action
from kebu.base.journal.models import JournalEntry, Line
from kebu.base.records.models import Record

R = TypeVar("R", bound=Record)
TRIES = 20


@dataclass(frozen=True, slots=True)
class Collision:
    """One field that two people changed: what I typed, what stands there now, what stood there when I
    began."""

    field: Field
    mine: Any
    now: Any
    original: Any
    author: str
    at: datetime


class EditConflict(Exception):
    """Somebody else changed the same fields meanwhile; nothing was written.

    ``record`` stands as it is now, ``wanted`` holds my other changes, which collide with nobody's.
    """

    def __init__(self, record: Record, collisions: list[Collision], wanted: dict[str, Any]) -> None:
        super().__init__("、".join(c.field.label for c in collisions))
        self.record = record
        self.collisions = collisions
        self.wanted = wanted


@dataclass(frozen=True, slots=True)
class Changes:
    """What a change wrote: field name → (before, after). Empty when nothing differed."""

    fields: dict[str, tuple[Any, Any]]

    def __bool__(self) -> bool:
        return bool(self.fields)


def change_fields(
    record: R,
    values: Mapping[str, Any],
    *,
    fields: FieldSet,
    version: int,
    by: Author,
    at: datetime,
    context: Context,
    customer_id: int | None,
    extra: Any = None,
    action: Action = Action.CHANGE,
) -> Changes:
    """Write ``values`` (by field name) into the row, as seen at ``version``.

    Fields that others changed since ``version`` are kept when they are not among mine; when both changed the
    same one to different values EditConflict is raised and nothing is written. Entries of the same batch as
    ``by`` count as mine. ``extra(record, changes)`` returns further columns to write along (facts that follow
    from the fields). ``record`` is refreshed in place. Raises Gone when it went into the bin meanwhile.
    """
    for _ in range(TRIES):
        with transaction.atomic():
            record.see_again()
            wanted = _merge(record, values, fields, version, by.batch, context)
            if not wanted:
                return Changes({})
            before = {name: fields[name].value(record) for name in wanted}
            for name, value in wanted.items():
                fields[name].assign(record, value)
            changes = Changes({name: (before[name], value) for name, value in wanted.items()})
            columns = {c: getattr(record, c) for name in wanted for c in fields[name].columns}
            columns |= extra(record, changes) if extra else {}
            if type(record).swap(record, {**columns, "updated_at": at}):
                _write_down(record, changes, fields, by, at, context, customer_id, action)
                return changes
    raise TimeoutError("record is changed without pause")


def _merge(
    record: Record,
    values: Mapping[str, Any],
    fields: FieldSet,
    version: int,
    batch: str,
    context: Context,
) -> dict[str, Any]:
    """Keep of ``values`` what I changed myself; raise EditConflict where someone else did too, and the two
    changes do not go together."""
    foreign = _changed_since(record, fields, version, batch) if record.version != version else {}
    wanted: dict[str, Any] = {}
    collisions: list[Collision] = []
    for name, mine in values.items():
        now = fields[name].value(record)
        if mine == now:
            continue
        if name not in foreign:
            wanted[name] = mine
            continue
        original, entry = foreign[name]
        if mine == original:
            continue
        both = fields[name].kind.merged(original, mine, now, context)
        if both is not None:
            wanted |= {name: both} if both != now else {}
        else:
            collisions.append(Collision(fields[name], mine, now, original, entry.author_name, entry.at))
    if collisions:
        raise EditConflict(record, collisions, wanted)
    return wanted


def _changed_since(
    record: Record, fields: FieldSet, version: int, batch: str
) -> dict[str, tuple[Any, JournalEntry]]:
    """Field name → (value at ``version``, last entry that changed it), from the journal.

    What the same batch wrote before is no change by others.
    """
    entries = JournalEntry.objects.of_record(fields.kind, record.pk).filter(version__gt=version)
    entries = entries.exclude(batch=batch) if batch else entries
    found: dict[str, tuple[Any, JournalEntry]] = {}
    for entry in entries:
        for name, (before, _after) in entry.changes.items():
            if name in fields:
                original = found[name][0] if name in found else fields[name].kind.from_json(before)
                found[name] = (original, entry)
    return found


def _write_down(
    record: Record,
    changes: Changes,
    fields: FieldSet,
    by: Author,
    at: datetime,
    context: Context,
    customer_id: int | None,
    action: Action,
) -> None:
    pairs = {
        name: [fields[name].kind.to_json(before, context), fields[name].kind.to_json(after, context)]
        for name, (before, after) in changes.fields.items()
    }
    line = Line(fields.kind, record.pk, str(record), action, record.version, customer_id, pairs)
    JournalEntry.objects.record([line], by=by, at=at)


def creation_line(record: Record, fields: FieldSet, context: Context, customer_id: int) -> Line:
    """The journal line of a new record: every filled field from nothing to its value."""
    filled = {item.name: [None, item.kind.to_json(value, context)] for item, value in fields.filled(record)}
    return Line(fields.kind, record.pk, str(record), Action.CREATE, record.version, customer_id, filled)
