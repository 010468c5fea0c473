"""The nightly purge: what lay in the bin for its days goes for good."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kebu.base.jobs.models import Job
from kebu.base.jobs.registry import Stop, job_kind
from kebu.base.journal.authors import Author
from kebu.crm.recycling.actions import purge
from kebu.crm.recycling.queries import overdue

CHUNK = 200


@job_kind("recycling.purge", tries=3, label=_("清空到期的回收站"), lane="recycling.purge")
def purge_old(job: Job, stop: Stop) -> dict[str, Any]:
    """Purge chunk by chunk; each is whole with its entries in the journal."""
    now, count = timezone.now(), 0
    before = now - timedelta(days=settings.KEBU_RECYCLE_DAYS)
    while items := overdue(before, CHUNK):
        stop()
        count += purge(items, by=Author.system(), at=timezone.now())
    return {"purged": count}
