"""What pages need to know of a batch."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from kebu.base.access.choices import FieldRule
from kebu.base.batches.choices import UNDO_TIME, State
from kebu.base.batches.models import Batch, Leftover
from kebu.base.batches.registry import WAYS, Way
from kebu.base.jobs.models import Job

OPEN_RULES = (FieldRule.VISIBLE, FieldRule.READ_ONLY)


@dataclass(frozen=True, slots=True)
class Line:
    """A batch as the list shows it."""

    batch: Batch
    way: Way
    title: str
    is_undone: bool
    can_be_undone: bool


@dataclass(frozen=True, slots=True)
class Left:
    """A record that was left out, as this user may see it; ``url`` is empty when it is hidden from him."""

    name: str
    url: str
    reason: str
    clashes: list[dict[str, Any]]


def way_of(batch: Batch) -> Way:
    """The way behind a batch, that of an undoing too."""
    return WAYS[batch.root_kind]


def lines(batches: Sequence[Batch], user: Any, now: datetime | None = None) -> list[Line]:
    """The batches of a page, with what can still be done about each."""
    undone = set(Batch.objects.filter(undoes__in=[b.pk for b in batches]).values_list("undoes", flat=True))
    since = (now or timezone.now()) - UNDO_TIME
    return [
        Line(
            batch,
            way := way_of(batch),
            title_for(batch, user),
            batch.pk in undone,
            bool(batch.changed_count)
            and batch.pk not in undone
            and batch.at > since
            and user.can(way.permission),
        )
        for batch in batches
    ]


def title_for(batch: Batch, user: Any) -> str:
    """What was done, in words; without the values when one is of a field that the user is not shown now."""
    way, root = way_of(batch), batch.root
    keys = [f"{way.subject}.{name}" for name in root.args.get("values", ())]
    return batch.title if all(user.field_rule(key) in OPEN_RULES for key in keys) else str(way.label)


def left_of(batch: Batch, found: Iterable[Leftover], user: Any) -> list[Left]:
    """What was left out, without what is hidden from the user by now."""
    rows, way = list(found), way_of(batch)
    urls = way.seen(user, [row.record_id for row in rows])
    return [
        Left(row.record_name, urls[row.record_id], row.reason, _shown(row.clashes, way.subject, user))
        if row.record_id in urls
        else Left(_("一个你现在看不到的%(things)s") % {"things": way.things}, "", "", [])
        for row in rows
    ]


def _shown(clashes: list[dict[str, Any]], subject: str, user: Any) -> list[dict[str, Any]]:
    """The values without those of fields that the user is not shown now."""
    closed = dict.fromkeys(("mine", "now", "was"), _("（这一项你现在看不到）"))
    return [
        clash if user.field_rule(f"{subject}.{clash['name']}") in OPEN_RULES else clash | closed
        for clash in clashes
    ]


def job_of(batch: Batch) -> Job | None:
    """The job at work on it, or the last one that was."""
    return Job.objects.filter(pk=batch.job_id).first() if batch.job_id else None


def in_words(batch: Batch) -> str:
    """What came of it, in one sentence."""
    told = {"done": f"{batch.changed_count:,}", "left": f"{batch.left_count:,}"}
    told["things"] = str(way_of(batch).things)
    if batch.is_undo:
        text = _("已撤销，%(done)s个%(things)s恢复原样") % told
        return text + (_("，%(left)s个没有动") % told if batch.left_count else "")
    text = _("已完成，改了%(done)s个%(things)s") % told
    return text + (_("，%(left)s个没有改") % told if batch.left_count else "")


def is_stuck(batch: Batch, job: Job | None) -> bool:
    """Say whether nobody works on an unfinished batch any more."""
    unfinished = batch.handled_count < batch.total
    return unfinished and (
        batch.state == State.STOPPED or (batch.is_running and (job is None or job.is_over))
    )
