from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from kebu.base.jobs.backoff import Backoff
from kebu.base.jobs.choices import State
from kebu.base.jobs.models import ABANDONED_LIMIT, LEASE, LINES_BETWEEN, LINES_KEPT, Interrupted, Job

pytestmark = pytest.mark.django_db


def claimed(holder: str = "a") -> Job:
    job = Job.objects.claim(holder, at=timezone.now())
    assert job is not None
    return job


def test_one_of_two_workers_gets_the_job() -> None:
    Job.objects.enqueue("x", {"n": 1}, owner_id=7)
    job = claimed("a")
    assert (job.args, job.owner_id, job.attempts, job.state) == ({"n": 1}, 7, 1, State.RUNNING)
    assert Job.objects.claim("b", at=timezone.now()) is None


def test_a_job_waits_for_its_time_and_the_oldest_goes_first() -> None:
    now = timezone.now()
    late = Job.objects.enqueue("late", at=now + timedelta(hours=1))
    second = Job.objects.enqueue("second", at=now - timedelta(minutes=1))
    first = Job.objects.enqueue("first", at=now - timedelta(minutes=2))
    assert [claimed(), claimed()] == [first, second]
    assert Job.objects.claim("a", at=now) is None
    assert Job.objects.claim("a", at=now + timedelta(hours=2)) == late


def test_the_same_key_is_one_job() -> None:
    first = Job.objects.enqueue("x", key="import-7")
    assert Job.objects.enqueue("x", key="import-7") == first
    assert Job.objects.count() == 1


def test_asking_rolls_back_with_the_transaction_that_asked() -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        Job.objects.enqueue("x")
        raise ZeroDivisionError
    assert not Job.objects.exists()


def test_advance_keeps_cursor_and_lease() -> None:
    Job.objects.enqueue("x")
    job = claimed()
    Job.objects.update(lease_until=timezone.now() + timedelta(seconds=1))
    job.advance(3, 10, {"row": 3}, "已导入3行")
    job.refresh_from_db()
    assert (job.progress_done, job.progress_total, job.cursor, job.message) == (
        3,
        10,
        {"row": 3},
        "已导入3行",
    )
    assert job.lease_until is not None
    assert job.lease_until > timezone.now() + LEASE / 2


def test_who_lost_the_lease_can_neither_advance_nor_finish() -> None:
    Job.objects.enqueue("x")
    slow = claimed("slow")
    Job.objects.sweep(at=timezone.now() + LEASE * 2, dead_holders=[])
    quick = Job.objects.claim("quick", at=timezone.now() + LEASE * 3)
    assert quick is not None
    with pytest.raises(Interrupted):
        slow.advance(1, 2, {})
    with pytest.raises(Interrupted):
        slow.finish({}, at=timezone.now())
    slow.fail("late word", at=timezone.now())
    quick.advance(1, 2, {"row": 1})
    quick.finish({"rows": 2}, at=timezone.now())
    quick.refresh_from_db()
    assert (quick.state, quick.result, quick.error) == (State.DONE, {"rows": 2}, "")


def test_sweep_takes_only_what_is_lost() -> None:
    for kind in ("expired", "dead", "alive"):
        Job.objects.enqueue(kind)
        Job.objects.filter(pk=claimed(kind).pk).update(lease_until=timezone.now() + LEASE)
    Job.objects.filter(kind="expired").update(lease_until=timezone.now() - timedelta(seconds=1))
    assert Job.objects.sweep(at=timezone.now(), dead_holders=["dead"]) == 2
    assert set(Job.objects.filter(state=State.QUEUED).values_list("kind", flat=True)) == {"expired", "dead"}


def test_who_was_interrupted_keeps_his_place() -> None:
    first, second = Job.objects.enqueue("x"), Job.objects.enqueue("y")
    claimed("a")
    Job.objects.sweep(at=timezone.now(), dead_holders=["a"])
    assert [claimed("b"), claimed("b")] == [first, second]


def test_a_job_that_kills_its_workers_is_given_up() -> None:
    Job.objects.enqueue("x")
    Job.objects.filter(pk=claimed().pk).update(attempts=ABANDONED_LIMIT)
    assert Job.objects.sweep(at=timezone.now(), dead_holders=["a"]) == 0
    job = Job.objects.get()
    assert job.state == State.FAILED
    assert "没有进展" in job.error


def test_cancel_waiting_running_and_finished() -> None:
    job = Job.objects.enqueue("x")
    assert job.cancel(at=timezone.now())
    assert Job.objects.claim("a", at=timezone.now()) is None
    Job.objects.enqueue("y")
    running = claimed()
    assert running.cancel(at=timezone.now())
    running.refresh_from_db()
    assert running.is_stopping
    assert running.is_cancel_asked()
    running.finish({}, at=timezone.now())
    assert not running.cancel(at=timezone.now())
    assert Job.objects.get(kind="y").state == State.DONE


def test_purge_keeps_what_is_young_or_unfinished() -> None:
    now = timezone.now()
    for kind, days, key in (("old", 40, None), ("young", 8, None), ("tick", 8, "tick:tick#1")):
        Job.objects.enqueue(kind, key=key)
        claimed().finish({}, at=now - timedelta(days=days))
    Job.objects.enqueue("again", again=Job.objects.get(kind="old"))
    Job.objects.get(kind="old").note("第一批")
    Job.objects.enqueue("waiting", at=now - timedelta(days=50))
    bounds = {"before": now - timedelta(days=30), "ticked_before": now - timedelta(days=7)}
    assert Job.objects.purge(**bounds) == 2
    assert set(Job.objects.values_list("kind", "again")) == {
        ("young", None),
        ("waiting", None),
        ("again", None),
    }


def test_of_one_lane_one_runs_and_the_others_wait() -> None:
    lanes, now = {"backup": "shelf", "check": "shelf"}, timezone.now() + timedelta(minutes=1)
    for number in range(7):
        Job.objects.enqueue("backup", {"n": number})
    check, other = Job.objects.enqueue("check"), Job.objects.enqueue("other")
    first = Job.objects.claim("a", at=now, lanes=lanes)
    assert first is not None
    assert first.args == {"n": 0}
    assert Job.objects.claim("b", at=now, lanes=lanes) == other  # behind eight that wait for the lane
    assert Job.objects.claim("b", at=now, lanes=lanes) is None
    Job.objects.filter(kind="backup", state=State.QUEUED).delete()
    first.retry_later("later", at=now + timedelta(hours=1))
    assert Job.objects.claim("b", at=now, lanes=lanes) == check
    assert Job.objects.sweep(at=now, dead_holders=["b"]) == 2
    assert not Job.objects.filter(lane__isnull=False).exists()


def test_two_who_look_at_once_do_not_both_get_the_lane() -> None:
    one, two = Job.objects.enqueue("backup"), Job.objects.enqueue("backup")
    assert Job.objects.all()._take(one.pk, "a", "shelf", timezone.now())
    assert not Job.objects.all()._take(two.pk, "b", "shelf", timezone.now())
    two.refresh_from_db()
    assert two.state == State.QUEUED


def test_a_clock_put_forward_takes_no_job_from_a_worker_at_work() -> None:
    Job.objects.enqueue("x")
    job, later = claimed("alive"), timezone.now() + timedelta(days=400)
    assert Job.objects.sweep(at=later, dead_holders=[], living=["alive"]) == 0
    assert Job.objects.sweep(at=later, dead_holders=[], living=["other"]) == 1
    assert [line.text for line in job.lines.all()] == ["执行它的进程停了，重新排队"]


def test_a_clock_put_back_frees_what_a_dead_worker_held_ahead() -> None:
    Job.objects.enqueue("x")
    claimed("gone")
    earlier = timezone.now() - timedelta(days=400)
    Job.objects.sweep(at=earlier, dead_holders=[])
    assert Job.objects.sweep(at=earlier + LEASE * 2, dead_holders=[]) == 1


def test_lines_of_a_job_stay_few() -> None:
    job = Job.objects.enqueue("x")
    for number in range(LINES_KEPT + 2 * LINES_BETWEEN):
        job.note(f"第{number}批")
    assert job.lines.count() == LINES_KEPT
    assert job.lines.latest("pk").text == "第239批"


def test_pauses_grow_to_a_longest_one_and_never_fall_together() -> None:
    backoff = Backoff(first=10, factor=4, longest=600)
    assert [backoff.seconds(tries) for tries in range(1, 6)] == [10, 40, 160, 600, 600]
    pauses = {backoff.pause(2).total_seconds() for _ in range(50)}
    assert len(pauses) > 40
    assert all(32 <= pause <= 48 for pause in pauses)


def test_how_long_a_job_took_counts_from_its_first_start() -> None:
    now = timezone.now()
    Job.objects.enqueue("x", at=now)
    job = Job.objects.claim("a", at=now)
    assert job is not None
    job.retry_later("oops", at=now)
    job = Job.objects.claim("b", at=now + timedelta(seconds=30))
    assert job is not None
    job.finish({}, at=now + timedelta(seconds=40))
    job.refresh_from_db()
    assert job.seconds == 40
