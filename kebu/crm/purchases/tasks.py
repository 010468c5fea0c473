"""All who bought of late looked at anew, every night and after a change of the rule."""

from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kebu.base.jobs.models import Job
from kebu.base.jobs.registry import Stop, job_kind
from kebu.base.kit.dates import local_day
from kebu.crm.customers.models import Customer, CustomerQuerySet
from kebu.crm.purchases.growth import Rule
from kebu.crm.purchases.models import Purchase, growth_rule
from kebu.crm.purchases.rises import look_again

CHUNK = 500


def concerned(rule: Rule, today: date) -> CustomerQuerySet:
    """Who bought within the two stretches; of nobody else a rise can come or stand."""
    first = today - timedelta(days=2 * rule.days)
    bought = Purchase.objects.filter(customer=OuterRef("pk"), bought_on__gt=first)
    return Customer.objects.live().filter(Exists(bought))


def next_ids(rule: Rule, today: date, last: int) -> list[int]:
    """The keys of the next customers."""
    rows = concerned(rule, today).filter(pk__gt=last).order_by("pk")
    return list(rows.values_list("pk", flat=True)[:CHUNK])


@job_kind("purchases.watch", unit=gettext_lazy("个客户"), label=gettext_lazy("每晚看采购增长"), lane="growth")
def watch(job: Job, stop: Stop) -> dict[str, Any]:
    """Days pass: what was bought long ago is compared no more; a chunk done twice is done once."""
    last, changed, done = (int(job.cursor.get(name, 0)) for name in ("last", "changed", "done"))
    rule, today = growth_rule().values, local_day(timezone.now())
    total = concerned(rule, today).count()
    while ids := next_ids(rule, today, last):
        stop()
        with transaction.atomic():
            changed += look_again(ids, rule, at=timezone.now())
            last, done = ids[-1], done + len(ids)
            cursor = {"last": last, "done": done, "changed": changed}
            job.advance(done, max(total, done), cursor, _("看了%(done)s个客户") % {"done": f"{done:,}"})
    return {"changed": changed}
