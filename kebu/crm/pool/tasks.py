"""The night of the pool, by the schedule."""

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
    warnings are rows of their own, the batch has its cursor, and each customer is looked at again."""
    batch = Batch.objects.filter(pk=job.cursor.get("batch", 0)).first()
    if batch is None:
        stop()
        recycling.enter_lost(timezone.now())
        _forget(job, stop)
        warned = _warn(job, stop)
        batch = _begun(job, warned)
    if batch is None:
        return {"warned": job.cursor.get("warned", 0), "recycled": 0}
    cursor = dict(job.cursor)
    for _done in carry_out(batch, lambda done, total: job.advance(done, total, cursor)):
        stop()
    return {"warned": job.cursor.get("warned", 0), "recycled": batch.changed_count}


def _forget(job: Job, stop: Stop) -> None:
    after: int | None = 0
    while after is not None:
        stop()
        after = recycling.forget(after)
        job.advance(0, 0, {})  # the worker is alive


def _warn(job: Job, stop: Stop) -> int:
    book, at, count = rulebook(), timezone.now(), 0
    after: int | None = 0 if book.is_on else None
    while after is not None:
        stop()
        fresh, after = recycling.warn(book, after, at)
        count += fresh
        job.advance(0, 0, {})
    return count


@transaction.atomic
def _begun(job: Job, warned: int) -> Batch | None:
    """One batch a run, kept in the job's cursor with its beginning."""
    at = timezone.now()
    ids = recycling.fallen(at)
    batch = recycling.begun(ids, at) if ids else None
    job.advance(1, 1, {"batch": batch.pk if batch else 0, "warned": warned})
    return batch
