"""Keeping the stretches: a customer that loses its owner comes into the pool, one that gets one leaves it."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from kebu.base.bulk.rows import insert_many
from kebu.crm.customers.fields import CUSTOMER_FIELDS
from kebu.crm.customers.followers import CREATED, Before
from kebu.crm.customers.models import Customer
from kebu.crm.pool.models import PoolEntry


def keep_entries(ids: Sequence[int], names: frozenset[str], before: Before, at: datetime) -> None:
    """Open and close stretches as the owners of these customers say now; why it was, the verbs add."""
    if not {"owner", CREATED} & names:
        return
    owners = dict(Customer.objects.filter(pk__in=ids).values_list("pk", "owner_id"))
    ownerless = {pk for pk, owner_id in owners.items() if owner_id is None}
    if CREATED in names and not ownerless:
        return
    open_ones = set(PoolEntry.objects.open().filter(customer__in=ids).values_list("customer_id", flat=True))
    _close({pk: owners[pk] for pk in open_ones - ownerless if pk in owners}, at)
    read = CUSTOMER_FIELDS["owner"].kind.from_json
    rows = []
    for pk in sorted(ownerless - open_ones):
        told = before.get(pk, {}).get("owner")
        rows.append(PoolEntry(customer_id=pk, since=at, former_id=read(told) if told else None))
    insert_many(rows)


def _close(owners: dict[int, int | None], at: datetime) -> None:
    """End the stretches of customers that somebody has now."""
    taken: dict[int | None, list[int]] = defaultdict(list)
    for pk, owner_id in owners.items():
        taken[owner_id].append(pk)
    for owner_id, keys in taken.items():
        PoolEntry.objects.open().filter(customer__in=keys).update(ended_at=at, taken_by=owner_id)
