"""Whether somebody agreed."""

from kebu.crm.consents.choices import Purpose
from kebu.crm.consents.models import Consent
from kebu.crm.contacts.models import Contact
from kebu.crm.customers.models import Customer


def agreed(customer: Customer, contact: Contact | None, purpose: Purpose) -> bool:
    """Say whether the person agreed to this use of his data and did not take it back."""
    consents = Consent.objects.of_person(customer, contact).in_force()
    return any(purpose in purposes for purposes in consents.values_list("purposes", flat=True))
