import os
import time as clock
from collections import Counter
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone
from django.utils.module_loading import import_string

from kebu.base.jobs.choices import State
from kebu.base.jobs.models import TICKED, Job, Tick
from kebu.base.jobs.recurring import Clock, Recurring, _take
from kebu.base.jobs.registry import KINDS, learn
from kebu.base.jobs.tests.trial_kinds import trial_kinds
from kebu.base.jobs.worker import Worker
from kebu.base.kit.dates import SHANGHAI

NIGHTLY = Recurring("nightly", daily_at=time(3, 30))
QUARTERLY = Recurring("quarterly", every_minutes=15)
DIGEST = Recurring("digest", daily_at=time(8, 30), latest_minutes=90)
PURGE = Recurring("purge", daily_at=time(3, 50), is_calm=True)
HOUSE = (NIGHTLY, QUARTERLY, DIGEST, PURGE)
NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)  # 12:00 in Shanghai
DAYS = timedelta(days=1)


@pytest.mark.parametrize(
    ("line", "now", "slot"),
    [
        # 03:30 in Shanghai is 19:30 UTC of the day before
        (NIGHTLY, datetime(2026, 3, 1, 19, 30, tzinfo=UTC), datetime(2026, 3, 1, 19, 30, tzinfo=UTC)),
        (NIGHTLY, datetime(2026, 3, 1, 19, 29, tzinfo=UTC), datetime(2026, 2, 28, 19, 30, tzinfo=UTC)),
        (QUARTERLY, datetime(2026, 3, 1, 1, 44, 59, tzinfo=UTC), datetime(2026, 3, 1, 1, 30, tzinfo=UTC)),
        (QUARTERLY, datetime(2026, 3, 1, 16, 0, tzinfo=UTC), datetime(2026, 3, 1, 16, 0, tzinfo=UTC)),
        (NIGHTLY, datetime(2028, 2, 29, 12, 0, tzinfo=UTC), datetime(2028, 2, 28, 19, 30, tzinfo=UTC)),
    ],
)
def test_slot(line: Recurring, now: datetime, slot: datetime) -> None:
    assert line.slot(now) == slot
    assert slot < line.next_slot(now) == line.slot(now + line.period)


@pytest.mark.parametrize("line", HOUSE, ids=lambda line: line.kind)
@pytest.mark.parametrize("year", [1986, 1988, 1991, 2026])
def test_slots_only_grow_through_summer_time(line: Recurring, year: int) -> None:
    """China put its clocks forward and back from 1986 to 1991; every day has each of its slots once."""
    begin, hours = datetime(year, 4, 1, tzinfo=UTC), 24 * 180
    slots = [line.slot(begin + timedelta(hours=number)) for number in range(hours)]
    assert slots == sorted(slots)
    days = Counter(slot.astimezone(SHANGHAI).date() for slot in set(slots))
    assert line.daily_at is None or set(days.values()) == {1}


def test_the_zone_of_the_machine_does_not_matter() -> None:
    before = os.environ.get("TZ")
    slots = set()
    try:
        for zone in ("Asia/Shanghai", "America/New_York", "UTC"):
            os.environ["TZ"] = zone
            clock.tzset()
            local = datetime.fromtimestamp(NOON.timestamp()).astimezone()
            slots.add((NIGHTLY.slot(local), QUARTERLY.slot(local), DIGEST.next_slot(local)))
    finally:
        os.environ.pop("TZ") if before is None else os.environ.update(TZ=before)
        clock.tzset()
    assert len(slots) == 1


def asked() -> Counter[str]:
    """How many jobs there are of each kind."""
    return Counter(Job.objects.values_list("kind", flat=True))


def settled(at: datetime = NOON) -> None:
    """A house whose schedule is up to date and whose jobs are done."""
    Clock(HOUSE).tick(at=at)
    Job.objects.all().delete()


@pytest.mark.django_db
def test_two_workers_and_restarts_ask_for_a_slot_once() -> None:
    now = datetime(2026, 3, 1, 20, 0, tzinfo=UTC)
    for worker in (Clock((NIGHTLY,)), Clock((NIGHTLY,))):
        worker.tick(at=now)
        worker.tick(at=now + timedelta(hours=1))
    assert Job.objects.count() == 1
    Clock((NIGHTLY,)).tick(at=now + timedelta(days=1))
    assert Job.objects.count() == 2


@pytest.mark.django_db
def test_who_read_the_row_before_another_moved_it_on_asks_for_nothing() -> None:
    settled()
    row = Tick.objects.get(kind="nightly")
    assert _take(row, row.slot + DAYS)
    assert not _take(row, row.slot + DAYS)


@pytest.mark.django_db
def test_what_is_not_done_yet_does_not_pile_up() -> None:
    settled()
    worker = Clock(HOUSE)
    for turn in range(1, 5):
        worker.tick(at=NOON + turn * QUARTERLY.period)
    assert asked() == {"quarterly": 1}
    Job.objects.filter(kind="quarterly").update(state=State.DONE, finished_at=NOON)
    worker.tick(at=NOON + 5 * QUARTERLY.period)
    assert asked() == {"quarterly": 2}


@pytest.mark.django_db
@pytest.mark.parametrize("off", [timedelta(days=1), timedelta(days=40), timedelta(days=3650)])
def test_after_a_time_off_each_line_is_made_up_for_once(off: timedelta) -> None:
    settled()
    start = NOON + off
    for worker in (Clock(HOUSE), Clock(HOUSE)):
        for second in range(5):
            worker.tick(at=start + timedelta(seconds=second))
    assert asked() == {"nightly": 1, "quarterly": 1, "purge": 1}  # the digest of this morning is let go
    waits = {job.kind: job.run_at - start for job in Job.objects.all()}
    assert waits["quarterly"] == timedelta(0)
    assert waits["nightly"] < timedelta(minutes=1)
    assert waits["purge"] == timedelta(hours=1)


@pytest.mark.django_db
def test_a_digest_may_be_late_but_not_for_long() -> None:
    settled()
    morning = datetime(2026, 3, 3, 1, 0, tzinfo=UTC)  # 9:00, half an hour late
    Clock((DIGEST,)).tick(at=morning)
    assert asked() == {"digest": 1}
    Clock((DIGEST,)).tick(at=morning + DAYS + timedelta(hours=4))
    assert asked() == {"digest": 1}
    Clock((DIGEST,)).tick(at=morning + 2 * DAYS - timedelta(minutes=30))
    assert asked() == {"digest": 2}


@pytest.mark.django_db
@pytest.mark.parametrize("back", [timedelta(minutes=4), timedelta(hours=3), timedelta(days=3)])
def test_a_clock_put_back_does_nothing_twice_and_stops_nothing(back: timedelta) -> None:
    settled()
    worker = Clock(HOUSE)
    worker.tick(at=NOON)
    for minute in range(0, 60, 5):
        worker.tick(at=NOON - back + timedelta(minutes=minute))
        Job.objects.filter(state=State.QUEUED).update(state=State.DONE, finished_at=NOON)
    found = asked()
    assert found["nightly"] == found["purge"] == found["digest"] == 0
    assert found["quarterly"] in (3, 4)  # goes on by its period
    for hour in range(48):
        worker.tick(at=NOON - back + timedelta(hours=hour))
    assert {asked()[kind] for kind in ("nightly", "purge", "digest")} <= {1, 2}


@pytest.mark.django_db
def test_a_clock_a_year_ahead_and_right_again_leaves_nothing_waiting_or_thrown_away() -> None:
    settled()
    worker, ahead = Clock(HOUSE), NOON + timedelta(days=365)
    worker.tick(at=ahead)
    Job.objects.update(created_at=ahead)
    retried = Job.objects.get(kind="nightly")
    Job.objects.filter(pk=retried.pk).update(attempts=1, run_at=ahead + timedelta(minutes=3), created_at=NOON)
    worker.tick(at=NOON + timedelta(seconds=20))
    states = dict(Job.objects.values_list("kind", "state"))
    assert states == {"nightly": State.QUEUED, "quarterly": State.QUEUED, "purge": State.CANCELLED}
    assert not Job.objects.filter(state=State.QUEUED, run_at__gt=NOON + timedelta(minutes=1)).exists()
    worker.tick(at=NOON + DAYS)
    assert asked()["purge"] == 2  # goes on tomorrow


@pytest.mark.django_db
@pytest.mark.parametrize(("late", "is_done"), [(timedelta(minutes=1), True), (timedelta(hours=3), False)])
def test_what_throws_away_waits_anew_when_its_hour_ends_by_a_leap(
    tmp_path: Path, late: timedelta, is_done: bool
) -> None:
    """A second leap of the clock within the hour that the first one cost ends it at once, by that clock."""
    worker, now = Worker(tmp_path, HOUSE), timezone.now()
    Job.objects.enqueue("purge", at=now - late, key=f"{TICKED}purge#1")
    job = Job.objects.claim(worker.presence.holder, at=now)
    assert job is not None
    with trial_kinds():
        worker.perform(job)
    job.refresh_from_db()
    assert (job.state == State.QUEUED) is not is_done
    assert (job.run_at > now + timedelta(minutes=59)) is not is_done
    worker.presence.leave()


def test_every_line_of_the_house_schedule_has_a_function_and_a_name() -> None:
    learn()
    lines = {line.kind for line in import_string(settings.KEBU_SCHEDULE)}
    assert lines <= set(KINDS)
    assert not [kind.name for kind in KINDS.values() if not kind.label]
