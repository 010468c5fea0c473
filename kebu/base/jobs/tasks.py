"""The house's own upkeep."""

from datetime import timedelta

from django.utils import timezone

from kebu.base.jobs.models import Job
from kebu.base.jobs.registry import Stop, job_kind
from kebu.base.jobs.upkeep import refresh_figures

KEEP_FINISHED = timedelta(days=30)


@job_kind("jobs.purge")
def purge(job: Job, stop: Stop) -> dict[str, int]:
    """Delete jobs that ended more than 30 days ago."""
    return {"deleted": Job.objects.purge(before=timezone.now() - KEEP_FINISHED)}


@job_kind("jobs.analyze")
def analyze(job: Job, stop: Stop) -> None:
    """Refresh the figures by which the database chooses its indexes."""
    refresh_figures()
