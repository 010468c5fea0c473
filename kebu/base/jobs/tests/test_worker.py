"""The worker with real threads, and with real processes that are killed."""

import os
import random
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection, connections
from django.utils import timezone

from kebu.base.jobs.choices import State
from kebu.base.jobs.models import Job
from kebu.base.jobs.tests.trial_kinds import steps_done, trial_kinds
from kebu.base.jobs.worker import Worker

pytestmark = pytest.mark.django_db(transaction=True)


@contextmanager
def working(folder: Path, tries: int = 2) -> Iterator[Worker]:
    """A worker in a thread of this process."""
    worker = Worker(folder)

    def run() -> None:
        worker.run()
        connections.close_all()

    thread = threading.Thread(target=run)
    with trial_kinds(tries):
        thread.start()
        try:
            yield worker
        finally:
            worker.stop()
            thread.join(20)
    assert not thread.is_alive()


def wait_until(condition: Callable[[], bool], seconds: float = 60) -> float:
    started = time.monotonic()
    while not condition():
        assert time.monotonic() - started < seconds, "waited in vain"
        time.sleep(0.02)
    return time.monotonic() - started


def has_state(job: Job, state: State) -> bool:
    return Job.objects.filter(pk=job.pk, state=state).exists()


def test_done_soon_with_result_and_progress(tmp_path: Path) -> None:
    with working(tmp_path):
        time.sleep(0.5)  # idle first: the pause between looks is at its longest
        job = Job.objects.enqueue("trial.count", {"total": 3})
        assert wait_until(lambda: not has_state(job, State.QUEUED)) < 0.5
        wait_until(lambda: has_state(job, State.DONE))
    job.refresh_from_db()
    assert (job.result, job.progress_done, job.message) == ({"steps": 3}, 3, "第3步")
    assert not list(tmp_path.iterdir())


def test_a_refusal_is_final_and_an_error_is_tried_again(tmp_path: Path) -> None:
    refused, broken = Job.objects.enqueue("trial.refuse"), Job.objects.enqueue("trial.break")
    unknown = Job.objects.enqueue("trial.nobody")
    with working(tmp_path):
        wait_until(lambda: has_state(refused, State.FAILED) and has_state(unknown, State.FAILED))
        later = broken.run_at + timedelta(seconds=5)
        wait_until(lambda: Job.objects.filter(pk=broken.pk, run_at__gt=later).exists())
        Job.objects.filter(pk=broken.pk).update(run_at=timezone.now())
        wait_until(lambda: has_state(broken, State.FAILED))
    refused.refresh_from_db()
    broken.refresh_from_db()
    unknown.refresh_from_db()
    assert refused.error == "文件里没有数据，请换一个文件。"
    assert "试了 2 次" in broken.error
    assert "trial.nobody" in unknown.error


def test_cancelled_between_steps(tmp_path: Path) -> None:
    job = Job.objects.enqueue("trial.count", {"total": 1000, "pause": 0.01})
    with working(tmp_path):
        wait_until(lambda: steps_done() > 2)
        job.cancel(at=timezone.now())
        wait_until(lambda: has_state(job, State.CANCELLED))
    assert steps_done() < 1000


def test_a_stopped_worker_gives_its_job_back_where_it_stands(tmp_path: Path) -> None:
    job = Job.objects.enqueue("trial.count", {"total": 60, "pause": 0.01})
    with working(tmp_path):
        wait_until(lambda: steps_done() > 2)
    job.refresh_from_db()
    assert (job.state, job.cursor["step"]) == (State.QUEUED, steps_done())
    with working(tmp_path):
        wait_until(lambda: has_state(job, State.DONE))
    assert steps_done() == 60


def start_process(folder: Path) -> int:
    """Fork a worker process; return its process id."""
    connections.close_all()
    if hasattr(connection, "close_pool"):
        connection.close_pool()
    pid = os.fork()
    if pid:
        return pid
    try:
        with trial_kinds():
            Worker(folder).run()
    finally:
        os._exit(0)


@pytest.mark.slow
def test_kill_9_loses_nothing_and_doubles_nothing(tmp_path: Path) -> None:
    chance = random.Random(5)
    jobs = [Job.objects.enqueue("trial.count", {"total": 40, "pause": 0.01}) for _ in range(3)]
    for _ in range(6):
        pid = start_process(tmp_path)
        time.sleep(chance.uniform(0.2, 0.6))
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
    with working(tmp_path):
        wait_until(lambda: Job.objects.filter(kind="trial.count", state=State.DONE).count() == len(jobs))
    assert steps_done() == 40 * len(jobs)
