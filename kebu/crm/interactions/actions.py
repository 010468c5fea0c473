"""Logging an interaction and correcting it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import transaction

from kebu.base.bulk.rows import insert_many
from kebu.base.fields.directories import Context
from kebu.base.journal.authors import Author
from kebu.base.journal.models import JournalEntry
from kebu.base.records.actions import Changes, change_fields, creation_line
from kebu.crm.contacts.models import Contact
from kebu.crm.customers.actions import change_customer
from kebu.crm.customers.models import Customer
from kebu.crm.interactions.fields import INTERACTION_FIELDS
from kebu.crm.interactions.models import Interaction


@transaction.atomic
def log_interaction(
    customer: Customer,
    values: Mapping[str, Any],
    *,
    contact: Contact | None,
    by: Author,
    at: datetime,
    context: Context,
) -> Interaction:
    """Keep what happened; move the customer's last contact and replace its next follow-up by the one
    given here.

    The follow-up that was due is thereby done: without a next time the customer has none (and shows as such).
    """
    interaction = Interaction(
        customer=customer, contact=contact, author_id=by.user_id, created_at=at, updated_at=at
    )
    for name, value in values.items():
        INTERACTION_FIELDS[name].assign(interaction, value)
    interaction.save(force_insert=True)
    line = creation_line(interaction, INTERACTION_FIELDS, context, customer.pk)
    JournalEntry.objects.record([line], by=by, at=at)
    customer.record_contact(at=interaction.happened_at)
    customer.refresh_from_db(fields=["version"])
    following = {
        "next_follow_up_at": interaction.next_follow_up_at,
        "next_step": interaction.next_step,
    }
    change_customer(customer, following, version=customer.version, by=by, at=at, context=context)
    return interaction


@dataclass(frozen=True, slots=True)
class Told:
    """One contact of a history: with whom, recorded when, and the values by field name."""

    customer: Customer
    contact_id: int | None
    recorded_at: datetime
    values: Mapping[str, Any]


@transaction.atomic
def log_history(told: Sequence[Told], *, by: Author, context: Context) -> None:
    """Keep histories in bulk, as when old records are brought in.

    The customers' facts (last contact, count, next follow-up) are the caller's to set along with them.
    """
    rows = [_remembered(one) for one in told]
    insert_many(rows)
    lines = [
        replace(creation_line(row, INTERACTION_FIELDS, context, row.customer_id), at=row.created_at)
        for row in rows
    ]
    if lines:
        JournalEntry.objects.record(lines, by=by, at=rows[-1].created_at)


def _remembered(one: Told) -> Interaction:
    interaction = Interaction(
        customer=one.customer,
        contact_id=one.contact_id,
        author_id=one.customer.owner_id,
        created_at=one.recorded_at,
        updated_at=one.recorded_at,
    )
    for name, value in one.values.items():
        INTERACTION_FIELDS[name].assign(interaction, value)
    return interaction


def change_interaction(
    interaction: Interaction,
    values: Mapping[str, Any],
    *,
    version: int,
    by: Author,
    at: datetime,
    context: Context,
) -> Changes:
    """Correct an interaction as it was seen at ``version``."""
    return change_fields(
        interaction,
        values,
        fields=INTERACTION_FIELDS,
        version=version,
        by=by,
        at=at,
        context=context,
        customer_id=interaction.customer_id,
    )
