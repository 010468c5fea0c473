"""Verbs over collaborators of customers: let them in, change what they may do, let them go (协作人)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from kebu.base.access.sharing import Share
from kebu.base.journal.authors import Author
from kebu.base.journal.choices import Action
from kebu.base.journal.models import JournalEntry, Line
from kebu.base.kit.dates import local_day
from kebu.crm.customers.models import INDEX, Collaborator, Customer, labels
from kebu.office.staff.models import User

CHUNK = 500
KIND = "collaborator"


@dataclass(frozen=True, slots=True)
class Grant:
    """What somebody is given in customers: what he may do there, and the last day of it.

    With ``version`` a share that stands already is changed only as it was seen then.
    """

    user_id: int
    level: str = Share.VIEW
    until_on: date | None = None
    version: int | None = None


@transaction.atomic
def let_in(customers: Iterable[Customer], grant: Grant, *, by: Author, at: datetime) -> int:
    """Make somebody a collaborator of customers, or change what he may do; returns of how many.

    An owner needs no share in his own customers. The customers are held by the caller or here, always before
    the user's row, so that two of these never wait for each other.
    """
    held = _held(customers)
    user = User.objects.select_for_update(no_key=True).get(pk=grant.user_id)
    wanted = [customer for customer in held if customer.owner_id != user.pk]
    rows = Collaborator.objects.filter(user=user, customer__in=[customer.pk for customer in wanted])
    present = {row.customer_id: row for row in rows}
    lines = [
        line
        for customer in wanted
        if (line := _granted(customer, present.get(customer.pk), user, grant, by, at)) is not None
    ]
    if lines:
        User.objects.filter(pk=user.pk, is_collaborator=False).update(is_collaborator=True)
        _tell([customer for customer in wanted if customer.pk not in present])
        JournalEntry.objects.record(lines, by=by, at=at)
    return len(lines)


def _held(customers: Iterable[Customer]) -> list[Customer]:
    """The customers as they are now, nobody else's to change until the transaction ends."""
    ids, held = sorted({customer.pk for customer in customers}), []
    for start in range(0, len(ids), CHUNK):
        chunk = Customer.objects.filter(pk__in=ids[start : start + CHUNK]).order_by("pk")
        held += list(chunk.select_for_update(no_key=True))
    return held


def _granted(
    customer: Customer, row: Collaborator | None, user: User, grant: Grant, by: Author, at: datetime
) -> Line | None:
    """Write one share; what the journal says of it, None when nothing changed."""
    after = {"level": grant.level, "until_on": grant.until_on}
    if row is None:
        made = Collaborator.objects.create(
            customer=customer, user=user, **after, created_by_id=by.user_id, created_at=at, updated_at=at
        )
        customer.collaborator_ids = sorted({*customer.collaborator_ids, user.pk})
        return _line(made, user.name, Action.CREATE, {name: (None, value) for name, value in after.items()})
    before = {"level": row.level, "until_on": row.until_on}
    is_stale = grant.version not in (None, row.version)
    if before == after or is_stale or not Collaborator.swap(row, {**after, "updated_at": at}):
        return None
    changed = {name: (before[name], after[name]) for name in after if before[name] != after[name]}
    return _line(row, user.name, Action.CHANGE, changed)


def _line(row: Collaborator, name: str, action: Action, changes: dict[str, tuple[Any, Any]]) -> Line:
    told = {key: list(map(_json, pair)) for key, pair in changes.items() if pair != (None, None)}
    return Line(KIND, row.pk, name, action, row.version, row.customer_id, told)


def _json(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _tell(customers: Sequence[Customer]) -> None:
    """Keep the facts that search reads true; what hangs on a customer is no change of its own fields."""
    Customer.objects.bulk_update(customers, ["collaborator_ids"], batch_size=CHUNK)
    for customer in customers:
        INDEX.relabel([customer.pk], labels(customer.owner_id, customer.collaborator_ids))


@transaction.atomic
def let_go(rows: Iterable[Collaborator], *, by: Author, at: datetime) -> int:
    """End shares; from now on these people see the customers no more. Returns how many there were."""
    wanted = list(rows)
    held = {c.pk: c for c in _held(row.customer for row in wanted)}
    still = Collaborator.objects.filter(pk__in=[row.pk for row in wanted]).select_related("user")
    gone = list(still.order_by("pk"))
    Collaborator.objects.filter(pk__in=[row.pk for row in gone]).delete()
    for row in gone:
        customer = held[row.customer_id]
        customer.collaborator_ids = [pk for pk in customer.collaborator_ids if pk != row.user_id]
    _tell([held[pk] for pk in sorted({row.customer_id for row in gone})])
    lines = [_line(row, row.user.name, Action.DELETE, _ended(row)) for row in gone]
    JournalEntry.objects.record(lines, by=by, at=at)
    return len(gone)


def _ended(row: Collaborator) -> dict[str, tuple[Any, Any]]:
    return {"level": (row.level, None), "until_on": (row.until_on, None)}


def let_in_again(owners: Mapping[int, int], batch: str, *, by: Author, at: datetime) -> None:
    """Who got customers by this batch and loses them again has the shares in them that he had before.

    ``owners``: to whom the batch had given each customer. A share that would be over by now stays ended.
    """
    ended = JournalEntry.objects.filter(
        kind=KIND, batch=batch, action=Action.DELETE, customer_id__in=list(owners)
    )
    again: dict[tuple[int, str, date | None], list[int]] = defaultdict(list)
    for entry in ended.order_by("id"):
        level, until = (entry.changes.get(name, [None])[0] for name in ("level", "until_on"))
        until_on = date.fromisoformat(until) if until else None
        if entry.customer_id and level and (until_on is None or until_on >= local_day(at)):
            again[owners[entry.customer_id], level, until_on].append(entry.customer_id)
    for (user_id, level, until_on), ids in again.items():
        let_in(Customer.objects.filter(pk__in=ids), Grant(user_id, level, until_on), by=by, at=at)


def own_now(customers: Iterable[Customer], owner_id: int | None, *, by: Author, at: datetime) -> None:
    """Who becomes the owner is no collaborator any more: given away later, the customer is closed to him."""
    shared = [customer for customer in customers if owner_id in customer.collaborator_ids]
    if shared:
        rows = Collaborator.objects.filter(customer__in=[c.pk for c in shared], user=owner_id)
        let_go(rows.select_related("customer"), by=by, at=at)
    for customer in shared:
        customer.collaborator_ids = [pk for pk in customer.collaborator_ids if pk != owner_id]


@transaction.atomic
def end_expired(today: date, *, at: datetime) -> int:
    """End the shares whose last day has passed, which nobody could use any more; for the nightly schedule."""
    rows = Collaborator.objects.filter(until_on__lt=today).select_related("customer").order_by("pk")
    ended = let_go(rows[:CHUNK], by=Author.system(), at=at)
    idle = User.objects.filter(is_collaborator=True, collaborations=None).order_by("pk")
    for user in idle.select_for_update(no_key=True, of=("self",)):
        if not Collaborator.objects.filter(user=user).exists():
            User.objects.filter(pk=user.pk).update(is_collaborator=False)
    return ended
