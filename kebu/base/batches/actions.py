"""Verbs of batches: begin one, carry it out chunk by chunk, take it back."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.contrib.auth import get_user_model
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kebu.base.batches.choices import UNDO, State
from kebu.base.batches.models import Batch, Leftover
from kebu.base.batches.registry import REVERTS, WAYS, Done, Hand, Way
from kebu.base.fields.directories import Context
from kebu.base.jobs.models import Job
from kebu.base.journal.authors import Author
from kebu.base.kit.errors import KitError

CHUNK = 500  # so many at once are done without a job
Step = Callable[[int, int], None]


class Barred(KitError):
    """Whoever began the batch may not go on with it; the message says why."""


class Overtaken(Exception):
    """Somebody else works on the batch, or has ended it."""


def begin(
    way: Way, title: str, ids: Sequence[int], *, by: Author, at: datetime, args: Mapping[str, Any]
) -> Batch:
    """Note what is to be done to which records; ``carry_out`` or a job does it."""
    batch = Batch(code=uuid4().hex, kind=way.kind, title=title[:200], at=at, args=dict(args))
    _sign(batch, by)
    batch.ids = list(ids)
    batch.save(force_insert=True)
    return batch


def _sign(batch: Batch, by: Author) -> None:
    batch.author_id, batch.author_name = by.user_id, by.name
    batch.door, batch.address = by.door, by.address


@transaction.atomic
def begin_undo(batch: Batch, *, by: Author, at: datetime) -> Batch:
    """Note that the batch is to be taken back; asked twice it is one and the same."""
    Batch.objects.filter(pk=batch.pk, state=State.RUNNING).update(state=State.STOPPED)
    title = _("撤销：%(title)s") % {"title": batch.title}
    undoing = Batch(code=uuid4().hex, kind=UNDO, title=title[:200], at=at, undoes=batch)
    _sign(undoing, by)
    undoing.selection, undoing.total = batch.selection, batch.total
    try:
        with transaction.atomic():
            undoing.save(force_insert=True)
    except IntegrityError:
        return Batch.objects.get(undoes=batch)
    if taken_back := WAYS[batch.root_kind].taken_back:
        taken_back(undoing)
    return undoing


@transaction.atomic
def do_now_or_soon(batch: Batch) -> bool:
    """Carry the batch out here when it is small, else let a job do it; says whether it is done."""
    if batch.total <= CHUNK:
        for _count in carry_out(batch):
            pass
        return True
    key = f"batch-{batch.pk}-{batch.job_id or 0}"
    batch.job_id = Job.objects.enqueue(
        "batches.carry_out", {"batch": batch.pk}, owner_id=batch.author_id, key=key
    ).pk
    Batch.objects.filter(pk=batch.pk).update(job_id=batch.job_id, state=State.RUNNING, problem="")
    return False


def carry_out(batch: Batch, step: Step = lambda done, total: None) -> Iterator[int]:
    """Do it chunk by chunk, each whole with its cursor or not at all; gives how many had their turn.

    Between chunks, outside transactions, the caller may stop; later it goes on from the cursor.
    """
    ids, size = batch.ids, WAYS[batch.root_kind].chunk or CHUNK
    while batch.state == State.RUNNING:
        with transaction.atomic():
            hand = _hand(batch)
            chunk = ids[batch.handled_count : batch.handled_count + size]
            _advance(batch, chunk, _work(batch)(batch, chunk, hand) if chunk else Done(), hand.at)
            step(batch.handled_count, batch.total)
        yield batch.handled_count


def _work(batch: Batch) -> Callable[[Batch, Sequence[int], Hand], Done]:
    """What is done to a chunk; of an undoing, what takes back the other batch."""
    if batch.undoes is None:
        return WAYS[batch.kind].work
    undone, revert = batch.undoes, WAYS[batch.root_kind].revert or REVERTS[0]
    return lambda _batch, ids, hand: revert(undone, ids, hand)


def _hand(batch: Batch) -> Hand:
    """Who does it, with the rights of this moment, and the batch held until the transaction ends."""
    held = Batch.objects.filter(pk=batch.pk, state=State.RUNNING, handled_count=batch.handled_count)
    if not held.update(handled_count=batch.handled_count):
        raise Overtaken
    way = WAYS[batch.root_kind]
    if way.is_houses and not batch.is_undo and batch.author_id is None:
        return Hand(None, batch.author, timezone.now(), Context())
    user: Any = get_user_model()._default_manager.filter(pk=batch.author_id or 0, is_active=True).first()
    if user is None:
        raise Barred(_("操作人的账号已停用，剩下的没有做"))
    if not user.can(way.permission):
        raise Barred(_("操作人已没有“%(what)s”的权限，剩下的没有做") % {"what": way.permission.label})
    return Hand(user, batch.author, timezone.now(), Context(reader=user))


def _advance(batch: Batch, chunk: Sequence[int], done: Done, at: datetime) -> None:
    """Keep the account of a chunk; after the last one the batch is done."""
    for leftover in done.left:
        leftover.batch = batch
    Leftover.objects.bulk_create(done.left, batch_size=500)
    batch.handled_count += len(chunk)
    batch.changed_count += done.changed
    batch.left_count += len(done.left)
    if batch.handled_count >= batch.total:
        batch.state, batch.finished_at = State.DONE, at
    names = ("handled_count", "changed_count", "left_count", "state", "finished_at")
    Batch.objects.filter(pk=batch.pk).update(**{name: getattr(batch, name) for name in names})
    if batch.state == State.DONE:
        _tell_ended(batch, at)


def _tell_ended(batch: Batch, at: datetime) -> None:
    """Let the room hear of it that began the batch; an undoing has no end of its own."""
    ended = WAYS[batch.kind].ended if batch.kind in WAYS else None
    if ended is not None:
        ended(batch, at)


@transaction.atomic
def stop(batch: Batch, problem: str) -> None:
    """End a batch that cannot go on; what is done stays done and can be taken back."""
    now = timezone.now()
    running = Batch.objects.filter(pk=batch.pk, state=State.RUNNING)
    if running.update(state=State.STOPPED, problem=problem[:300], finished_at=now):
        batch.refresh_from_db()
        _tell_ended(batch, now)
