"""The nightly look at shares, and figures counted from what hangs on customers."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kebu.base.jobs.models import Job
from kebu.base.jobs.registry import Stop, job_kind
from kebu.crm.customers import rollups
from kebu.crm.customers.collaborators import CHUNK, end_expired


@job_kind("customers.shares", tries=3, label=_("结束到期的协作"), lane="customers.shares")
def tend_shares(job: Job, stop: Stop) -> dict[str, Any]:
    """End shares whose last day has passed: nobody could use them any more, now nobody sees them either."""
    total = 0
    while True:
        stop()
        ended = end_expired(timezone.localdate(), at=timezone.now())
        total += ended
        if ended < CHUNK:
            return {"ended": total}


@job_kind("customers.roll_ups", tries=4, unit=_("个客户"), label=_("重新计算汇总字段"))
def count_roll_ups(job: Job, stop: Stop) -> dict[str, Any]:
    """Count a new roll-up for all customers; without one, every night, those that change as days pass."""
    name, last, changed = job.args.get("field", ""), int(job.cursor.get("last", 0)), job.progress_done
    fields = [one for one in rollups.rolled_up(moving=not name) if name in ("", one.name)]
    while fields:
        stop()
        with transaction.atomic():
            last, count = rollups.renew_after(last, fields)
            changed += count
            if not last:
                break
            job.advance(changed, changed, {"last": last})
    return {"changed": changed}
