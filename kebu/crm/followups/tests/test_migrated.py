"""Who carries plans out is found by what they say, in the bin too, in an installation of before."""

import json
from collections.abc import Iterator

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from kebu.crm.followups import actions
from kebu.crm.followups.choices import Source
from kebu.crm.followups.models import Plan, PlanExecutor
from kebu.crm.followups.tests.cast import given, hand
from kebu.crm.recycling.actions import discard, restore
from kebu.crm.recycling.models import Discarded
from kebu.crm.recycling.trees import CUSTOMER
from kebu.office.staff.models import User
from tests.cast import MakeCustomer

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def migrated_to(*names: str) -> None:
    """The room's tables as they were at that migration; as they are, without one."""
    executor = MigrationExecutor(connection)
    executor.migrate([("followups", name) for name in names] or executor.loader.graph.leaf_nodes("followups"))


@pytest.fixture
def former() -> Iterator[None]:
    """The tables as they are now again afterwards."""
    try:
        yield
    finally:
        migrated_to()


def test_rows_and_packed_rows_tell_what_their_plan_says(
    rep: User, make_customer: MakeCustomer, former: None
) -> None:
    kept, gone = (make_customer(rep) for _n in range(2))
    plans = [given(rep, kept, 3), given(rep, gone, 5), given(rep, gone, 1)]
    actions.cancel(plans[2], version=1, **hand(rep))
    Plan.objects.filter(customer=gone).update(source=Source.CADENCE)
    author = {name: hand(rep)[name] for name in ("by", "at")}
    discard(CUSTOMER, [gone.pk], **author)
    item = Discarded.objects.get()
    data = json.loads(item.payload)
    for row in dict(data["rows"])["followups.PlanExecutor"]:
        for name in ("starts_at", "is_open", "due_at", "customer_id", "is_rhythm"):
            del row[name]
    Discarded.objects.update(payload=json.dumps(data))
    migrated_to("0004_open_executors")
    migrated_to()
    restore(Discarded.objects.all(), **author)
    plans = list(Plan.objects.order_by("pk"))
    assert [(one.is_open, one.source == Source.CADENCE) for one in plans] == [
        (True, False),
        (True, True),
        (False, True),
    ]
    found = PlanExecutor.objects.order_by("plan_id").values("plan_id", "customer_id", *plans[0].found_by)
    assert list(found) == [
        {"plan_id": one.pk, "customer_id": one.customer_id, **one.found_by} for one in plans
    ]
