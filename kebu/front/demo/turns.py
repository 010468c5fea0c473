"""How the demo's customers became what they are: turns of type along their own talks."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from random import Random

from kebu.base.bulk.fresh import fresh
from kebu.base.bulk.rows import insert_many
from kebu.crm.customers.choices import CustomerType
from kebu.crm.customers.models import Customer
from kebu.crm.lifecycle.models import TypeTurn

PATHS = {
    CustomerType.PROSPECT: (CustomerType.POTENTIAL, CustomerType.PROSPECT),
    CustomerType.WON: (CustomerType.POTENTIAL, CustomerType.PROSPECT, CustomerType.WON),
}
BOUGHT = (*PATHS[CustomerType.WON], CustomerType.LOST)
GAVE_UP = (CustomerType.POTENTIAL, CustomerType.LOST)


def write_turns(customers: Sequence[Customer], *, now: datetime) -> None:
    """Every customer came as a 潜在客户 and went its way between then and its last talk."""
    turns = sorted((turn for one in customers for turn in _turns(one, now)), key=lambda turn: turn.at)
    insert_many(turns)


def _turns(customer: Customer, now: datetime) -> Iterator[TypeTurn]:
    rng = Random(f"turns-{customer.number}")  # noqa: S311 - believable, not secret
    path = PATHS.get(CustomerType(customer.customer_type), ())
    if customer.customer_type == CustomerType.LOST:
        path = BOUGHT if customer.interaction_count > 2 else GAVE_UP
    last = customer.last_contact_at or customer.created_at
    if customer.customer_type == CustomerType.LOST:
        last = min(last + timedelta(days=rng.randint(20, 60)), now)
    span = max(last - customer.created_at, timedelta(0))
    for place, (before, after) in enumerate(pairwise(path)):
        at = customer.created_at + span * ((place + rng.uniform(0.3, 1)) / (len(path) - 1))
        told = {"customer_id": customer.pk, "owner_id": customer.owner_id}
        yield fresh(TypeTurn, before=before.value, after=after.value, at=at, **told)
