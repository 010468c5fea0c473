"""Jobs whose steps drills count: one that leaves a trace per step, one that tells a person many things."""

import time
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kebu.base.jobs.choices import State
from kebu.base.jobs.models import Job
from kebu.base.jobs.registry import Stop, job_kind
from kebu.office.notices.actions import Note, notify_many
from kebu.office.notices.kinds import TEST
from kebu.office.staff.models import User
from kebu.trials.drills.apps import SILENT

TRACE = "drills.trace"
LOUD_EVERY, CHUNK = 50, 1_000  # of so many notices one goes out


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


@job_kind("drills.tell", label=_("演练"), is_rerunnable=False)
def tell(job: Job, stop: Stop) -> dict[str, Any]:
    """Tell the first person ``total`` things, as rooms do: by chunks, whose cursor is written with them."""
    total, reader = int(job.args["total"]), User.objects.earliest("pk").pk
    for start in range(job.cursor.get("told", 0), total, CHUNK):
        stop()
        numbers = range(start, min(start + CHUNK, total))
        notes = [
            Note(
                reader,
                SILENT if number % LOUD_EVERY else TEST,
                f"drill:{number}",
                f"第{number}件",
                "/notices/",
            )
            for number in numbers
        ]
        with transaction.atomic():
            notify_many(notes, at=timezone.now())
            job.advance(numbers.stop, total, {"told": numbers.stop})
    return {"told": total}
