"""What every test of plans holds besides."""

from collections.abc import Iterator

import pytest

from kebu.crm.followups.models import Plan, PlanExecutor


@pytest.fixture(autouse=True)
def _everybody_finds_his_plans(db: None) -> Iterator[None]:
    """Whatever was done to plans: who carries them out stands beside them, with what they are found by."""
    yield
    told = {
        (plan.pk, pk, plan.customer_id, *plan.found_by.values())
        for plan in Plan.objects.all()
        for pk in plan.executor_ids
    }
    columns = ("plan_id", "user_id", "customer_id", "is_open", "is_rhythm", "starts_at", "due_at")
    assert told == set(PlanExecutor.objects.values_list(*columns))
