"""What the demo's customers bought: two in three of those that have bought already, some more than before."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from typing import NamedTuple

from kebu.base.bulk.rows import insert_many
from kebu.base.kit.dates import local_day
from kebu.crm.customers.choices import CustomerType
from kebu.crm.customers.models import Customer
from kebu.crm.purchases.growth import Rule
from kebu.crm.purchases.models import Purchase
from kebu.crm.purchases.rises import look_again

REACH = 360  # days back to the first of them
USUAL = Rule()


class Ware(NamedTuple):
    """What is bought again and again: in which unit, for how many 元 each, how many, every how many days."""

    what: str
    unit: str
    price: int
    usual: int
    every: int


WARES = (
    Ware("刀具耗材", "件", 320, 60, 30),
    Ware("6061铝板", "吨", 23_500, 4, 30),
    Ware("主轴轴承", "件", 1_280, 12, 45),
    Ware("切削液", "桶", 1_650, 15, 22),
    Ware("伺服电机", "台", 4_900, 6, 45),
    Ware("包装纸箱", "箱", 46, 400, 15),
)
REMARKS = ("", "", "微信里下的单", "采购部比过价", "月底补货", "加急，三天内到", "走年度框架价")


def write_purchases(customers: Sequence[Customer], *, now: datetime) -> None:
    """Their purchases of a year, and whose purchases grew, as the night would find it."""
    buyers = [one for one in customers if one.customer_type == CustomerType.WON]
    insert_many([row for customer in buyers for row in _of(customer, now)])
    look_again([customer.pk for customer in buyers], USUAL, at=now)


def _of(customer: Customer, now: datetime) -> Iterator[Purchase]:
    """One ware, bought evenly; some take a third to two thirds more of late, the others less."""
    rng = Random(f"purchases-{customer.number}")  # noqa: S311 - believable, not secret
    if rng.random() < 0.35:
        return
    ware, pace = rng.choice(WARES), rng.uniform(0.8, 1.2)
    trend = rng.uniform(1.33, 1.66) if rng.random() < 0.3 else rng.uniform(0.7, 1.05)
    ago = rng.randint(0, 20)
    while ago < REACH:
        share = rng.uniform(0.95, 1.05) * (trend if ago < USUAL.days else 1)
        count = max(1, round(ware.usual * pace * share))
        yield _row(customer, ware, count, ago, rng.choice(REMARKS), now)
        ago += max(7, ware.every + rng.randint(-1, 1))


def _row(customer: Customer, ware: Ware, count: int, ago: int, remark: str, now: datetime) -> Purchase:
    return Purchase(
        customer=customer,
        bought_on=local_day(now) - timedelta(days=ago),
        what=ware.what,
        quantity=Decimal(count),
        unit=ware.unit,
        amount=Decimal(count * ware.price),
        remark=remark,
        created_at=now,
        updated_at=now,
    )
