"""Verbs over thousands of customers: all or none, a few statements per chunk instead of per customer."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F

from kebu.base.fields.directories import Context
from kebu.base.journal.authors import Author
from kebu.base.journal.choices import Action
from kebu.base.journal.models import JournalEntry, Line
from kebu.base.records.actions import EditConflict
from kebu.crm.customers.actions import change_customer
from kebu.crm.customers.collaborators import Grant, let_in, own_now
from kebu.crm.customers.fields import CUSTOMER_FIELDS
from kebu.crm.customers.models import INDEX, Customer, CustomerQuerySet, labels

CHUNK = 500
OWNER = CUSTOMER_FIELDS["owner"]


@transaction.atomic
def assign_many(
    among: CustomerQuerySet,
    ids: Iterable[int],
    owner_id: int,
    *,
    by: Author,
    at: datetime,
    context: Context,
    keeps_former: bool = False,
) -> int:
    """Give customers of ``among`` to another owner; returns how many were not his already.

    ``keeps_former``: who owned them before still sees them, as a collaborator.
    """
    count, former = 0, defaultdict[int, list[Customer]](list)
    for held in _held(among, ids):
        given = [customer for customer in held if customer.owner_id != owner_id]
        for customer in given if keeps_former else ():
            if customer.owner_id is not None:
                former[customer.owner_id].append(customer)
        count += _assign(given, owner_id, by, at, context)
    for user_id in sorted(former):  # all customers are held by now, see let_in
        let_in(former[user_id], Grant(user_id), by=by, at=at)
    return count


@transaction.atomic
def archive_many(among: CustomerQuerySet, ids: Iterable[int], *, by: Author, at: datetime) -> int:
    """Archive customers of ``among``; returns how many were not archived already."""
    gone = {"archived_at": at, "archived_by_id": by.user_id}
    return sum(_flag(held, Action.ARCHIVE, gone, by, at) for held in _held(among.live(), ids))


@transaction.atomic
def take_many_back(
    entries: Iterable[JournalEntry], among: CustomerQuerySet, *, by: Author, at: datetime, context: Context
) -> int:
    """Undo the archiving or assigning that the entries tell of, of customers ``among`` those given.

    What somebody changed since stays as it is. Returns how many customers are as they were before.
    """
    told = {entry.record_id: entry for entry in entries}
    return sum(_take_back(held, told, by, at, context) for held in _held(among, told))


def _held(among: CustomerQuerySet, ids: Iterable[int]) -> Iterator[list[Customer]]:
    """The customers chunk by chunk, nobody else's to change until the transaction ends."""
    waiting = sorted(ids)
    for start in range(0, len(waiting), CHUNK):
        chunk = among.filter(pk__in=waiting[start : start + CHUNK])
        yield list(chunk.order_by("pk").select_for_update(no_key=True))


def _assign(
    customers: Sequence[Customer], owner_id: int | None, by: Author, at: datetime, context: Context
) -> int:
    """Those of whose owner something was noted besides go the long way, which settles the note."""
    noted = [c for c in customers if "owner" in c.verified or "owner" in c.unknown_fields]
    for customer in noted:
        change_customer(
            customer, {"owner": owner_id}, version=customer.version, by=by, at=at, context=context
        )
    plain = [c for c in customers if c not in noted] if noted else customers
    ids = [customer.pk for customer in plain]
    Customer.objects.filter(pk__in=ids).update(
        owner_id=owner_id, assigned_at=at, updated_at=at, version=F("version") + 1
    )
    own_now(plain, owner_id, by=by, at=at)
    _relabel(plain, owner_id)
    after = OWNER.kind.to_json(owner_id, context)
    lines = [
        _line(c, Action.ASSIGN, {"owner": [OWNER.kind.to_json(c.owner_id, context), after]}) for c in plain
    ]
    JournalEntry.objects.record(lines, by=by, at=at)
    return len(customers)


def _relabel(customers: Sequence[Customer], owner_id: int | None) -> None:
    """Let searches know the owner; collaborators stay."""
    alike: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for customer in customers:
        alike[labels(owner_id, customer.collaborator_ids)].append(customer.pk)
    for same, ids in alike.items():
        INDEX.relabel(ids, same)


def _flag(
    customers: Sequence[Customer], action: Action, values: dict[str, Any], by: Author, at: datetime
) -> int:
    rows = Customer.objects.filter(pk__in=[customer.pk for customer in customers])
    rows.update(**values, updated_at=at, version=F("version") + 1)
    JournalEntry.objects.record([_line(customer, action, {}) for customer in customers], by=by, at=at)
    return len(customers)


def _line(customer: Customer, action: Action, changes: dict[str, list[Any]]) -> Line:
    return Line("customer", customer.pk, customer.name, action, customer.version + 1, customer.pk, changes)


def _take_back(
    customers: Sequence[Customer],
    told: dict[int, JournalEntry],
    by: Author,
    at: datetime,
    context: Context,
) -> int:
    archived = [
        c for c in customers if told[c.pk].action == Action.ARCHIVE and c.archived_at == told[c.pk].at
    ]
    back = {"archived_at": None, "archived_by_id": None}
    count = _flag(archived, Action.RESTORE, back, by, at)
    untouched: dict[int | None, list[Customer]] = defaultdict(list)
    for customer in customers:
        entry = told[customer.pk]
        if entry.action != Action.ASSIGN:
            continue
        before = OWNER.kind.from_json(entry.changes["owner"][0])
        if customer.version == entry.version:
            untouched[before].append(customer)
        else:
            count += _reassigned(customer, before, entry.version, by, at, context)
    return count + sum(_assign(group, before, by, at, context) for before, group in untouched.items())


def _reassigned(
    customer: Customer, owner_id: int | None, version: int, by: Author, at: datetime, context: Context
) -> bool:
    """Give back a customer that was changed since; False when the owner is another's choice by now."""
    values = {"owner": owner_id}
    try:
        return bool(change_customer(customer, values, version=version, by=by, at=at, context=context))
    except EditConflict:
        return False
