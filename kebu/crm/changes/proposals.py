"""Which proposals a reader is shown."""

from datetime import timedelta

from django.db.models import QuerySet
from django.utils import timezone

from kebu.base.bulk.prepared import prepared
from kebu.base.fields.choices import Use
from kebu.base.fields.directories import Context
from kebu.crm.changes.actions import FIELDS
from kebu.crm.changes.models import Proposal
from kebu.crm.customers.fields import CUSTOMER_FIELDS
from kebu.crm.customers.models import Customer

RECENTLY = timedelta(days=14)


@prepared
def _waiting(customer_id: int) -> QuerySet[Proposal]:
    return Proposal.objects.filter(customer_id=customer_id).order_by("pk")


def proposals_of(customer: Customer, context: Context) -> list[Proposal]:
    """What of these days waits to be confirmed; a customer that was not edited is not asked for any."""
    is_touched = customer.version > 1 and customer.updated_at > timezone.now() - RECENTLY
    return [one for one in _waiting(customer.pk) if shown_to(context, one)] if is_touched else []


def shown_to(context: Context, proposal: Proposal | None) -> Proposal | None:
    """The proposal, if the reader may read the field it tells of."""
    if proposal is None or not CUSTOMER_FIELDS[FIELDS[proposal.sort]].allows(Use.READ, context):
        return None
    return proposal
