"""The pool of the demo: customers given back for differing reasons, and some that are soon to fall."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

from django.db.models import F

from kebu.base.bulk.rows import insert_many
from kebu.base.fields.directories import Context
from kebu.base.journal.authors import Author
from kebu.crm.customers.choices import CustomerType
from kebu.crm.customers.models import Customer
from kebu.crm.pool.actions import release
from kebu.crm.pool.models import PoolRule, PoolWarning
from kebu.crm.pool.recycling import warn
from kebu.crm.pool.rules import SHIPPED, rulebook
from kebu.office.staff.models import User

IDLE = (CustomerType.POTENTIAL, CustomerType.LOST)
EVERY = 12  # of so many who bought nothing one is given back
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


WARN_DAYS = 7


def write_rules(*, now: datetime) -> list[PoolRule]:
    """Let untouched customers fall by themselves, where the office has no rules of its own; their owners
    were warned within the last days, so that the desk shows some. Returns the rules made."""
    if PoolRule.objects.exists():
        return []
    told = {"is_on": True, "warn_days": WARN_DAYS, "created_at": now, "updated_at": now}
    rows = [PoolRule(grade=grade, days=days, **told) for grade, days in SHIPPED.items()]
    insert_many(rows)
    book = rulebook()
    after: int | None = 0
    while after is not None:
        _count, after = warn(book, after, now)
    for days in range(1, WARN_DAYS - 1):
        some = PoolWarning.objects.alias(place=F("pk") % (WARN_DAYS - 1)).filter(place=days)
        some.update(warned_at=now - timedelta(days=days))
    return rows
