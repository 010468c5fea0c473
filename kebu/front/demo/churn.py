"""Warnings of the demo's customers: what their histories tell, some looked at already."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Any

from kebu.base.bulk.rows import insert_many
from kebu.base.kit.dates import local_day
from kebu.crm.churn.choices import Cause, Measure, Status
from kebu.crm.churn.engine import foreseen
from kebu.crm.churn.models import ChurnWarning
from kebu.crm.churn.signs import Rules, Signal
from kebu.crm.customers.models import Customer

WORKED_ON = (
    (Cause.RIVAL, "凯锐报价低两成，采购在比", Measure.OFFER, "续签送一年维保，总价不动"),
    (Cause.SERVICE, "上次报修等了四天", Measure.CARE, "换专人对接，两小时内回电"),
    (Cause.PEOPLE, "张总调走，新来的不认识我们", Measure.VISIT, "请副总一起去见新负责人"),
    (Cause.USE, "设备一周只开两天", Measure.TRAINING, "上门培训一次，教会夜班"),
)


def write_warnings(customers: Sequence[Customer], *, now: datetime) -> None:
    """What is noticed of them: with each owner the first waits, of the rest every other is worked on or was
    looked at."""
    rules, turns, rows = Rules(), Counter[int | None](), list[ChurnWarning]()
    owners = {customer.pk: customer.owner_id for customer in customers}
    for pk, found in sorted(foreseen(list(owners), rules, local_day(now)).items()):
        if found:
            rows.append(_of(pk, found, turns[owners[pk]] % 4, rules, now))
            turns[owners[pk]] += 1
    insert_many(rows)


def _of(pk: int, found: list[Signal], turn: int, rules: Rules, now: datetime) -> ChurnWarning:
    rng = Random(f"churn-{pk}")  # noqa: S311 - believable, not secret
    opened_at = now - timedelta(days=rng.randint(1, 20))
    row = ChurnWarning(customer_id=pk, opened_at=opened_at, created_at=opened_at, updated_at=now)
    row.take(found, rules)
    if turn % 2 == 0:
        return row
    values: dict[str, Any] = dict(
        zip(("cause", "cause_note", "measure", "measure_note"), rng.choice(WORKED_ON), strict=True)
    )
    for name, value in values.items():
        setattr(row, name, value)
    if turn == 1:
        row.status, row.look_on = Status.SAVING, local_day(now) + timedelta(days=rng.randint(0, 14))
    else:
        row.status, row.closed_at, row.by_hand = Status.STEADY, now - timedelta(hours=6), True
    return row
