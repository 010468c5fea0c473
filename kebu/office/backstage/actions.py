"""What an administrator does with jobs; each is written down in the journal."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from kebu.base.jobs.choices import FINAL, Level, State
from kebu.base.jobs.models import Job
from kebu.base.jobs.registry import KINDS, label_of, learn
from kebu.base.journal.authors import Author
from kebu.base.journal.choices import Action
from kebu.base.journal.models import JournalEntry, Line


class Refused(Exception):
    """It cannot be done; the message says why and what to do instead."""


def why_not_again(job: Job) -> str:
    """Why a job cannot be run again from here; empty when it can."""
    learn()
    kind = KINDS.get(job.kind)
    if job.state != State.FAILED:
        return _("只有没有完成的任务可以重做。")
    if kind is None:
        return _("现在的版本里没有这种任务，不能重做。")
    if not kind.is_rerunnable:
        return _("这种任务要在它自己的页面上接着做，请找发起人。")
    return ""


@transaction.atomic
def run_again(job: Job, *, by: Author, at: datetime) -> Job:
    """Another run of a failed job, for whom it was; pressed twice it is one."""
    if reason := why_not_again(job):
        raise Refused(reason)
    key = f"again:{job.pk}"
    if found := Job.objects.filter(key=key).first():
        return found
    new = Job.objects.enqueue(job.kind, job.args, owner_id=job.owner_id, at=at, key=key, again=job)
    new.note(_("%(name)s让它重做") % {"name": by.name})
    _write(new, Action.CREATE, {"again": [None, job.pk]}, by=by, at=at)
    return new


@transaction.atomic
def cancel(job: Job, *, by: Author, at: datetime) -> None:
    """Cancel a job of anybody: at once while it waits, at its next step while it runs."""
    before = job.state
    if not job.cancel(at=at):
        raise Refused(_("它已经结束了，没有什么可取消。"))
    job.note(_("%(name)s取消了它") % {"name": by.name}, Level.WARN)
    _write(job, Action.CHANGE, {"state": [before, State.CANCELLED.value]}, by=by, at=at)


@transaction.atomic
def run_now(kind: str, *, by: Author, at: datetime) -> Job:
    """Do a line of the schedule now; what waits or runs already is not asked for twice."""
    there = Job.objects.filter(kind=kind)
    if there.exclude(state__in=FINAL).filter(run_at__lte=at).exists():
        raise Refused(_("它已经在排队或正在做，请等它做完。"))
    last = there.aggregate(last=Max("pk"))["last"] or 0
    job = Job.objects.enqueue(kind, owner_id=by.user_id, at=at, key=f"now:{kind}:{last}")
    job.note(_("%(name)s让它现在就做") % {"name": by.name})
    _write(job, Action.CREATE, {}, by=by, at=at)
    return job


def _write(job: Job, action: Action, changes: dict[str, list[Any]], *, by: Author, at: datetime) -> None:
    line = Line("job", job.pk, label_of(job.kind), action, 1, None, changes)
    JournalEntry.objects.record([line], by=by, at=at)
