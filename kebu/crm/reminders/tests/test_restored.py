"""A restore makes nobody hear twice, and loses nothing that becomes due after it."""

from datetime import datetime, time, timedelta

import pytest
from django.utils import timezone

from kebu.base.jobs.models import Job, Tick
from kebu.base.jobs.recurring import Clock, Recurring
from kebu.base.kit.dates import SHANGHAI
from kebu.crm.followups.models import Plan
from kebu.crm.followups.tests.cast import given
from kebu.crm.reminders.restored import settle_restored
from kebu.crm.reminders.rounds import OVERLAP, span_of
from kebu.crm.reminders.tests.cast import go, read_up_to, told
from kebu.office.staff.models import User

pytestmark = pytest.mark.django_db
DAY, MINUTE, SECOND = timedelta(days=1), timedelta(minutes=1), timedelta(seconds=1)
DAILY = Recurring("reminders.daily", daily_at=time(8, 20))
DIGEST = Recurring("reminders.digest", daily_at=time(8, 30), latest_minutes=180)


def at_shanghai(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 3, day, hour, minute, tzinfo=SHANGHAI)


def starting(user: User, at: datetime) -> None:
    """A plan made long ago that starts then."""
    plan = given(user, None, goal=at.isoformat())
    columns = {"starts_at": at, "due_at": at + MINUTE, "updated_at": at - 90 * DAY}
    Plan.objects.filter(pk=plan.pk).update(**columns)


@pytest.mark.parametrize("has_mark", [True, False])
def test_only_what_comes_near_after_the_restore_is_told(rep: User, has_mark: bool) -> None:
    """To the second: the two minutes by which rounds overlap are no exception."""
    restored = timezone.now() - 10 * MINUTE
    if has_mark:
        read_up_to("due", restored - DAY)
    for hours in (-3, -2, 0.5):  # told by the former house, or not by anybody
        starting(rep, restored + timedelta(hours=hours))
    starting(rep, restored + timedelta(hours=1) - SECOND)
    starting(rep, restored + timedelta(hours=1) + SECOND)
    settle_restored(restored)
    go()
    assert len(told(rep)) == 1
    go()
    assert len(told(rep)) == 1


def test_a_round_right_after_it_begins_there() -> None:
    restored = timezone.now()
    settle_restored(restored)
    assert span_of("due", Job(kind="reminders.due"), timedelta(hours=1)).since == restored


@pytest.mark.parametrize("hour", [7, 9, 20])
def test_the_morning_of_the_former_house_is_not_made_up_for(hour: int) -> None:
    """Backed up in the night of the 8th; restored on the 10th before, just after and long after 8:30."""
    for line in (DAILY, DIGEST):
        Tick.objects.create(kind=line.kind, slot=line.slot(at_shanghai(8, 2)), turn=7)
    restored = at_shanghai(10, hour)
    settle_restored(restored)
    clock = Clock((DAILY, DIGEST))
    clock.tick(at=restored + MINUTE)
    assert not Job.objects.exists()
    assert Tick.objects.get(kind=DAILY.kind).slot == DAILY.slot(restored)
    clock.tick(at=at_shanghai(10 if hour < 8 else 11, 8, 31))
    assert sorted(Job.objects.values_list("kind", flat=True)) == [DAILY.kind, DIGEST.kind]


def test_the_next_morning_reads_from_the_last_one_on(rep: User) -> None:
    """What fell overdue after the morning round of the day was told by nobody yet."""
    last = timezone.now() - timedelta(hours=20)
    Tick.objects.create(kind=DAILY.kind, slot=last - 3 * DAY)
    read_up_to("daily", last - 3 * DAY)
    settle_restored(last + timedelta(hours=10))
    for moment in (last - DAY, last - SECOND, last + SECOND, last + timedelta(hours=9)):
        plan = given(rep, None)
        Plan.objects.filter(pk=plan.pk).update(starts_at=moment - DAY, due_at=moment)
    go("reminders.daily")
    assert len(told(rep, "overdue")) == 2


def test_rounds_under_way_are_over() -> None:
    """They would go on with what the former house has told meanwhile."""
    learnt = {"since": "2026-03-01T00:00:00+00:00", "until": "2026-03-02T00:00:00+00:00"}
    for state in ("queued", "running"):
        job = Job.objects.enqueue("reminders.daily")
        held = {"lane": job.kind, "lease_holder": "t", "lease_until": timezone.now()}
        Job.objects.filter(pk=job.pk).update(state=state, cursor=learnt, **held if state == "running" else {})
    other = Job.objects.enqueue("notices.send")
    settle_restored(timezone.now())
    assert set(Job.objects.exclude(pk=other.pk).values_list("state", "lane", "lease_holder")) == {
        ("cancelled", None, "")
    }
    other.refresh_from_db()
    assert other.state == "queued"


def test_a_mark_ahead_by_more_than_the_overlap_is_a_wrong_clock() -> None:
    read_up_to("due", timezone.now() + OVERLAP + MINUTE)
    span = span_of("due", Job(kind="reminders.due"), timedelta(hours=1))
    assert span.until - span.since == timedelta(hours=1)
