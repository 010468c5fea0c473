"""Changing fields of thousands of customers: a few statements per chunk, every customer in the journal."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from kebu.base.bulk.rows import write_many
from kebu.base.fields.directories import Context
from kebu.base.journal.authors import Author
from kebu.base.journal.choices import Action
from kebu.base.journal.models import JournalEntry, Line
from kebu.base.records.actions import Changes
from kebu.crm.customers import picks
from kebu.crm.customers.actions import INDEXED, consequences
from kebu.crm.customers.collaborators import own_now
from kebu.crm.customers.fields import CUSTOMER_FIELDS
from kebu.crm.customers.followers import tell
from kebu.crm.customers.models import INDEX, Customer, CustomerQuerySet, labels

# Columns that follow from a change of fields, kept with it so that it can be taken back to the last of them.
FOLLOWING = ("assigned_at", "verified", "unknown_fields", "completeness", "region")
FLAGS = ("archived_at", "archived_by_id")
COLUMNS = "columns"  # their place in the journal, beside the fields
CHUNK = 500


@dataclass(slots=True)
class Wish:
    """What a customer is to become: fields by name, and columns besides (with what follows undone)."""

    customer: Customer
    values: Mapping[str, Any] = field(default_factory=dict)
    columns: Mapping[str, Any] = field(default_factory=dict)
    action: Action = Action.CHANGE


@dataclass(slots=True)
class Written:
    """One customer as it is to be written: its columns, and what the journal tells."""

    customer: Customer
    columns: dict[str, Any]
    line: Line


def held(among: CustomerQuerySet, ids: Iterable[int]) -> Iterator[list[Customer]]:
    """The customers chunk by chunk, nobody else's to change until the transaction ends."""
    waiting = sorted(ids)
    for start in range(0, len(waiting), CHUNK):
        chunk = among.filter(pk__in=waiting[start : start + CHUNK])
        yield list(chunk.order_by("pk").select_for_update(no_key=True, of=("self",)))


def change_many(wishes: Iterable[Wish], *, by: Author, at: datetime, context: Context) -> int:
    """Make customers, held by the caller's transaction, what is wished; counts those that differed."""
    found = [_written(wish, at, context) for wish in wishes]
    rows = [row for row in found if row is not None]
    _write(rows, at)
    _let_owners_own([row for row in rows if "owner_id" in row.columns], by, at)
    picks.sync([row.customer for row in rows], {name for row in rows for name in row.line.changes})
    told = INDEXED - {"owner"}
    INDEX.put([row.customer.document() for row in rows if told & row.line.changes.keys()])
    _relabel([row.customer for row in rows if INDEXED & row.line.changes.keys() == {"owner"}])
    JournalEntry.objects.record([row.line for row in rows], by=by, at=at)
    names = {name for row in rows for name in row.line.changes}
    former = {row.customer.pk: {name: pair[0] for name, pair in row.line.changes.items()} for row in rows}
    tell([row.customer.pk for row in rows], names, at=at, before=former)
    return len(rows)


def _relabel(customers: Iterable[Customer]) -> None:
    """Let searches know the owner where nothing else of it changed."""
    alike: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for customer in customers:
        alike[labels(customer.owner_id, customer.collaborator_ids)].append(customer.pk)
    for same, ids in alike.items():
        INDEX.relabel(ids, same)


def _let_owners_own(rows: Sequence[Written], by: Author, at: datetime) -> None:
    """An owner needs no share in his own customers."""
    owners: dict[int | None, list[Customer]] = defaultdict(list)
    for row in rows:
        owners[row.customer.owner_id].append(row.customer)
    for owner_id, customers in owners.items():
        own_now(customers, owner_id, by=by, at=at)


def _written(wish: Wish, at: datetime, context: Context) -> Written | None:
    customer = wish.customer
    before = {name: CUSTOMER_FIELDS[name].value(customer) for name in wish.values}
    changes = {name: (before[name], value) for name, value in wish.values.items() if before[name] != value}
    kept = {name: getattr(customer, name) for name in (*FOLLOWING, *FLAGS)}
    if not changes and all(kept[name] == value for name, value in wish.columns.items()):
        return None
    for name, (_before, value) in changes.items():
        CUSTOMER_FIELDS[name].assign(customer, value)
    columns = {
        column: getattr(customer, column) for name in changes for column in CUSTOMER_FIELDS[name].columns
    }
    if changes:
        columns |= consequences(customer, Changes(changes), at)
    columns |= wish.columns
    for name, value in columns.items():
        setattr(customer, name, value)
    customer.version += 1
    told = _told(changes, context) | _followed(kept, columns, changes)
    line = Line("customer", customer.pk, customer.name, wish.action, customer.version, customer.pk, told)
    return Written(customer, columns, line)


def _told(changes: Mapping[str, tuple[Any, Any]], context: Context) -> dict[str, list[Any]]:
    return {
        name: [CUSTOMER_FIELDS[name].kind.to_json(value, context) for value in pair]
        for name, pair in changes.items()
    }


def _followed(
    kept: Mapping[str, Any], columns: Mapping[str, Any], changes: Mapping[str, Any]
) -> dict[str, list[Any]]:
    """The columns that changed along, before and after."""
    names = [name for name in kept if name in columns and name not in changes and columns[name] != kept[name]]
    if not names:
        return {}
    return {COLUMNS: [{name: plain(side[name]) for name in names} for side in (kept, columns)]}


def plain(value: Any) -> Any:
    """A column as the journal keeps it."""
    return value.isoformat() if isinstance(value, datetime) else value


def from_plain(name: str, value: Any) -> Any:
    """The column as the row keeps it."""
    return datetime.fromisoformat(value) if value and name.endswith("_at") else value


def _write(rows: Sequence[Written], at: datetime) -> None:
    """All customers of which the same columns change, at once."""
    groups: dict[tuple[str, ...], list[Written]] = defaultdict(list)
    for row in rows:
        groups[tuple(sorted(row.columns))].append(row)
    for names, group in groups.items():
        for row in group:
            row.customer.updated_at = at
        told = [
            (row.customer.pk, *(row.columns[name] for name in names), at, row.customer.version)
            for row in group
        ]
        if write_many(Customer, (*names, "updated_at", "version"), told) != len(group):
            raise LookupError("a customer changed although it was held")
