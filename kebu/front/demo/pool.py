"""Customers of the demo that are in the pool: given back for differing reasons, some of them lately."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

from kebu.base.fields.directories import Context
from kebu.base.journal.authors import Author
from kebu.crm.customers.choices import CustomerType
from kebu.crm.customers.models import Customer
from kebu.crm.pool.actions import release
from kebu.office.staff.models import User

IDLE, EVERY = (
    (CustomerType.POTENTIAL, CustomerType.LOST),
    12,
)  # of so many who bought nothing one is given back
SETTLED = timedelta(days=30)
REASONS = (
    "联系不上：前台说采购换人了，总机一直转不进去",
    "暂时没有需求：今年预算用完了，明年二季度再问",
    "不是我负责的行业或地区：搬到了外省",
    "手上客户太多，顾不过来",
    "联系不上",
    "暂时没有需求：刚和别家签了一年",
)


def write_pool(customers: Sequence[Customer], *, now: datetime, by: Author) -> None:
    """Give about every so many back, as its owner would have done, within the last weeks."""
    names = dict(User.objects.values_list("pk", "name"))
    for customer in customers:
        rng = Random(f"pool-{customer.number}")  # noqa: S311 - believable, not secret
        is_fresh = customer.created_at > now - SETTLED
        is_kept = customer.customer_type not in IDLE or rng.randrange(EVERY)
        if customer.owner_id is None or is_fresh or is_kept:
            continue
        hand = replace(by, user_id=customer.owner_id, name=names[customer.owner_id])
        at, reason = now - timedelta(hours=rng.randint(3, 25 * 24)), rng.choice(REASONS)
        release(Customer.objects.all(), [customer.pk], reason, by=hand, at=at, context=Context())
