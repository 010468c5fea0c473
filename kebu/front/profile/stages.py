"""The stages of a customer as steps, with how long it stayed in each."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from kebu.base.fields.directories import Context, Key
from kebu.crm.customers.fields import CUSTOMER_FIELDS
from kebu.crm.customers.models import Customer
from kebu.front.profile.queries import Told
from kebu.office.vocabulary.choices import TermKind

LAST_STEP = 7


@dataclass(frozen=True, slots=True)
class Step:
    """One stage: its place from 1, whether the customer is there or beyond, and days spent in it."""

    key: str
    name: str
    place: int
    is_current: bool
    is_done: bool
    days: int | None

    def __getitem__(self, name: str) -> object:
        """Let templates, which ask for items first, find the parts at once."""
        return getattr(self, name)


def steps(customer: Customer, context: Context, told: Told) -> list[Step]:
    """The stages in use in their order."""
    entries = [entry for entry in context.directory(TermKind.STAGE.value).entries if entry.is_active]
    places = {entry.key: place for place, entry in enumerate(entries, 1)}
    now = places.get(customer.stage_id or 0, 0)
    spent = _spent(told) if customer.stage_id else {}
    return [
        Step(
            str(entry.key),
            entry.name,
            min(place, LAST_STEP),
            place == now,
            place < now,
            spent[entry.key].days if entry.key in spent and place <= now else None,
        )
        for place, entry in enumerate(entries, 1)
    ]


def _spent(told: Told) -> dict[Key, timedelta]:
    """Time in each stage, told by the journal."""
    moves = [(_key(entry.changes["stage"]), entry.at) for entry in told.moves]
    spent: dict[Key, timedelta] = {}
    ends: list[datetime] = [at for _key_, at in moves[1:]] + [timezone.now()]
    for (key, start), end in zip(moves, ends, strict=True):
        if key is not None:
            spent[key] = spent.get(key, timedelta()) + max(end - start, timedelta())
    return spent


def _key(pair: list[object]) -> Key | None:
    key: Key | None = CUSTOMER_FIELDS["stage"].kind.from_json(pair[1])
    return key
