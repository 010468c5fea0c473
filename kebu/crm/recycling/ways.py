"""The way in which many customers are deleted at once."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy

from kebu.base.access.choices import Permission
from kebu.base.batches.models import Batch
from kebu.base.batches.registry import Done, Hand, Way, register
from kebu.crm.customers.models import Customer
from kebu.crm.customers.ways import beyond, seen
from kebu.crm.recycling import reverting  # noqa: F401  (tells how batches are taken back)
from kebu.crm.recycling.actions import discard
from kebu.crm.recycling.registry import TREES


def _delete(batch: Batch, ids: Sequence[int], hand: Hand) -> Done:
    """Move a chunk into the bin."""
    right = Permission.CUSTOMER_DELETE
    rows = Customer.objects.within(hand.user, right).filter(pk__in=ids).order_by("pk")
    reached = list(rows.select_for_update(of=("self",)).values_list("pk", flat=True))
    gone = discard(TREES["customer"], reached, by=hand.by, at=hand.at)
    return Done(len(gone), beyond(ids, reached, right))


DELETE = register(Way("delete", gettext_lazy("删除"), "trash", Permission.CUSTOMER_DELETE, _delete, seen))
