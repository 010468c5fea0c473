"""Promises follow their interactions, and end."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from django.db import transaction
from django.db.models import OuterRef, Subquery

from kebu.base.journal.authors import Author
from kebu.base.journal.choices import Action
from kebu.base.journal.models import JournalEntry, Line
from kebu.base.kit.dates import local_day
from kebu.crm.customers.followers import Before
from kebu.crm.customers.models import Customer
from kebu.crm.interactions.followers import GONE, LOGGED
from kebu.crm.interactions.models import Interaction
from kebu.crm.promises.choices import KEPT, Side, State
from kebu.crm.promises.models import Promise

SIDES = (
    (Side.OURS, "our_promise", "our_promise_on"),
    (Side.THEIRS, "their_promise", "their_promise_on"),
)
CHUNK = 1_000


def follow(interaction: Interaction, names: frozenset[str], by: Author, at: datetime) -> None:
    """What an interaction says of promises is what the promises say; in the bin they lie with it."""
    for side, text, day in SIDES:
        if GONE not in names and names & {LOGGED, text, day}:
            _sync(interaction, side, getattr(interaction, text), at)


def _sync(interaction: Interaction, side: Side, text: str, at: datetime) -> None:
    """The promise of one side: made, corrected, or taken out when its text was. The interaction's own entry
    in the journal tells of it."""
    mine = Promise.objects.filter(interaction=interaction, side=side)
    if not text:
        mine.delete()
        return
    made = _made(interaction, side, at)
    promise = mine.first()
    if promise is None:
        made.save(force_insert=True)
        return
    told = {"text": made.text, "due_on": made.due_on, "made_on": made.made_on}
    if any(getattr(promise, name) != value for name, value in told.items()):
        if promise.state in KEPT and promise.settled_at:
            told["state"] = kept_state(made.due_on, promise.settled_at)
        mine.update(**told, version=promise.version + 1, updated_at=at)


def _made(interaction: Interaction, side: Side, at: datetime) -> Promise:
    _side, text, day = next(row for row in SIDES if row[0] == side)
    return Promise(
        customer_id=interaction.customer_id,
        interaction=interaction,
        side=side,
        text=getattr(interaction, text),
        due_on=getattr(interaction, day),
        made_on=local_day(interaction.happened_at),
        responsible_id=interaction.customer.owner_id or interaction.author_id,
        created_at=at,
        updated_at=at,
    )


def made_of(interaction: Interaction, *, at: datetime) -> list[Promise]:
    """The promises of an interaction, not kept yet; for histories that are brought in as a whole."""
    return [_made(interaction, side, at) for side, text, _day in SIDES if getattr(interaction, text)]


def hand_over(ids: Sequence[int], names: frozenset[str], before: Before, at: datetime) -> None:
    """Open promises go with the customer to its new owner."""
    if "owner" not in names:
        return
    owner = Customer.objects.filter(pk=OuterRef("customer_id"), owner__isnull=False).values("owner_id")[:1]
    for start in range(0, len(ids), CHUNK):
        chunk = ids[start : start + CHUNK]
        Promise.objects.open().filter(customer__in=chunk).update(responsible_id=Subquery(owner))


def kept_state(due_on: date | None, at: datetime) -> State:
    """Kept in time, or later than promised."""
    return State.KEPT_LATE if due_on is not None and local_day(at) > due_on else State.KEPT


@transaction.atomic
def settle(promise: Promise, state: State, *, by: Author, at: datetime) -> bool:
    """Say how a promise ended, or that it is open after all, as it was seen at its version; False when
    somebody was faster."""
    was = promise.state
    now = kept_state(promise.due_on, at) if state in KEPT else state
    if was == now:
        return True
    columns = {"state": now, "settled_at": None if now == State.OPEN else at, "updated_at": at}
    if not Promise.swap(promise, columns):
        return False
    _write_down([promise], {promise.pk: was}, by, at)
    return True


def _write_down(promises: Iterable[Promise], was: dict[int, str], by: Author, at: datetime) -> None:
    lines = [
        Line(
            "promise",
            one.pk,
            str(one),
            Action.CHANGE,
            one.version,
            one.customer_id,
            {"state": [was[one.pk], one.state]},
        )
        for one in promises
    ]
    JournalEntry.objects.record(lines, by=by, at=at)
