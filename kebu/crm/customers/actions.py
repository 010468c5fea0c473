"""Verbs over customers: enrol many at once, change, assign, confirm."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction

from kebu.base.bulk.fresh import fresh
from kebu.base.bulk.rows import insert_many
from kebu.base.fields.directories import Context
from kebu.base.journal.authors import Author
from kebu.base.journal.choices import Action
from kebu.base.journal.models import JournalEntry, Line
from kebu.base.kit import regions
from kebu.base.kit.dates import local_day
from kebu.base.records.actions import Changes, change_fields, creation_line
from kebu.crm.customers import picks
from kebu.crm.customers.collaborators import own_now
from kebu.crm.customers.fields import CUSTOMER_FIELDS
from kebu.crm.customers.followers import CREATED, tell
from kebu.crm.customers.models import INDEX, Customer, NumberSeries
from kebu.crm.customers.queries import completeness


@dataclass(slots=True)
class Draft:
    """A customer to be made: values by field name (already read), and what is known of its contacts."""

    values: Mapping[str, Any]
    contact_names: list[str] = field(default_factory=list)
    contact_phones: list[str] = field(default_factory=list)
    key_contact: str = ""


@transaction.atomic
def enrol(drafts: Sequence[Draft], *, by: Author, at: datetime, context: Context) -> list[Customer]:
    """Make customers with numbers, search index and journal in one transaction; the only way customers arise.

    An owner left open is the author. Returns them in the order of ``drafts``.
    """
    numbers = NumberSeries.take(local_day(at), len(drafts))
    customers = [_built(draft, number, by, at) for draft, number in zip(drafts, numbers, strict=True)]
    insert_many(customers)
    picks.sync(customers, are_new=True)
    INDEX.put([customer.document() for customer in customers])
    lines = [creation_line(customer, CUSTOMER_FIELDS, context, customer.pk) for customer in customers]
    JournalEntry.objects.record(lines, by=by, at=at)
    tell([customer.pk for customer in customers], [CREATED], at=at)
    return customers


def _built(draft: Draft, number: str, by: Author, at: datetime) -> Customer:
    customer = fresh(Customer, number=number, created_at=at, updated_at=at, created_by_id=by.user_id)
    known = CUSTOMER_FIELDS.now()
    for name, value in draft.values.items():
        item = known[name]
        if not item.is_empty(value):  # what is left open keeps the model's default
            item.assign(customer, value)
    if customer.owner_id is None and "owner" not in draft.values:
        customer.owner_id = by.user_id
    if customer.owner_id:
        customer.assigned_at = at
    customer.contact_names, customer.contact_phones = draft.contact_names, draft.contact_phones
    customer.key_contact = draft.key_contact[:120]
    customer.derive_name()
    derive_region(customer)
    customer.completeness = completeness(customer)
    return customer


def derive_region(customer: Customer) -> None:
    """Read province and city from a free address when the region was left open (X10)."""
    if customer.address and not customer.region:
        customer.region = regions.parse_region(customer.address).code or ""


def change_customer(
    customer: Customer, values: Mapping[str, Any], *, version: int, by: Author, at: datetime, context: Context
) -> Changes:
    """Change fields of a customer as it was seen at ``version``; see records.change_fields for merge and
    conflict."""
    with transaction.atomic():
        changes = change_fields(
            customer,
            values,
            fields=CUSTOMER_FIELDS,
            version=version,
            by=by,
            at=at,
            context=context,
            customer_id=customer.pk,
            extra=lambda record, made: consequences(record, made, at),
            action=Action.ASSIGN if set(values) == {"owner"} else Action.CHANGE,
        )
        picks.sync([customer], changes.fields)
        if INDEXED & changes.fields.keys():
            customer.refresh_from_db(fields=UNGUARDED)
            if "owner" in changes.fields:
                own_now([customer], customer.owner_id, by=by, at=at)
            INDEX.put([customer.document()])
        former = {name: pair[0] for name, pair in changes.fields.items()}
        tell([customer.pk], changes.fields, at=at, before={customer.pk: former})
    return changes


UNGUARDED = ["contact_names", "contact_phones", "collaborator_ids"]  # by the version
INDEXED = {"name", "kind", "phone", "credit_code", "owner"}


def consequences(customer: Customer, changes: Changes, at: datetime) -> dict[str, Any]:
    """Columns that follow from changed fields."""
    columns: dict[str, Any] = {}
    if {"name", "kind"} & changes.fields.keys():
        customer.derive_name()
        columns |= {"name_key": customer.name_key, "name_pinyin": customer.name_pinyin}
    if "address" in changes.fields and "region" not in changes.fields:
        derive_region(customer)
        columns["region"] = customer.region
    if "owner" in changes.fields:
        columns["assigned_at"] = at
    customer.completeness = completeness(customer)
    filled = {
        name for name, (_b, after) in changes.fields.items() if not CUSTOMER_FIELDS[name].is_empty(after)
    }
    return columns | {
        "completeness": customer.completeness,
        "unknown_fields": [name for name in customer.unknown_fields if name not in filled],
        "verified": {name: seal for name, seal in customer.verified.items() if name not in changes.fields},
    }


UNKNOWN, VERIFIED = "待沟通确认", "已核实"


def mark_unknown(customer: Customer, name: str, *, is_unknown: bool, by: Author, at: datetime) -> None:
    """Mark an empty field as 待沟通确认 (S2-19), or take the mark back."""
    marked = [item for item in customer.unknown_fields if item != name] + ([name] if is_unknown else [])
    pair = [None, UNKNOWN] if is_unknown else [UNKNOWN, None]
    _swap_state(customer, {"unknown_fields": marked}, name, pair, Action.CHANGE, by, at)


def verify(customer: Customer, name: str, *, is_verified: bool, by: Author, at: datetime) -> None:
    """Note that key data were confirmed a second time, by phone say (S2-18); changing the value undoes it."""
    seals = {key: seal for key, seal in customer.verified.items() if key != name}
    if is_verified:
        seals[name] = {"at": at.isoformat(), "by": by.name}
    pair = [None, VERIFIED] if is_verified else [VERIFIED, None]
    _swap_state(customer, {"verified": seals}, name, pair, Action.VERIFY, by, at)


@transaction.atomic
def _swap_state(
    customer: Customer,
    columns: dict[str, Any],
    name: str,
    pair: list[Any],
    action: Action,
    by: Author,
    at: datetime,
) -> None:
    if not Customer.swap(customer, {**columns, "updated_at": at}):
        raise LookupError("customer changed meanwhile")
    line = Line(
        "customer-state", customer.pk, customer.name, action, customer.version, customer.pk, {name: pair}
    )
    JournalEntry.objects.record([line], by=by, at=at)
