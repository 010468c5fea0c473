"""Upkeep of the journal: bring in what waits, drop anchors, verify, let old entries go."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kebu.base.jobs.models import Job
from kebu.base.jobs.registry import Stop, job_kind
from kebu.base.journal import anchors
from kebu.base.journal.authors import Author
from kebu.base.journal.chain import seal_waiting
from kebu.base.journal.choices import Door
from kebu.base.journal.denials import bring_in
from kebu.base.journal.upkeep import trim
from kebu.front.audit.actions import check, in_short
from kebu.office.staff.models import User

EVERY = 20_000  # entries between two signs of progress


@job_kind("audit.tend", label=_("操作日志收尾"), lane="audit.tend")
def tend(job: Job, stop: Stop) -> dict[str, Any]:
    """Denied attempts into the journal, what waits into the chain, an anchor behind it."""
    denied, sealed = bring_in(), seal_waiting()
    return {"denied": denied, "sealed": sealed, "anchored": anchors.drop(timezone.now())}


@job_kind("audit.trim", label=_("清理到期的操作日志"), lane="audit.trim")
def trim_old(job: Job, stop: Stop) -> dict[str, int]:
    """Let entries go that are older than the office keeps them."""
    now, count = timezone.now(), 0
    for gone in trim(now - timedelta(days=settings.KEBU_JOURNAL_DAYS), by=Author.system(), at=now):
        count += gone
        stop()
    return {"deleted": count}


@job_kind("audit.verify", tries=2, unit=_("条"), label=_("校验操作日志"))
def verify_all(job: Job, stop: Stop) -> dict[str, Any]:
    """Read the whole chain; begun anew when interrupted."""
    user = User.objects.filter(pk=job.owner_id or 0).first()
    by = Author.for_user(user, Door.PAGE) if user else Author.system()

    def progress(done: int, total: int) -> None:
        if done % EVERY == 0:
            job.advance(done, max(done, total), {})
            stop()

    seal_waiting()
    report = check(progress, by=by, at=timezone.now())
    job.advance(report.checked, max(report.checked, 1), {}, in_short(report))
    return {"found": report.found, "checked": report.checked}
