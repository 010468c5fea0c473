"""Verbs over consents: note one, note that it was withdrawn."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import F

from kebu.base.fields.directories import Context
from kebu.base.journal.authors import Author
from kebu.base.journal.choices import Action
from kebu.base.journal.models import JournalEntry, Line
from kebu.base.records.actions import creation_line
from kebu.base.records.models import claim_submission
from kebu.crm.consents.fields import CONSENT_FIELDS
from kebu.crm.consents.models import Consent
from kebu.crm.contacts.models import Contact
from kebu.crm.customers.models import Customer


@transaction.atomic
def note_consent(
    customer: Customer,
    contact: Contact | None,
    values: Mapping[str, Any],
    *,
    submission: str,
    by: Author,
    at: datetime,
    context: Context,
) -> Consent | None:
    """Write down what a person agreed to; None when this very form was noted before."""
    key = f"{customer.pk}:{submission}"
    if claim_submission(key, kind="consent", user_id=by.user_id or 0, at=at) is None:
        return None
    consent = Consent(
        customer=customer, contact=contact, recorded_by_id=by.user_id, created_at=at, updated_at=at
    )
    for name, value in values.items():
        CONSENT_FIELDS[name].assign(consent, value)
    consent.save(force_insert=True)
    JournalEntry.objects.record([creation_line(consent, CONSENT_FIELDS, context, customer.pk)], by=by, at=at)
    return consent


@transaction.atomic
def withdraw(consent: Consent, *, on: date, by: Author, at: datetime) -> bool:
    """Note that the person takes the consent back; False when it was taken back already."""
    rows = Consent.objects.in_force().filter(pk=consent.pk)
    if not rows.update(withdrawn_on=on, version=F("version") + 1, updated_at=at):
        return False
    consent.refresh_from_db()
    change = {"withdrawn_on": [None, on.isoformat()]}
    line = Line(
        "consent", consent.pk, str(consent), Action.CHANGE, consent.version, consent.customer_id, change
    )
    JournalEntry.objects.record([line], by=by, at=at)
    return True
