"""What customers of the demo buy again: consumables every quarter, servicing every year."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random

from kebu.base.bulk.rows import insert_many
from kebu.base.kit.dates import local_day
from kebu.crm.customers.choices import CustomerType
from kebu.crm.customers.models import Customer
from kebu.crm.reminders.models import NeedCycle

BOUGHT = (
    ("季度耗材", 3, 14, "上次3.2万，采购部比价，要提前报价"),
    ("年度维保合同", 12, 30, "到期前一个月谈续签，财务要盖章件"),
    ("半年集中备货", 6, 21, "旺季前备足，交期至少三周"),
    ("每月补货", 1, 5, "月底看库存，微信里下单"),
)


def write_needs(customers: Sequence[Customer], *, now: datetime) -> None:
    """One for about every third customer that has bought already."""
    rows = []
    for customer in customers:
        rng = Random(f"needs-{customer.number}")  # noqa: S311 - believable, not secret
        if customer.customer_type != CustomerType.WON or rng.random() > 0.35:
            continue
        name, months, lead, remark = rng.choice(BOUGHT)
        next_on = local_day(now) + timedelta(days=rng.randrange(3, 30 * months + 5))
        rows.append(
            NeedCycle(
                customer=customer,
                name=name,
                cycle_months=months,
                next_on=next_on,
                anchor_day=next_on.day,
                lead_days=lead,
                remark=remark,
                created_at=now,
                updated_at=now,
            )
        )
    insert_many(rows)
