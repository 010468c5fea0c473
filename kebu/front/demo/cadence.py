"""The demo's cadence: every customer planned as the rules want it, as every night does."""

from collections.abc import Iterator
from datetime import datetime

from django.db import transaction

from kebu.crm.cadence.engine import World
from kebu.crm.cadence.loads import renew_shares
from kebu.crm.cadence.tasks import settle_after


def plan_contacts(at: datetime) -> Iterator[int]:
    """Plan the next contacts of all customers, chunk by chunk; how many were looked at."""
    world, last, done = World.now(at), 0, 0
    with transaction.atomic():
        renew_shares(world.rules, world.today)
    while True:
        last, count, _changed = settle_after(last, world, at=at)
        if not last:
            return
        done += count
        yield done
