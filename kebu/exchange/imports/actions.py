"""Verbs of an import as a whole: check it, bring it in, stop it, throw it away."""

import hashlib
from collections.abc import Callable, Iterator
from itertools import count

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from kebu.base.jobs.models import Job
from kebu.base.records.models import claim_submission, submitted_record
from kebu.exchange.imports.checking import CHUNK, check_chunk, chunks, data_rows, file_path
from kebu.exchange.imports.choices import RUNNING, State
from kebu.exchange.imports.committing import commit_chunk, importer
from kebu.exchange.imports.hidden import NumbersSpent, stopped, tell_hidden
from kebu.exchange.imports.models import Import
from kebu.exchange.imports.ways import note

# Called after each chunk, in its transaction: rows done so far, number of the last row.
Step = Callable[[int, int], None]


class Overtaken(Exception):
    """The import was started anew, stopped or thrown away by somebody else meanwhile."""


@transaction.atomic
def begin(source: Import, state: State) -> bool:
    """Enter ``state`` if the import still stands as ``source`` shows it; of several who try one succeeds."""
    turn = Import.objects.filter(pk=source.pk, run=source.run, state=source.state)
    if not turn.update(state=state, run=F("run") + 1, error="", finished_at=None):
        return False
    source.run, source.state, source.error = source.run + 1, state, ""
    return True


@transaction.atomic
def check_once(source: Import, submission: str) -> int:
    """Save a file that was taken and begin its check, once for each key and content; returns the import's id.

    Sent again it gives the id of before, 0 when that import was thrown away.
    """
    key = hashlib.sha256(f"{submission} {source.sha256}".encode()).hexdigest()
    claim = claim_submission(key, kind="import", user_id=source.owner_id, at=source.created_at)
    if claim is None:
        _delete_file(source)
        before = submitted_record(key, kind="import", user_id=source.owner_id)
        return before if Import.objects.filter(pk=before).exists() else 0
    source.save(force_insert=True)
    start_check(source)
    claim.record_id = source.pk
    claim.save(update_fields=["record_id"])
    return source.pk


@transaction.atomic
def begin_check(source: Import) -> bool:
    """Forget what was read before and begin anew, with the sheet and mapping as ``source`` has them."""
    if source.state in (State.COMMITTING, State.DONE) or not begin(source, State.CHECKING):
        return False
    source.rows.all().delete()
    source.checked_count = 0
    source.save()
    return True


@transaction.atomic
def start_check(source: Import) -> bool:
    """Begin the check and let a job do it; a check under way ends at its next step."""
    if not begin_check(source):
        return False
    _enqueue(source, "imports.check")
    return True


@transaction.atomic
def start_commit(source: Import) -> bool:
    """Let a job bring the checked rows in, or go on with what is left; a second start does nothing."""
    if source.state not in (State.CHECKED, State.COMMITTING) or not begin(source, State.COMMITTING):
        return False
    _enqueue(source, "imports.commit")
    return True


def _enqueue(source: Import, kind: str) -> None:
    arguments = {"import": source.pk, "run": source.run}
    key = f"import-{source.pk}-{source.run}"
    source.job_id = Job.objects.enqueue(kind, arguments, owner_id=source.owner_id, key=key).pk
    source.save(update_fields=["job_id"])


@transaction.atomic
def throw_away(source: Import) -> None:
    """Delete an import of which nothing was brought in, with its rows and its file."""
    gone = Import.objects.filter(pk=source.pk, run=source.run, state=source.state, done_count=0)
    source.rows.all().delete()
    if not gone.delete()[0]:
        raise Overtaken
    _delete_file(source)


def _delete_file(source: Import) -> None:
    path = file_path(source)
    transaction.on_commit(lambda: path.unlink(missing_ok=True))


def check_all(source: Import, *, after: int = 0, step: Step = lambda done, number: None) -> Iterator[int]:
    """Read every row behind row ``after``; each chunk is kept whole with its account or not at all.

    Gives the rows done after each chunk, outside transactions: there the caller may stop.
    """
    context = None
    for group in chunks(data_rows(source, after)):
        hand = importer(source, context)
        context = hand.context
        try:
            with transaction.atomic():
                _hold(source)
                tell_hidden(check_chunk(source, group, context), hand.user, by=hand.by, at=timezone.now())
                source.checked_count += len(group)
                Import.objects.filter(pk=source.pk).update(checked_count=source.checked_count)
                step(source.checked_count, group[-1][0])
        except NumbersSpent:
            raise stopped(by=hand.by, at=timezone.now()) from None
        yield source.checked_count
    with transaction.atomic():
        _hold(source)
        Import.objects.filter(pk=source.pk).update(state=State.CHECKED)


def commit_all(source: Import, *, step: Step = lambda done, number: None) -> Iterator[int]:
    """Bring in every row that is not done; each chunk is whole or not at all. Gives the rows done so far."""
    context = None
    for _turn in count():
        with transaction.atomic():
            _hold(source)
            hand = importer(source, context)
            context = hand.context
            rows = list(source.rows.filter(is_done=False).order_by("number")[:CHUNK])
            if not rows:
                now = timezone.now()
                Import.objects.filter(pk=source.pk).update(state=State.DONE, finished_at=now)
                note(source, hand.by, now)
                return
            for row in rows:
                row.source = source
            commit_chunk(rows, hand, timezone.now())
            source.done_count += len(rows)
            Import.objects.filter(pk=source.pk).update(done_count=source.done_count)
            step(source.done_count, rows[-1].number)
        yield source.done_count


def _hold(source: Import) -> None:
    """Keep others off until the transaction ends; raises Overtaken when it is no longer our turn."""
    mine = Import.objects.filter(pk=source.pk, run=source.run, state__in=RUNNING)
    if not mine.filter(checked_count=source.checked_count, done_count=source.done_count).update(
        run=source.run
    ):
        raise Overtaken
