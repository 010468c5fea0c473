"""The form of an interaction."""

from kebu.base.fields.directories import Context
from kebu.base.fields.forms import RecordForm
from kebu.crm.customers.models import Customer
from kebu.crm.interactions.fields import INTERACTION_FIELDS
from kebu.office.staff.models import User


def composer(customer: Customer, user: User, context: Context, submission: str) -> RecordForm:
    """The form on the customer's page; ``submission`` is the key that makes a repeated save harmless."""
    return RecordForm(fields=INTERACTION_FIELDS.editable(), context=context, initial={})
