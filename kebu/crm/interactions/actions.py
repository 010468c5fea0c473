"""Logging an interaction and correcting it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max

from kebu.base.bulk.rows import insert_many
from kebu.base.fields.directories import Context
from kebu.base.journal.authors import Author
from kebu.base.journal.models import JournalEntry
from kebu.base.records.actions import Changes, change_fields, creation_line
from kebu.crm.contacts.models import Contact
from kebu.crm.customers.actions import change_customer
from kebu.crm.customers.models import Customer
from kebu.crm.interactions.counting import recount
from kebu.crm.interactions.fields import INTERACTION_FIELDS
from kebu.crm.interactions.followers import LOGGED, tell
from kebu.crm.interactions.models import Interaction

FOLLOWING = ("next_follow_up_at", "next_step")


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
    recount(customer.pk)
    customer.refresh_from_db(fields=["version"])
    following = {name: getattr(interaction, name) for name in FOLLOWING}
    change_customer(customer, following, version=customer.version, by=by, at=at, context=context)
    tell(interaction, [LOGGED], by=by, at=at)
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


@transaction.atomic
def change_interaction(
    interaction: Interaction,
    values: Mapping[str, Any],
    *,
    version: int,
    by: Author,
    at: datetime,
    context: Context,
) -> Changes:
    """Correct an interaction as it was seen at ``version``; what the customer knows of it follows."""
    interaction.customer.hold()
    changes = change_fields(
        interaction,
        values,
        fields=INTERACTION_FIELDS,
        version=version,
        by=by,
        at=at,
        context=context,
        customer_id=interaction.customer_id,
    )
    if "happened_at" in changes.fields:
        _tell_last_contact(interaction.customer)
    _tell_following(interaction, changes, by, at, context)
    tell(interaction, changes.fields, by=by, at=at)
    return changes


def _tell_last_contact(customer: Customer) -> None:
    """The customer was last spoken to when its latest interaction says so."""
    latest = Interaction.objects.filter(customer=customer).aggregate(at=Max("happened_at"))["at"]
    Customer.objects.filter(pk=customer.pk).update(last_contact_at=latest)
    recount(customer.pk)


def _tell_following(
    interaction: Interaction, changes: Changes, by: Author, at: datetime, context: Context
) -> None:
    """A corrected next follow-up is the customer's too while it is still the one told here."""
    customer = interaction.customer
    following = {
        name: after
        for name, (before, after) in changes.fields.items()
        if name in FOLLOWING and getattr(customer, name) == before
    }
    is_latest = not Interaction.objects.filter(customer=customer, pk__gt=interaction.pk).exists()
    if following and is_latest:
        change_customer(customer, following, version=customer.version, by=by, at=at, context=context)
