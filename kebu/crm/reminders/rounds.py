"""A round of reminders: from the last mark to now, step by step, chunk by chunk, each reminder exactly once.

What a round reads is fixed when it begins and kept in the job's cursor; notices and cursor are written in one
transaction. A worker that dies leaves whole chunks behind, the next one goes on. A round that is told again
from the beginning tells nobody twice, for the keys of notices do not change.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from kebu.base.jobs.models import Job
from kebu.base.jobs.registry import Stop
from kebu.crm.reminders.models import Mark
from kebu.office.notices.actions import Note, notify_many

CHUNK = 250  # a second of work at most, also on a busy machine: a worker that dies loses no more
OVERLAP = timedelta(minutes=2)  # of two rounds: a transaction that began before the last one may end after it
FEW = 5  # customers of one owner told one by one; more are told as a number
LONGEST = timedelta(days=7)  # further back nothing is reminded of any more

Place = Sequence[Any] | None


@dataclass(frozen=True, slots=True)
class Span:
    """What a round is about: what became due after ``since`` and up to ``until``."""

    since: datetime
    until: datetime


Read = Callable[[Span, Place, int], tuple[list[Note], Place]]


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to read: ``read(span, after, size)`` answers notes and the place behind them, None at the
    end."""

    name: str
    read: Read


def span_of(name: str, job: Job, first: timedelta) -> Span:
    """The span of this job: as it was when the job began, else from the mark to now.

    Without a mark it begins ``first`` ago. A mark that lies further ahead than rounds overlap was set by a
    wrong clock.
    """
    if "until" in job.cursor:
        return Span(*(datetime.fromisoformat(job.cursor[end]) for end in ("since", "until")))
    now = timezone.now()
    mark = Mark.objects.filter(name=name).values_list("at", flat=True).first()
    if mark is None or mark > now + OVERLAP:
        return Span(now - first, now)
    return Span(max(mark - OVERLAP, now - LONGEST), now)


def go_round(name: str, job: Job, stop: Stop, steps: Sequence[Step], span: Span) -> dict[str, int]:
    """Tell everything the steps find, then move the mark."""
    ends = {"since": span.since.isoformat(), "until": span.until.isoformat()}
    done = list(job.cursor.get("done", []))
    told = int(job.cursor.get("told", 0))
    for step in steps:
        if step.name in done:
            continue
        after: Place = job.cursor.get("after") if job.cursor.get("step") == step.name else None
        while step.name not in done:
            stop()
            with transaction.atomic():
                notes, after = step.read(span, after, CHUNK)
                told += notify_many(notes, at=timezone.now())
                if after is None:
                    done.append(step.name)
                cursor = {**ends, "done": done, "step": step.name, "after": after, "told": told}
                job.advance(len(done), len(steps), _plain(cursor))
    _move(name, span)
    return {"told": told}


def _plain(cursor: Mapping[str, Any]) -> dict[str, Any]:
    """The cursor as JSON keeps it."""
    after = cursor["after"]
    words = [one.isoformat() if isinstance(one, datetime) else one for one in after or ()]
    return {**cursor, "after": words or None}


def _move(name: str, span: Span) -> None:
    """The next round begins here; a mark is put back too, when the clock was."""
    Mark.objects.update_or_create(name=name, defaults={"at": span.until})


def go_on_from(name: str, at: datetime) -> None:
    """The next round begins at this very moment and reads nothing before it a second time."""
    Mark.objects.update_or_create(name=name, defaults={"at": at + OVERLAP})
