"""Figures of a customer that are counted from what hangs on it, kept in its row so that lists can be sorted
by them. Rooms above tell how they are counted, and when something changed.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from django.db import transaction

from kebu.base.fields.fieldsets import Field
from kebu.crm.customers.fields import CUSTOMER_FIELDS
from kebu.crm.customers.models import Customer
from kebu.office.custom_fields.kinds import RolledUp

CHUNK = 500
Counter = Callable[[RolledUp, Sequence[int]], Mapping[int, Any]]
_COUNTERS: dict[str, Counter] = {}


def counts(*hows: str) -> Callable[[Counter], Counter]:
    """Register the function that counts these roll-ups: customer → figure, None or missing for none."""

    def register(counter: Counter) -> Counter:
        _COUNTERS.update(dict.fromkeys(hows, counter))
        return counter

    return register


def rolled_up(hows: Iterable[str] | None = None, *, moving: bool = False) -> list[Field]:
    """The roll-ups there are; of these ways only, or only those that change by themselves as days pass."""
    wanted = None if hows is None else set(hows)
    return [
        item
        for item in CUSTOMER_FIELDS.own()
        if isinstance(item.kind, RolledUp)
        and (wanted is None or item.kind.how in wanted)
        and (not moving or item.kind.days)
    ]


def renew(ids: Sequence[int], fields: Sequence[Field]) -> int:
    """Count anew for these customers, in the caller's transaction, which holds them; count what differed."""
    if not fields or not ids:
        return 0
    figures = {item.slot: _figures(item, ids) for item in fields}
    changed = 0
    for pk, now in Customer.objects.filter(pk__in=ids).values_list("pk", "rolled_up"):
        new = dict(now)
        for item in fields:
            value = figures[item.slot].get(pk)
            new.pop(item.slot, None)
            if value is not None:
                new[item.slot] = item.kind.keep(item.kind.kept(value))
        if new != now:
            Customer.objects.filter(pk=pk).update(rolled_up=new)
            changed += 1
    return changed


def _figures(item: Field, ids: Sequence[int]) -> Mapping[int, Any]:
    kind = item.kind
    counter = _COUNTERS.get(kind.how) if isinstance(kind, RolledUp) else None
    return counter(kind, ids) if counter and isinstance(kind, RolledUp) else {}


@transaction.atomic
def renew_after(last: int, fields: Sequence[Field]) -> tuple[int, int]:
    """Count anew for the next customers by number; the last of them (0 at the end) and how many differed."""
    ids = list(Customer.objects.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:CHUNK])
    if not ids:
        return 0, 0
    Customer.objects.hold(ids)
    return ids[-1], renew(ids, fields)
