"""What the cadence does when customers change and when somebody speaks to them: those customers alone are
planned anew, in the transaction of the change."""

from collections.abc import Sequence
from datetime import datetime

from django.utils import timezone

from kebu.base.jobs.models import Job
from kebu.base.journal.authors import Author
from kebu.base.kit.dates import local_day
from kebu.crm.cadence.engine import World, settle
from kebu.crm.cadence.models import Turn
from kebu.crm.cadence.seen import COLUMNS, look_closer, seen_of
from kebu.crm.customers.followers import CREATED, Before
from kebu.crm.customers.models import Customer
from kebu.crm.interactions.followers import GONE, LOGGED
from kebu.crm.interactions.models import Interaction

CHUNK = 500
CONCERNS = frozenset({CREATED, "owner", "grade", "customer_type", "need_stage"})
TALKS = frozenset({LOGGED, GONE, "happened_at", "is_deep"})


def follow(customer_ids: Sequence[int], names: frozenset[str], before: Before, at: datetime) -> None:
    """Customers were made or changed. Those brought in with a past are planned in the night: what was said
    with them is not there yet."""
    is_past = CREATED in names and local_day(at) < timezone.localdate()
    if CONCERNS & names and not is_past:
        replan(customer_ids, at=at)


def follow_interaction(interaction: Interaction, names: frozenset[str], by: Author, at: datetime) -> None:
    """Somebody spoke to a customer, or it turns out otherwise."""
    if TALKS & names:
        replan([interaction.customer_id], at=at)


def follow_days(by: Author, at: datetime) -> None:
    """Workdays have changed: everybody is planned anew, behind the scenes."""
    Job.objects.enqueue("cadence.work", owner_id=by.user_id, key=f"cadence-days-{at.isoformat()}")


def replan(customer_ids: Sequence[int], *, at: datetime) -> int:
    """Plan some customers anew, whom the caller's transaction has written; counts the turns that changed."""
    world, changed = None, 0
    for start in range(0, len(customer_ids), CHUNK):
        ids = customer_ids[start : start + CHUNK]
        rows = Customer.objects.filter(pk__in=ids)
        if not rows.exclude(grade="").exists() and not Turn.objects.filter(customer__in=ids).exists():
            continue  # an import of customers without grade say
        found = [seen_of(row) for row in rows.order_by("pk").values_list(*COLUMNS)]
        world = world or World.now(at)
        look_closer(found)
        changed += settle(found, world, at=at)
    return changed
