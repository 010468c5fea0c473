"""Snapshots by themselves, and the end of what was deleted long ago."""

from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kebu.base.jobs.models import Job
from kebu.base.jobs.registry import Stop, job_kind
from kebu.base.journal.authors import Author
from kebu.base.journal.choices import Door
from kebu.base.tables.actions import forget_all
from kebu.crm.customers.columns import TABLE
from kebu.crm.segments.actions import Refused
from kebu.crm.segments.choices import KEPT_DAYS
from kebu.crm.segments.models import SavedView, Segment
from kebu.crm.segments.snapshots import due, take
from kebu.office.staff.models import User


@job_kind("segments.tend", tries=3, label=_("分群的每月快照和清理"), lane="segments.tend")
def tend(job: Job, stop: Stop) -> dict[str, Any]:
    """Take the snapshots of the month; what was deleted long ago goes for good. Done twice is done once."""
    taken = 0
    for segment in due(timezone.localdate()):
        stop()
        try:
            take(segment, by=Author.system(), at=timezone.now(), is_scheduled=True)
            problem = ""
            taken += 1
        except Refused as refused:
            problem = refused.message[:200]
        if problem != segment.problem:
            Segment.objects.filter(pk=segment.pk).update(problem=problem)
    stop()
    before, gone = timezone.now() - timedelta(days=KEPT_DAYS), 0
    forget_all(f"{TABLE}:{view.code}" for view in SavedView.objects.filter(discarded_at__lt=before))
    for model in (SavedView, Segment):
        gone += model.objects.filter(discarded_at__lt=before).delete()[0]
    return {"taken": taken, "gone": gone}


@job_kind("segments.snapshot", tries=3, label=_("给分群拍快照"))
def snapshot(job: Job, stop: Stop) -> dict[str, Any]:
    """Take a snapshot of a long segment for who asked."""
    stop()
    segment = Segment.objects.live().filter(pk=job.args["segment"]).first()
    user = User.objects.filter(pk=job.owner_id or 0).first()
    if segment is None or user is None:
        return {}
    by = Author.for_user(user, Door.PAGE)
    try:
        shot = take(segment, by=by, at=timezone.now())
    except Refused as refused:
        Segment.objects.filter(pk=segment.pk).update(problem=refused.message[:200])
        return {}
    return {"count": shot.count}
