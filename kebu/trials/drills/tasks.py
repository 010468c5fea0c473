"""A job that leaves one trace per step, for drills to count."""

import time
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kebu.base.jobs.choices import State
from kebu.base.jobs.models import Job
from kebu.base.jobs.registry import Stop, job_kind

TRACE = "drills.trace"


@job_kind("drills.count", label=_("演练"), is_rerunnable=False)
def count_up(job: Job, stop: Stop) -> dict[str, Any]:
    """Leave a row for each step of ``args``: done twice, it is there twice."""
    total = int(job.args["total"])
    for step in range(job.cursor.get("step", 0), total):
        stop()
        with transaction.atomic():
            now = timezone.now()
            ended = {"state": State.DONE, "run_at": now, "created_at": now, "finished_at": now}
            Job.objects.create(kind=TRACE, owner_id=job.pk, progress_done=step, **ended)
            job.advance(step + 1, total, {"step": step + 1})
        time.sleep(job.args["pause"])
    return {"steps": total}
