"""Job kinds that only tests register."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction
from django.utils import timezone

from kebu.base.jobs.choices import State
from kebu.base.jobs.models import Job, JobFailed
from kebu.base.jobs.registry import KINDS, JobFunction, Kind, Stop


def count_up(job: Job, stop: Stop) -> dict[str, int]:
    """Leave one trace per step; the trace's unique key makes a step done twice an error."""
    total = job.args["total"]
    for step in range(job.cursor.get("step", 0), total):
        stop()
        with transaction.atomic():
            now = timezone.now()
            trace = {"state": State.DONE, "run_at": now, "created_at": now, "finished_at": now}
            Job.objects.create(kind="trace", key=f"{job.pk}-{step}", **trace)
            job.advance(step + 1, total, {"step": step + 1}, f"第{step + 1}步")
        time.sleep(job.args.get("pause", 0))
    return {"steps": total}


def refuse(job: Job, stop: Stop) -> None:
    raise JobFailed("文件里没有数据，请换一个文件。")


def break_down(job: Job, stop: Stop) -> None:
    raise ZeroDivisionError("oops")


TRIAL_KINDS: dict[str, JobFunction] = {
    "trial.count": count_up,
    "trial.refuse": refuse,
    "trial.break": break_down,
}


@contextmanager
def trial_kinds(tries: int = 2) -> Iterator[None]:
    """Register the kinds of this file for one test."""
    KINDS.update({name: Kind(name, function, tries) for name, function in TRIAL_KINDS.items()})
    try:
        yield
    finally:
        for name in TRIAL_KINDS:
            del KINDS[name]


def steps_done() -> int:
    """Count the traces that count_up left."""
    return Job.objects.filter(kind="trace").count()
