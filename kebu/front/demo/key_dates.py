"""Days of the demo's customers: contracts that end, consumables every quarter, anniversaries, visits."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from random import Random
from typing import NamedTuple

from kebu.base.bulk.rows import insert_many
from kebu.base.kit.birthdays import Birthday
from kebu.base.kit.dates import local_day
from kebu.crm.customers.choices import CustomerType
from kebu.crm.customers.models import Customer
from kebu.crm.key_dates.choices import Repeat, Sort
from kebu.crm.key_dates.models import KeyDate


class Told(NamedTuple):
    """What stands in the sheet: for what, how often, within how many days, how long before, a remark, 元."""

    sort: Sort
    name: str
    repeat: Repeat
    within: int
    lead: int
    remark: str = ""
    amount: int | None = None


BOUGHT = (
    Told(Sort.PURCHASE, "季度耗材", Repeat.QUARTER, 95, 14, "上次3.2万，采购部比价，要提前报价"),
    Told(Sort.PURCHASE, "半年集中备货", Repeat.HALF_YEAR, 185, 21, "旺季前备足，交期至少三周"),
    Told(Sort.PURCHASE, "每月补货", Repeat.MONTH, 35, 5, "月底看库存，微信里下单"),
)
ENDING = (
    Told(Sort.CONTRACT, "年度框架合同", Repeat.YEAR, 365, 30, "到期前一个月谈续签，财务要盖章件"),
    Told(Sort.CONTRACT, "维保合同", Repeat.YEAR, 365, 45, "去年涨了5%，今年想谈三年"),
    Told(Sort.WARRANTY, "设备质保", Repeat.ONCE, 400, 30, "过保前推年度维保"),
)
OWED = (
    Told(Sort.PAYMENT, "验收款", Repeat.ONCE, 60, 7, "验收单签了，等对方财务走流程", 126_000),
    Told(Sort.PAYMENT, "尾款10%", Repeat.ONCE, 90, 14, "质保金，到期发对账单给财务", 38_600),
    Told(Sort.PAYMENT, "月结货款", Repeat.MONTH, 35, 5, "每月25日对账，开票后30天", 52_380),
)
CARED_FOR = (
    Told(Sort.VISIT, "季度回访", Repeat.QUARTER, 95, 7, "问使用情况和新需求"),
    Told(Sort.ANNIVERSARY, "公司周年庆", Repeat.YEAR, 365, 10, "老板重视，送花篮和手写卡片"),
    Told(Sort.FESTIVAL, "春节拜年", Repeat.LUNAR_YEAR, 360, 12, "礼盒年前送到前台，写总经理收"),
)
NEW_YEAR = Birthday(1, 1, is_lunar=True)


def write_key_dates(customers: Sequence[Customer], *, now: datetime) -> None:
    """Of customers that have bought already: what about every third buys again, every second's contract,
    how every fourth is cared for, and what nearly every third owes."""
    rows = [
        row
        for customer in customers
        if customer.customer_type == CustomerType.WON
        for row in _of(customer, now)
    ]
    insert_many(rows)


def _of(customer: Customer, now: datetime) -> Iterator[KeyDate]:
    rng = Random(f"key-dates-{customer.number}")  # noqa: S311 - believable, not secret
    today = local_day(now)
    for share, some in ((0.35, BOUGHT), (0.5, ENDING), (0.25, CARED_FOR), (0.3, OWED)):
        if rng.random() < share:
            told = rng.choice(some)
            days = 3 + int((told.within - 3) * rng.random() ** 3)  # more of them soon than later
            yield _row(customer, told, today + timedelta(days=days), now)


def _row(customer: Customer, told: Told, on: date, now: datetime) -> KeyDate:
    name = f"{on.year}年度框架合同" if told.name == "年度框架合同" else told.name
    on = NEW_YEAR.next_on(on) if told.sort is Sort.FESTIVAL else on
    row = KeyDate(
        customer=customer,
        sort=told.sort,
        name=name,
        repeat=told.repeat,
        next_on=on,
        lead_days=told.lead,
        amount=told.amount,
        remark=told.remark,
        created_at=now,
        updated_at=now,
    )
    row.derive()
    return row
