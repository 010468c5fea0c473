"""What was kept as recurring needs is among the key dates, in the bin too."""

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from kebu.crm.key_dates.models import KeyDate
from kebu.crm.recycling.models import Discarded
from kebu.office.staff.models import User
from tests.cast import MakeCustomer

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def migrated_to(*names: str) -> Any:
    """The models as they were at that migration of the room; as they are, without one."""
    executor = MigrationExecutor(connection)
    target = [("key_dates", name) for name in names] or executor.loader.graph.leaf_nodes("key_dates")
    executor.migrate(target)
    return MigrationExecutor(connection).loader.project_state(target).apps


@pytest.fixture
def former() -> Iterator[Any]:
    """The models as they were; the tables are as they are now again afterwards."""
    try:
        yield migrated_to("0002_sorts").get_model
    finally:
        migrated_to()


def test_rows_and_packed_rows_say_what_they_said(rep: User, make_customer: MakeCustomer, former: Any) -> None:
    customer, now = make_customer(rep), timezone.now()
    told = {"customer_id": customer.pk, "created_at": now, "updated_at": now, "anchor_day": 31}
    needs = former("key_dates", "KeyDate").objects
    kept = needs.create(name="年度维保", cycle_months=12, next_on="2027-01-31", lead_days=30, **told)
    idle = needs.create(name="停了的", cycle_months=3, next_on="2027-01-31", is_active=False, **told)
    packed = {
        "id": 900, "version": 3, "created_at": "2026-01-02T03:04:05Z", "updated_at": "2026-05-06T07:08:09Z",
        "customer_id": customer.pk, "name": "季度耗材", "cycle_months": 3, "next_on": "2027-03-15",
        "anchor_day": 15, "lead_days": 14, "remark": "上次3.2万", "is_active": True,
    }  # fmt: skip
    Discarded.objects.create(
        kind="customer", record_id=4, name="x", customer_id=4, customer_name="x", deleted_at=now,
        payload=json.dumps({"rows": [["reminders.NeedCycle", [packed]]], "links": [], "memory": {}}),
    )  # fmt: skip
    migrated_to()
    row = KeyDate.objects.get(pk=kept.pk)
    assert (row.sort, row.repeat, row.remind_on, row.settled_on) == (
        "purchase",
        "year",
        date(2027, 1, 1),
        None,
    )
    assert KeyDate.objects.get(pk=idle.pk).settled_on == now.date()
    ((label, (found,)),) = json.loads(Discarded.objects.get().payload)["rows"]
    assert label == "key_dates.KeyDate"
    assert {name: found[name] for name in ("id", "sort", "repeat", "remind_on", "settled_on")} == {
        "id": 900, "sort": "purchase", "repeat": "quarter", "remind_on": "2027-03-01", "settled_on": None,
    }  # fmt: skip
    assert not found.keys() & {"cycle_months", "is_active"}
