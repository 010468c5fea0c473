"""Keeping the turns: whoever changes a customer's type, on whichever way, tells of it here."""

from collections.abc import Sequence
from datetime import datetime

from kebu.base.bulk.fresh import fresh
from kebu.base.bulk.rows import insert_many
from kebu.crm.customers.fields import CUSTOMER_FIELDS
from kebu.crm.customers.followers import CREATED, Before
from kebu.crm.customers.models import Customer
from kebu.crm.lifecycle.models import TypeTurn

TYPE = "customer_type"


def keep_turns(ids: Sequence[int], names: frozenset[str], before: Before, at: datetime) -> None:
    """Write down who became another type."""
    if TYPE not in names or CREATED in names:
        return
    read = CUSTOMER_FIELDS[TYPE].kind.from_json
    former = {pk: str(read(told[TYPE])) for pk, told in before.items() if TYPE in told}
    rows = Customer.objects.filter(pk__in=former).values_list("pk", TYPE, "owner_id")
    turned = [(pk, former[pk], now, owner_id) for pk, now, owner_id in rows if former[pk] != now]
    insert_many(
        [
            fresh(TypeTurn, customer_id=pk, before=was, after=now, at=at, owner_id=owner_id)
            for pk, was, now, owner_id in turned
        ]
    )
