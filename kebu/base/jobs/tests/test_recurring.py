from datetime import UTC, datetime, time, timedelta

import pytest

from kebu.base.jobs.models import Job
from kebu.base.jobs.recurring import Clock, Recurring

NIGHTLY = Recurring("nightly", daily_at=time(3, 30))
QUARTERLY = Recurring("quarterly", every_minutes=15)


@pytest.mark.parametrize(
    ("line", "now", "slot"),
    [
        # 03:30 in Shanghai is 19:30 UTC of the day before
        (NIGHTLY, datetime(2026, 3, 1, 19, 30, tzinfo=UTC), datetime(2026, 3, 1, 19, 30, tzinfo=UTC)),
        (NIGHTLY, datetime(2026, 3, 1, 19, 29, tzinfo=UTC), datetime(2026, 2, 28, 19, 30, tzinfo=UTC)),
        (QUARTERLY, datetime(2026, 3, 1, 1, 44, 59, tzinfo=UTC), datetime(2026, 3, 1, 1, 30, tzinfo=UTC)),
        (QUARTERLY, datetime(2026, 3, 1, 16, 0, tzinfo=UTC), datetime(2026, 3, 1, 16, 0, tzinfo=UTC)),
    ],
)
def test_slot(line: Recurring, now: datetime, slot: datetime) -> None:
    assert line.slot(now) == slot


@pytest.mark.django_db
def test_two_workers_and_restarts_enqueue_a_slot_once() -> None:
    now = datetime(2026, 3, 1, 20, 0, tzinfo=UTC)
    for clock in (Clock((NIGHTLY,)), Clock((NIGHTLY,))):
        clock.tick(at=now)
        clock.tick(at=now + timedelta(hours=1))
    assert Job.objects.count() == 1
    Clock((NIGHTLY,)).tick(at=now + timedelta(days=1))
    assert Job.objects.count() == 2


def test_every_line_of_the_house_schedule_has_a_function() -> None:
    from django.conf import settings
    from django.utils.module_loading import autodiscover_modules, import_string

    from kebu.base.jobs.registry import KINDS

    autodiscover_modules("tasks")
    assert {line.kind for line in import_string(settings.KEBU_SCHEDULE)} <= set(KINDS)
