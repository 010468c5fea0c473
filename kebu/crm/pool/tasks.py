"""The night of the pool, by the schedule."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kebu.base.batches.actions import carry_out
from kebu.base.batches.models import Batch
from kebu.base.jobs.models import Job
from kebu.base.jobs.registry import Stop, job_kind
from kebu.crm.pool import recycling
from kebu.crm.pool.rules import rulebook


@job_kind("pool.tend", tries=4, label=_("公海：提醒和自动回收"), lane="pool.tend")
def tend(job: Job, stop: Stop) -> dict[str, Any]:
    """Warn owners, then let fall who was warned long enough ago. Killed anywhere it goes on where it was: the
    cursor has the place in each step, the batch its own, and each customer is looked at again."""
    batch = Batch.objects.filter(pk=job.cursor.get("batch", 0)).first()
    if batch is None:
        stop()
        for former in recycling.unfinished():
            _carry_out(former, job, stop)
        recycling.enter_lost(timezone.now())
        _go_through("forgotten", recycling.forget, job, stop)
        if rulebook().is_on:
            _go_through("warned", partial(recycling.warn, rulebook(), at=timezone.now()), job, stop)
        batch = _begun(job)
    if batch is not None:
        _carry_out(batch, job, stop)
    return {"warned": job.cursor.get("warned", 0), "recycled": batch.changed_count if batch else 0}


def _carry_out(batch: Batch, job: Job, stop: Stop) -> None:
    cursor = dict(job.cursor)
    for _done in carry_out(batch, lambda done, total: job.advance(done, total, cursor)):
        stop()


def _go_through(what: str, chunk: Callable[[int], tuple[int, int | None]], job: Job, stop: Stop) -> None:
    """Do a step of the night chunk by chunk: ``what`` is counted, its place kept beside the count."""
    after: int | None = job.cursor.get(f"{what}_to", 0)
    while after is not None:
        stop()
        with transaction.atomic():
            count, after = chunk(after)
            told = {what: job.cursor.get(what, 0) + count, f"{what}_to": after}
            job.advance(0, 0, {**job.cursor, **told})


@transaction.atomic
def _begun(job: Job) -> Batch | None:
    """One batch a run, kept in the job's cursor with its beginning."""
    at = timezone.now()
    ids = recycling.fallen(at)
    batch = recycling.begun(ids, at) if ids else None
    job.advance(1, 1, {**job.cursor, "batch": batch.pk if batch else 0})
    return batch
