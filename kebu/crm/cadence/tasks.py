"""All customers planned anew: every night, and after a change of rules."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kebu.base.jobs.models import Job
from kebu.base.jobs.registry import Stop, job_kind
from kebu.crm.cadence.engine import World, is_settled, settle
from kebu.crm.cadence.foresight import foresee
from kebu.crm.cadence.loads import renew_shares
from kebu.crm.cadence.models import RuleChange
from kebu.crm.cadence.seen import COLUMNS, chunks, look_closer, seen_of
from kebu.crm.customers.models import Customer

CHUNK = 1000


def settle_after(last: int, world: World, *, at: datetime) -> tuple[int, int, int]:
    """Settle the next customers by number: the last of them (0 at the end), how many they were, how many
    turns changed.

    Most stand as they should in most nights: all are looked at first, and those alone are held and written
    that do not, so that nobody waits for the rest.
    """
    found = next(chunks(Customer.objects.order_by("pk"), CHUNK, last), [])
    if not found:
        return 0, 0, 0
    look_closer(found)
    ids = [one.pk for one in found if not is_settled(one, world)]
    changed = 0
    if ids:
        with transaction.atomic():
            rows = Customer.objects.filter(pk__in=ids).order_by("pk").select_for_update(no_key=True)
            held = [seen_of(row) for row in rows.values_list(*COLUMNS)]
            look_closer(held)
            changed = settle(held, world, at=at)
    return found[-1].pk, len(found), changed


def through(job: Job, stop: Stop) -> dict[str, Any]:
    """Settle every customer, from the cursor on; a chunk done twice is done once."""
    last, changed = int(job.cursor.get("last", 0)), int(job.cursor.get("changed", 0))
    done, total = int(job.cursor.get("done", 0)), Customer.objects.count()
    world = World.now(timezone.now())
    if not last:
        with transaction.atomic():
            renew_shares(world.rules, world.today)
    while True:
        stop()
        last, count, moved = settle_after(last, world, at=timezone.now())
        if not last:
            return {"changed": changed}
        done, changed = done + count, changed + moved
        cursor = {"last": last, "done": done, "changed": changed}
        job.advance(done, max(total, done), cursor, _("排了%(done)s个客户") % {"done": f"{done:,}"})


@job_kind("cadence.tend", unit=gettext_lazy("个客户"), label=gettext_lazy("每晚重排跟进节奏"), lane="cadence")
def tend(job: Job, stop: Stop) -> dict[str, Any]:
    """Days pass: plans come into reach, rules begin, plans end, customers are archived."""
    return through(job, stop)


@job_kind("cadence.work", unit=gettext_lazy("个客户"), label=gettext_lazy("重排跟进节奏"), lane="cadence")
def work(job: Job, stop: Stop) -> dict[str, Any]:
    """The rules have changed."""
    return through(job, stop)


@job_kind("cadence.foresee", unit=gettext_lazy("个客户"), label=gettext_lazy("算节奏调整的影响"))
def look_ahead(job: Job, stop: Stop) -> dict[str, Any]:
    """What a wished change would come to, for who looks at it before it takes effect; begun anew when it was
    broken off."""
    change = RuleChange.objects.filter(pk=job.args["change"]).first()
    if change is None:
        return {}
    total = Customer.objects.live().count()

    def progress(done: int) -> None:
        stop()
        text = _("算了%(done)s个客户") % {"done": f"{done:,}"}
        job.advance(done, max(total, done), {"done": done}, text)

    change.result = foresee(change.wish, world=World.now(timezone.now()), progress=progress)
    change.save(update_fields=["result"])
    return {"moved": change.result["moved"]}
