"""The values that customers have several of, kept as rows so that customers are found by them."""

from collections.abc import Iterable, Sequence

from kebu.base.fields.fieldsets import Field
from kebu.crm.customers.fields import CUSTOMER_FIELDS
from kebu.crm.customers.models import Customer, CustomerChoice

CHUNK = 500


def sync(customers: Sequence[Customer], names: Iterable[str] | None = None, *, are_new: bool = False) -> None:
    """Make the rows say what the customers' lists say, in the caller's transaction.

    ``names`` are the fields that changed, where that is known; customers that ``are_new`` have no rows yet.
    """
    fields = [item for item in CUSTOMER_FIELDS.values() if item.kind.is_many]
    if names is not None:
        fields = [item for item in fields if item.name in set(names)]
    for start in range(0, len(customers) if fields else 0, CHUNK):
        _sync(customers[start : start + CHUNK], fields, are_new)


def _sync(customers: Sequence[Customer], fields: Sequence[Field], are_new: bool) -> None:
    wanted = {
        (item.key, str(value), customer.pk)
        for customer in customers
        for item in fields
        for value in item.value(customer) or ()
    }
    rows = CustomerChoice.objects.filter(
        customer__in=[customer.pk for customer in customers], field__in=[item.key for item in fields]
    )
    there = {} if are_new else {(row.field, row.value, row.customer_id): row.pk for row in rows}
    gone = [pk for told, pk in there.items() if told not in wanted]
    if gone:
        CustomerChoice.objects.filter(pk__in=gone).delete()
    CustomerChoice.objects.bulk_create(
        [
            CustomerChoice(field=field, value=value, customer_id=pk)
            for field, value, pk in sorted(wanted - there.keys())
        ],
        batch_size=CHUNK,
        ignore_conflicts=True,
    )
