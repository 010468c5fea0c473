"""pool_kill: thousands of customers fall into the pool in one night; no worker lives longer than two seconds
at it."""

import re
from collections import Counter
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from kebu.base.bulk.rows import insert_many
from kebu.base.fields.directories import Context
from kebu.base.journal.authors import Author
from kebu.base.journal.choices import Door
from kebu.base.kit.dates import day_bounds, local_day
from kebu.crm.customers.actions import Draft, enrol
from kebu.crm.customers.models import Customer
from kebu.crm.pool.models import PoolRule, PoolWarning
from kebu.office.staff.models import User
from kebu.trials.drills.ground import Ground
from kebu.trials.drills.striking import strike_at
from kebu.trials.drills.verdict import Verdict
from kebu.trials.site.database import Database

NAME = "pool_kill"
THOUSAND = 1_000
GRADE, DAYS, WARN_DAYS = "B", 45, 7
# Of what sort the customer is: days since anybody followed up, days since its owner was warned (None: never).
SORTS: dict[str, tuple[int, int | None]] = {
    "falls": (60, 8),
    "touched": (60, 8),  # and followed up yesterday: the warning holds no more
    "warned": (60, 2),  # its owner has days left
    "near": (DAYS - WARN_DAYS + 2, None),
    "far": (10, None),
}
SHARE = {"touched": 20, "warned": 20, "near": 10, "far": 20}  # to so many that fall there is one of these
NIGHT = timedelta(days=1, minutes=52)  # 00:52 of the next day, of which the schedule has its hours
FILL = "from kebu.trials.drills.pool_kill import fill; fill({count})"
WANTED = "SELECT id, remark, owner_id, created_by_id FROM customers_customer"
# Rows that hang on each customer.
TRACES = {
    "stretches": "SELECT customer_id, count(*) FROM pool_poolentry GROUP BY 1",
    "sound stretches": "SELECT c.id, count(*) FROM pool_poolentry e JOIN customers_customer c"
    " ON c.id = e.customer_id WHERE e.ended_at IS NULL AND e.came = 'recycled'"
    " AND e.former_id = c.created_by_id AND e.reason <> '' GROUP BY 1",
    "warnings": "SELECT customer_id, count(*) FROM pool_poolwarning GROUP BY 1",
    "owners journalled": "SELECT customer_id, count(*) FROM journal_journalentry"
    " WHERE kind = 'customer' AND action = 'assign' GROUP BY 1",
    "reasons journalled": "SELECT customer_id, count(*) FROM journal_journalentry"
    " WHERE kind = 'pool' GROUP BY 1",
}
# Of each sort: whether it keeps its owner, and how many traces of each kind there should be.
RIGHT = {
    "falls": (False, 1, 1, 0, 1, 1),
    "touched": (True, 0, 0, 0, 0, 0),
    "warned": (True, 0, 0, 1, 0, 0),
    "near": (True, 0, 0, 1, 0, 0),
    "far": (True, 0, 0, 0, 0, 0),
}
PARTS = ("owner kept", *TRACES)
TOLD = "SELECT user_id, title FROM notices_notice WHERE kind = 'pool.released'"
BATCHES = "SELECT total, changed_count, left_count, state FROM batches_batch WHERE kind = 'pool-recycle'"
MANY = re.compile(r"把你的(\d+)个客户")


def hold(ground: Ground, rounds: int) -> Verdict:
    """``rounds`` thousand customers fall in one night, among others that must not."""
    verdict = Verdict(NAME, rounds, ground.database.name)
    fill_in = FILL.format(count=rounds * THOUSAND)
    strike_at("pool.tend", ground, verdict, fill=fill_in, ahead=until_night)
    judge(ground.database, verdict)
    return verdict


def until_night(now: datetime) -> timedelta:
    """How long it is until the next night's turn of the schedule."""
    return day_bounds(local_day(now))[0] + NIGHT - now


def judge(database: Database, verdict: Verdict) -> None:
    """Each customer is where it belongs, with one trace of how it came there; each owner was told of each of
    his that fell once; the batch of the night counts them."""
    fallen: Counter[int] = Counter()
    traces = [dict(database.rows(sql)) for sql in TRACES.values()]
    for pk, sort, owner, former in database.rows(WANTED):
        counts = [found.get(pk, 0) for found in traces]
        verdict.count(f"customers: {sort}")
        fallen[former] += sort == "falls"
        compare(f"customer {pk}, {sort}", (owner == former, *counts), RIGHT[sort], verdict)
    told: Counter[int] = Counter()
    for user, title in database.rows(TOLD):
        many = MANY.search(title)
        told[user] += int(many[1]) if many else 1
    for user in fallen.keys() | told.keys():
        compare(f"user {user}, told of", (told[user],), (fallen[user],), verdict)
    total = fallen.total()
    batches = database.rows(BATCHES)
    if batches != [(total, total, 0, "done")]:
        verdict.fault("wrong", f"the night's batches: {batches}, {total} fell")


def compare(
    whose: str, found: tuple[int | bool, ...], right: tuple[int | bool, ...], verdict: Verdict
) -> None:
    """Too few is lost, too many is doubled where there should be one, else wrong."""
    for number, wanted, part in zip(found, right, PARTS if len(right) > 1 else ("",), strict=True):
        if number < wanted:
            verdict.fault("lost", f"{whose} {part}: {number} instead of {wanted}")
        elif number > wanted:
            words = f"{whose} {part}: {number} instead of {wanted}"
            verdict.fault("doubled" if wanted else "wrong", words)


def fill(count: int) -> None:
    """In the installation itself: the rule, and so many customers that fall, the others among them."""
    now = timezone.now()
    rule = PoolRule(grade=GRADE, is_on=True, days=DAYS, warn_days=WARN_DAYS, created_at=now, updated_at=now)
    insert_many([rule])
    owners = list(User.objects.filter(is_active=True).order_by("pk"))
    for first in range(0, count, THOUSAND):
        sorts = ["falls"] * min(THOUSAND, count - first)
        sorts += [sort for sort, share in SHARE.items() for _ in range(len(sorts) // share)]
        for number, owner in enumerate(owners):
            _write(owner, first, sorts[number :: len(owners)])


@transaction.atomic
def _write(owner: User, first: int, sorts: list[str]) -> None:
    """Customers of one owner, with their past."""
    now, by = timezone.now(), Author.for_user(owner, Door.COMMAND)
    drafts = [
        Draft({"name": f"演练{owner.pk}之{first + number}有限公司", "grade": GRADE, "remark": sort})
        for number, sort in enumerate(sorts)
    ]
    made = enrol(drafts, by=by, at=now, context=Context())
    for sort, (untouched, warned) in SORTS.items():
        rows = [one for one in made if one.remark == sort]
        base = now - timedelta(days=untouched)
        touched = now - timedelta(days=1) if sort == "touched" else None
        Customer.objects.filter(pk__in=[one.pk for one in rows]).update(
            created_at=base, assigned_at=base, last_contact_at=touched
        )
        if warned is not None:
            told = {"owner": owner, "base_at": base, "warned_at": now - timedelta(days=warned)}
            insert_many([PoolWarning(customer=one, **told) for one in rows])
