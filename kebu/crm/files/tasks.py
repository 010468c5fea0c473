"""The nightly sweep of the folder."""

from typing import Any

from django.utils import timezone

from kebu.base.jobs.models import Job
from kebu.base.jobs.registry import Stop, job_kind
from kebu.crm.files.actions import sweep


@job_kind("files.sweep", tries=3)
def sweep_folder(job: Job, stop: Stop) -> dict[str, Any]:
    """Delete uploads that belong to nobody."""
    stop()
    return {"swept": sweep(timezone.now())}
