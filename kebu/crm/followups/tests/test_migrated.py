"""Who carries plans out is found by their time, in the bin too, in an installation of before."""

import json
from collections.abc import Iterator

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from kebu.crm.followups import actions
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


def test_rows_and_packed_rows_tell_the_time_of_their_plan(
    rep: User, make_customer: MakeCustomer, former: None
) -> None:
    kept, gone = (make_customer(rep) for _n in range(2))
    plans = [given(rep, kept, 3), given(rep, gone, 5), given(rep, gone, 1)]
    actions.cancel(plans[2], version=1, **hand(rep))
    author = {name: hand(rep)[name] for name in ("by", "at")}
    discard(CUSTOMER, [gone.pk], **author)
    item = Discarded.objects.get()
    data = json.loads(item.payload)
    for row in dict(data["rows"])["followups.PlanExecutor"]:
        del row["starts_at"], row["is_open"]
    Discarded.objects.update(payload=json.dumps(data))
    migrated_to("0004_open_executors")
    migrated_to()
    restore(Discarded.objects.all(), **author)
    told = [(one.pk, rep.pk, one.is_open, one.starts_at) for one in Plan.objects.order_by("pk")]
    assert [is_open for _pk, _rep, is_open, _at in told] == [True, True, False]
    found = PlanExecutor.objects.order_by("plan_id")
    assert list(found.values_list("plan_id", "user_id", "is_open", "starts_at")) == told
