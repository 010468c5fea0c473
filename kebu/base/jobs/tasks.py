"""The house's own upkeep."""

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kebu.base.jobs.models import Job
from kebu.base.jobs.registry import Stop, job_kind
from kebu.base.jobs.upkeep import refresh_figures

KEEP_FINISHED, KEEP_TICKED = timedelta(days=30), timedelta(days=7)


@job_kind("jobs.purge", label=_("清理旧的任务记录"))
def purge(job: Job, stop: Stop) -> dict[str, int]:
    """Delete jobs that ended more than 30 days ago, well done ones of the schedule after a week."""
    now = timezone.now()
    return {"deleted": Job.objects.purge(before=now - KEEP_FINISHED, ticked_before=now - KEEP_TICKED)}


@job_kind("jobs.analyze", label=_("更新数据库统计"), lane="jobs.analyze")
def analyze(job: Job, stop: Stop) -> None:
    """Refresh the figures by which the database chooses its indexes."""
    refresh_figures()
