"""Verbs over contacts; each keeps the customer's facts about its contacts true."""

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
from kebu.base.records.actions import Changes, change_fields, creation_line
from kebu.crm.contacts.counting import HOWS
from kebu.crm.contacts.fields import CONTACT_FIELDS
from kebu.crm.contacts.models import Contact
from kebu.crm.customers import rollups
from kebu.crm.customers.actions import Draft, enrol
from kebu.crm.customers.followers import tell
from kebu.crm.customers.models import Customer
from kebu.crm.customers.queries import completeness


@dataclass(slots=True)
class Entry:
    """A customer to be made together with its contacts; the first contact becomes the key contact."""

    customer: Mapping[str, Any]
    contacts: list[Mapping[str, Any]] = field(default_factory=list)


@transaction.atomic
def enrol_with_contacts(
    entries: Sequence[Entry], *, by: Author, at: datetime, context: Context
) -> list[Customer]:
    """Make customers and their contacts at once, in the order of ``entries``; used by every door."""
    built = [[_built(values, at, is_key=i == 0) for i, values in enumerate(e.contacts)] for e in entries]
    drafts = [_draft(entry, contacts) for entry, contacts in zip(entries, built, strict=True)]
    customers = enrol(drafts, by=by, at=at, context=context)
    everyone: list[Contact] = []
    for customer, contacts in zip(customers, built, strict=True):
        for contact in contacts:
            contact.customer = customer
            everyone.append(contact)
    insert_many(everyone)
    lines = [creation_line(contact, CONTACT_FIELDS, context, contact.customer_id) for contact in everyone]
    JournalEntry.objects.record(lines, by=by, at=at)
    rollups.renew([customer.pk for customer in customers], rollups.rolled_up())
    return customers


def _built(values: Mapping[str, Any], at: datetime, *, is_key: bool) -> Contact:
    contact = fresh(Contact, created_at=at, updated_at=at, is_key=is_key)
    for name, value in values.items():
        CONTACT_FIELDS[name].assign(contact, value)
    return contact


def _draft(entry: Entry, contacts: list[Contact]) -> Draft:
    return Draft(
        entry.customer,
        [contact.name for contact in contacts],
        [contact.phone for contact in contacts if contact.phone],
        contacts[0].with_title if contacts else "",
    )


@transaction.atomic
def add_contact(
    customer: Customer, values: Mapping[str, Any], *, by: Author, at: datetime, context: Context
) -> Contact:
    """Add a contact; the customer's first one becomes its key contact."""
    customer.hold()
    contact = _built(values, at, is_key=not customer.contacts.exists())
    contact.customer = customer
    contact.save(force_insert=True)
    JournalEntry.objects.record([creation_line(contact, CONTACT_FIELDS, context, customer.pk)], by=by, at=at)
    tell_customer(customer)
    return contact


@transaction.atomic
def change_contact(
    contact: Contact, values: Mapping[str, Any], *, version: int, by: Author, at: datetime, context: Context
) -> Changes:
    """Change fields of a contact as it was seen at ``version``."""
    contact.customer.hold()
    changes = change_fields(
        contact,
        values,
        fields=CONTACT_FIELDS,
        version=version,
        by=by,
        at=at,
        context=context,
        customer_id=contact.customer_id,
    )
    if changes:
        tell_customer(contact.customer)
    return changes


@transaction.atomic
def make_key(contact: Contact, *, by: Author, at: datetime) -> None:
    """Make this contact the customer's key contact in place of the former one."""
    contact.customer.hold()
    former = contact.customer.contacts.filter(is_key=True).first()
    contact.customer.contacts.filter(is_key=True).update(is_key=False)
    Contact.objects.filter(pk=contact.pk).update(is_key=True)
    change = {"key_contact": [former.with_title if former else None, contact.with_title]}
    line = Line(
        "customer-state",
        contact.customer_id,
        contact.customer.name,
        Action.CHANGE,
        contact.customer.version,
        contact.customer_id,
        change,
    )
    JournalEntry.objects.record([line], by=by, at=at)
    tell_customer(contact.customer)
    if former is not None and former.pk != contact.pk:
        before = {contact.customer_id: {"key_contact": former.with_title}}
        tell([contact.customer_id], ["key_contact"], at=at, before=before)


def tell_customer(customer: Customer) -> None:
    """Bring the customer's facts about its contacts up to date."""
    contacts = list(Contact.objects.filter(customer=customer).in_order())
    key = next((contact for contact in contacts if contact.is_key), None)
    customer.note_contacts(
        names=[contact.name for contact in contacts],
        phones=[contact.phone for contact in contacts if contact.phone],
        key_contact=key.with_title if key else "",
    )
    rollups.renew([customer.pk], rollups.rolled_up(HOWS))
    customer.completeness = completeness(customer)
    Customer.objects.filter(pk=customer.pk).update(completeness=customer.completeness)
