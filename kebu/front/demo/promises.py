"""The promises and important changes of the demo: most were kept, some late, some are still open."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

from kebu.base.bulk.rows import insert_many
from kebu.base.fields.directories import Context
from kebu.base.journal.authors import Author
from kebu.base.journal.models import JournalEntry
from kebu.base.kit.dates import day_bounds, local_day
from kebu.base.records.actions import creation_line
from kebu.crm.changes.choices import Sort
from kebu.crm.changes.fields import CHANGE_FIELDS
from kebu.crm.changes.models import ImportantChange, deadline
from kebu.crm.customers.models import Customer
from kebu.crm.interactions.models import Interaction
from kebu.crm.promises.actions import made_of
from kebu.crm.promises.choices import State
from kebu.crm.promises.models import Promise

WORDS = (("三天", 3), ("两周", 14), ("下周", 7), ("本周", 3), ("周五", 4), ("月底", 10), ("一周", 7))
USUAL = 5
FORGOTTEN = timedelta(days=10)  # what was due longer ago has ended one way or the other
CHANGES = (
    (Sort.DECIDER, "采购总监换人，新总监从同行过来，重新过一遍供应商"),
    (Sort.DECIDER, "拍板的改成总经理，技术部只出意见"),
    (Sort.STRUCTURE, "设备部并进生产部，报价以后走生产部"),
    (Sort.STRUCTURE, "集团收购，付款改由总部财务审批"),
    (Sort.UPGRADE, "原来要一条线，现在三条线一起上"),
    (Sort.UPGRADE, "增加数据对接要求，要能进他们的系统"),
    (Sort.BUDGET, "预算砍了三成，分两期做"),
    (Sort.NEED, "改做新能源件，原来的规格不要了"),
)


def promised_in(text: str) -> int:
    """In how many days something is to be done that was promised in these words."""
    return next((days for word, days in WORDS if word in text), USUAL)


def write_promises(customers: Sequence[Customer], *, now: datetime) -> None:
    """What was promised in the talks, and how it ended."""
    talks = Interaction.objects.filter(customer__in=[one.pk for one in customers]).exclude(
        our_promise="", their_promise=""
    )
    made = [
        promise for talk in talks.select_related("customer") for promise in made_of(talk, at=talk.created_at)
    ]
    for promise in made:
        _end(promise, now)
    insert_many(made)


def _end(promise: Promise, now: datetime) -> None:
    """Four of five that were due of late have ended, most of them well; of old ones nothing is open."""
    rng = Random(f"promise-{promise.interaction_id}-{promise.side}")  # noqa: S311 - not secret
    today = local_day(now)
    if promise.due_on is None or promise.due_on >= today:
        return
    is_slow = rng.random() < 0.2
    if is_slow and promise.due_on >= today - FORGOTTEN:
        return
    days, ours = rng.choice((-1, 0, 0, 0, 2, 4)), promise.is_ours
    days = max(days, 2) if is_slow else days
    if not ours and rng.random() < 0.15:
        promise.state, days = State.BROKEN, 3
    else:
        promise.state = State.KEPT_LATE if days > 0 else State.KEPT
    ended = day_bounds(promise.due_on)[0] + timedelta(days=days, hours=rng.randint(9, 17))
    promise.settled_at = min(max(ended, promise.created_at), now)
    promise.updated_at = promise.settled_at


def write_changes(customers: Sequence[Customer], *, now: datetime, by: Author, context: Context) -> None:
    """One customer in eight told of an important change in the last two months; some were entered late."""
    made = [change for customer in customers if (change := _change(customer, now, context))]
    insert_many(made)
    lines = [
        replace(creation_line(change, CHANGE_FIELDS, context, change.customer_id), at=change.created_at)
        for change in sorted(made, key=lambda one: one.created_at)
    ]
    if lines:
        JournalEntry.objects.record(lines, by=by, at=now)


def _change(customer: Customer, now: datetime, context: Context) -> ImportantChange | None:
    rng = Random(f"change-{customer.number}")  # noqa: S311 - not secret
    age = (now - customer.created_at).days
    if customer.owner_id is None or age < 3 or rng.random() > 0.125:
        return None
    happened = context.today - timedelta(days=rng.randint(2, min(age, 60)))
    sort, content = rng.choice(CHANGES)
    delay = timedelta(days=3, hours=2) if rng.random() < 0.2 else timedelta(hours=rng.randint(14, 40))
    at = min(day_bounds(happened)[0] + delay, now)
    return ImportantChange(
        customer=customer,
        sort=sort,
        happened_on=happened,
        due_at=deadline(happened),
        content=content,
        author_id=customer.owner_id,
        created_at=at,
        updated_at=at,
    )
