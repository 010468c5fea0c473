"""The nightly look at shares."""

from typing import Any

from django.utils import timezone

from kebu.base.jobs.models import Job
from kebu.base.jobs.registry import Stop, job_kind
from kebu.crm.customers.collaborators import CHUNK, end_expired


@job_kind("customers.shares", tries=3)
def tend_shares(job: Job, stop: Stop) -> dict[str, Any]:
    """End shares whose last day has passed: nobody could use them any more, now nobody sees them either."""
    total = 0
    while True:
        stop()
        ended = end_expired(timezone.localdate(), at=timezone.now())
        total += ended
        if ended < CHUNK:
            return {"ended": total}
