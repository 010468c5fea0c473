"""Rules looking through all customers: after a change of theirs, and every night."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kebu.base.fields.directories import Context
from kebu.base.jobs.models import Job
from kebu.base.jobs.registry import Stop, job_kind
from kebu.crm.customers.models import LIVE, Customer
from kebu.crm.tagging.engine import at_work, settle
from kebu.crm.tagging.marking import CHUNK
from kebu.crm.tagging.models import TagRule


def _through(job: Job, stop: Stop, rules: Sequence[TagRule]) -> int:
    """Settle the rules for all customers, from the cursor on, a chunk per transaction."""
    rows = Customer.objects.filter(LIVE)
    total, changed = rows.count(), int(job.cursor.get("changed", 0))
    last, done = int(job.cursor.get("last", 0)), int(job.cursor.get("done", 0))
    top = rows.aggregate(top=Max("pk"))["top"] or 0
    while last < top:
        stop()
        with transaction.atomic():
            ids = list(rows.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:CHUNK])
            if not ids:
                break
            changed += settle(ids, rules, at=timezone.now(), context=Context())
            last, done = ids[-1], done + len(ids)
            cursor = {"last": last, "done": done, "changed": changed}
            job.advance(done, max(total, done), cursor, _("看了%(done)s个客户") % {"done": f"{done:,}"})
    return changed


@job_kind(
    "tagging.work",
    tries=4,
    unit=gettext_lazy("个客户"),
    label=gettext_lazy("按规则打标签"),
    is_rerunnable=False,
)
def work(job: Job, stop: Stop) -> dict[str, Any]:
    """One rule, as it was when this was asked for, with those whose tags exclude its tag."""
    today = timezone.localdate()
    asked = {"pk": job.args["rule"], "version": job.args["version"]}
    rule = TagRule.objects.filter(**asked).select_related("tag__group").first()
    if rule is None or not rule.is_at_work(today):
        return {"changed": 0}
    group = rule.tag.group
    mates = set(
        TagRule.objects.filter(tag__group=group).values_list("pk", flat=True) if group.is_exclusive else []
    )
    rules = [one for one in at_work(today) if one.pk in mates | {rule.pk}]
    changed = _through(job, stop, rules)
    TagRule.objects.filter(**asked).update(applied_at=timezone.now())
    return {"changed": changed}


@job_kind(
    "tagging.tend",
    tries=4,
    unit=gettext_lazy("个客户"),
    label=gettext_lazy("按日期变化的自动标签"),
    lane="tagging.tend",
)
def tend(job: Job, stop: Stop) -> dict[str, Any]:
    """All rules at work: days pass, and rooms write facts of customers that no rule was told of."""
    rules = at_work(timezone.localdate())
    changed = _through(job, stop, rules) if rules else 0
    TagRule.objects.filter(pk__in=[rule.pk for rule in rules]).update(applied_at=timezone.now())
    return {"changed": changed}
