"""The nightly sweep of the folder."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kebu.base.jobs.models import Job
from kebu.base.jobs.registry import Stop, job_kind
from kebu.crm.files.actions import sweep


@job_kind("files.sweep", tries=3, label=_("清理没有用上的上传"), lane="files.sweep")
def sweep_folder(job: Job, stop: Stop) -> dict[str, Any]:
    """Delete uploads that belong to nobody."""
    stop()
    return {"swept": sweep(timezone.now())}
