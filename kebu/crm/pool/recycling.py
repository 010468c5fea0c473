"""The night: owners are warned; what stays untouched long enough after that comes into the pool."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kebu.base.access.choices import Permission
from kebu.base.batches.actions import begin
from kebu.base.batches.choices import State
from kebu.base.batches.models import Batch, left
from kebu.base.batches.registry import Done, Hand, Way, register
from kebu.base.journal.authors import Author
from kebu.base.kit.dates import day_bounds, local_day
from kebu.crm.customers.mass_edit import held
from kebu.crm.customers.models import Customer
from kebu.crm.pool.actions import release
from kebu.crm.pool.choices import Came
from kebu.crm.pool.models import PoolEntry, PoolWarning
from kebu.crm.pool.rules import Rulebook, falling, looked_at, near, rulebook
from kebu.crm.pool.ways import known, revert

CHUNK = 500
AT_ONCE = 100  # fall in one transaction: it is short beside others that write, and little is lost with it


def enter_lost(at: datetime) -> int:
    """Customers that came without an owner by a way that tells nobody (back from the bin) are in the pool
    too."""
    rows = Customer.objects.filter(owner=None).exclude(pk__in=PoolEntry.objects.open().values("customer"))
    fresh = [PoolEntry(customer_id=pk, since=at) for pk in rows.values_list("pk", flat=True)[:CHUNK]]
    return len(PoolEntry.objects.bulk_create(fresh, ignore_conflicts=True))


def forget(after: int) -> tuple[int, int | None]:
    """Take away warnings that hold no more, a chunk of them behind that key; how many, and the place behind
    the chunk, None at the end."""
    rows = list(PoolWarning.objects.filter(pk__gt=after).order_by("pk")[:CHUNK])
    holding = {one.warning.pk for one in falling(rows)}
    gone = [row.pk for row in rows if row.pk not in holding]
    PoolWarning.objects.filter(pk__in=gone).delete()
    return len(gone), rows[-1].pk if len(rows) == CHUNK else None


def warn(book: Rulebook, after: int, at: datetime) -> tuple[int, int | None]:
    """Warn the owners of a chunk of customers behind that key; how many, and the place behind the chunk."""
    rows = near(book, local_day(at)).filter(pk__gt=after).order_by("pk")
    keys = list(rows.values_list("pk", flat=True)[:CHUNK])
    found = [seen for seen in looked_at(Customer.objects.filter(pk__in=keys), at) if book.fits(seen, at)]
    fresh = [
        PoolWarning(customer_id=seen.pk, owner_id=seen.owner_id or 0, base_at=seen.base, warned_at=at)
        for seen in found
    ]
    before = PoolWarning.objects.filter(customer__in=keys).count()
    PoolWarning.objects.bulk_create(fresh, ignore_conflicts=True)
    count = PoolWarning.objects.filter(customer__in=keys).count() - before
    return count, keys[-1] if len(keys) == CHUNK else None


def fallen(today_at: datetime) -> list[int]:
    """The customers whose day has come, of warnings that hold: those that do not were forgotten before, and
    who lets them fall looks at each again."""
    due, today = Q(pk__in=[]), local_day(today_at)
    for grade, rule in rulebook().rules.items():
        untouched, warned = (
            day_bounds(today - timedelta(days=days))[1] for days in (rule.days, rule.warn_days)
        )
        is_due = Q(customer__grade=grade, base_at__lt=untouched, warned_at__lt=warned)
        due |= is_due if rule.is_on else Q(pk__in=[])
    return list(PoolWarning.objects.filter(due).order_by("pk").values_list("customer", flat=True))


def unfinished() -> list[Batch]:
    """What former nights left half-way: the next one ends it before its own."""
    return list(Batch.objects.filter(kind=RECYCLE.kind, state=State.RUNNING).order_by("pk"))


def begun(ids: Sequence[int], at: datetime) -> Batch:
    """The batch of a night."""
    title = _("自动回收%(count)s个客户") % {"count": f"{len(ids):,}"}
    return begin(RECYCLE, title, ids, by=Author.system(), at=at, args={})


def _recycle(batch: Batch, ids: Sequence[int], hand: Hand) -> Done:
    """Let a chunk fall, as far as nobody has followed up since it was chosen."""
    customers = [one for chunk in held(Customer.objects.all(), ids) for one in chunk]
    today, book, done = local_day(hand.at), rulebook(), Done()
    due = [one for one in falling(PoolWarning.objects.filter(customer__in=ids), book) if one.on <= today]
    alike: dict[str, list[int]] = defaultdict(list)
    for one in due:
        alike[one.seen.grade].append(one.seen.pk)
    for grade, keys in alike.items():
        told = {"by": hand.by, "at": hand.at, "context": hand.context, "came": Came.RECYCLED}
        moved = release(Customer.objects.all(), keys, book.sentence(grade), **told)  # type: ignore[arg-type]
        done += Done(len(moved.customers), moved.left)
    gone = {one.seen.pk for one in due}
    PoolWarning.objects.filter(customer__in=gone).delete()
    names = {one.pk: one.name for one in customers if one.pk not in gone}
    done.left += [left(pk, name, _("刚有人跟进过，或不再符合规则，没有动")) for pk, name in names.items()]
    return done


RECYCLE = register(
    Way(
        "pool-recycle",
        gettext_lazy("自动回收"),
        "ripple",
        Permission.POOL_MANAGE,
        _recycle,
        known,
        reach_by=Permission.CUSTOMER_ASSIGN,
        revert=revert,
        is_houses=True,
        chunk=AT_ONCE,
    )
)
