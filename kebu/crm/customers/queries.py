"""Facts computed from a customer."""

from kebu.crm.customers.fields import WANTED_FIELDS
from kebu.crm.customers.models import Customer


def completeness(customer: Customer) -> int:
    """Share of the wanted fields (S4-05: name, industry, size, contact, contact way, first contact,
    source) that are filled, 0 to 100. A key contact counts as one field for companies."""
    return round(100 * (1 - len(missing_labels(customer)) / _wanted_count(customer)))


def missing_labels(customer: Customer) -> list[str]:
    """Labels of the wanted fields still empty, in form order."""
    missing = [
        item.label
        for item in WANTED_FIELDS
        if (not item.only or item.only == customer.kind) and item.is_empty(item.value(customer))
    ]
    if "电话" in missing and (customer.email or customer.contact_phones):
        missing.remove("电话")
    if not customer.is_person and not customer.key_contact:
        missing.append("联系人及职务")
    return missing


def _wanted_count(customer: Customer) -> int:
    own = sum(1 for item in WANTED_FIELDS if not item.only or item.only == customer.kind)
    return own + (0 if customer.is_person else 1)
