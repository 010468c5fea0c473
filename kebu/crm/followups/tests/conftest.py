"""What every test of plans holds besides."""

from collections.abc import Iterator

import pytest

from kebu.crm.followups.models import Plan, PlanExecutor


@pytest.fixture(autouse=True)
def _everybody_finds_his_plans(db: None) -> Iterator[None]:
    """Whatever was done to plans: who carries them out stands beside them, as open and as early."""
    yield
    told = {
        (plan.pk, pk, plan.is_open, plan.starts_at) for plan in Plan.objects.all() for pk in plan.executor_ids
    }
    assert told == set(PlanExecutor.objects.values_list("plan_id", "user_id", "is_open", "starts_at"))
