"""All customers looked at anew, every night and after a change of rules."""

from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kebu.base.jobs.models import Job
from kebu.base.jobs.registry import Stop, job_kind
from kebu.crm.churn.engine import settle
from kebu.crm.churn.models import ChurnWarning, rules
from kebu.crm.customers.choices import CustomerType
from kebu.crm.customers.models import Customer, CustomerQuerySet

CHUNK = 2000


def concerned() -> CustomerQuerySet:
    """Who bought, and whoever has a warning under way."""
    warned = ChurnWarning.objects.under_way().values("customer")
    return Customer.objects.live().filter(Q(customer_type=CustomerType.WON) | Q(pk__in=warned))


def next_ids(last: int) -> list[int]:
    """The keys of the next customers."""
    rows = concerned().filter(pk__gt=last).order_by("pk")
    return list(rows.values_list("pk", flat=True)[:CHUNK])


@job_kind("churn.watch", unit=gettext_lazy("个客户"), label=gettext_lazy("每晚看流失信号"), lane="churn")
def watch(job: Job, stop: Stop) -> dict[str, Any]:
    """Days pass: pauses grow, contracts end, signals go; a chunk done twice is done once."""
    last, changed = int(job.cursor.get("last", 0)), int(job.cursor.get("changed", 0))
    done, total, values = int(job.cursor.get("done", 0)), concerned().count(), rules().values
    while ids := next_ids(last):
        stop()
        with transaction.atomic():
            changed += settle(ids, values, at=timezone.now())
            last, done = ids[-1], done + len(ids)
            cursor = {"last": last, "done": done, "changed": changed}
            job.advance(done, max(total, done), cursor, _("看了%(done)s个客户") % {"done": f"{done:,}"})
    return {"changed": changed}
