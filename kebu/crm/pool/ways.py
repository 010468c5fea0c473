"""The ways in which many customers are claimed and given back, and how both are taken back."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kebu.base.access.choices import Permission
from kebu.base.batches.models import Batch
from kebu.base.batches.registry import Done, Hand, Way, register
from kebu.base.journal.models import JournalEntry
from kebu.base.ui.navigation import address
from kebu.crm.customers.mass_edit import held
from kebu.crm.customers.models import Customer
from kebu.crm.customers.queries import shareable_by
from kebu.crm.customers.reverting import CHANGING, revert_changes
from kebu.crm.customers.ways import beyond, seen
from kebu.crm.pool import choices
from kebu.crm.pool.actions import claim, mend, release
from kebu.crm.pool.models import PoolEntry


def known(user: Any, ids: Sequence[int]) -> dict[int, str]:
    """The addresses of those customers that the user sees; in the pool that is its list."""
    found = seen(user, ids)
    if user.can(Permission.POOL_CLAIM):
        pooled = PoolEntry.objects.offered().filter(customer__in=ids).values_list("customer_id", flat=True)
        found = {pk: address("pool:list") for pk in pooled} | found
    return found


def _claim(batch: Batch, ids: Sequence[int], hand: Hand) -> Done:
    """Claim a chunk, as far as its author may."""
    moved = claim(ids, hand.user, by=hand.by, at=hand.at, context=hand.context)
    return Done(len(moved.customers), moved.left)


def _release(batch: Batch, ids: Sequence[int], hand: Hand) -> Done:
    """Give a chunk back, as far as it is its author's to give: asked when no other can give it away."""
    for _chunk in held(Customer.objects.all(), ids):
        pass
    among = shareable_by(hand.user)
    reached = list(among.filter(pk__in=ids).values_list("pk", flat=True))
    among, reason = Customer.objects.filter(pk__in=reached), batch.args["reason"]
    moved = release(among, reached, reason, by=hand.by, at=hand.at, context=hand.context)
    lost = beyond(ids, reached, Permission.CUSTOMER_ASSIGN)
    for leftover in lost:
        if leftover.record_name:
            leftover.reason = _("现在不由你负责或分配，没有动")
    return Done(len(moved.customers), moved.left + lost)


def revert(batch: Batch, ids: Sequence[int], hand: Hand) -> Done:
    """Give owners back what the batch took from them, or the pool; who may do that, see ``_returnable``."""
    entries = JournalEntry.objects.filter(kind="customer", customer_id__in=ids, batch=batch.code)
    told = list(entries.filter(action__in=CHANGING).order_by("id"))
    returnable = _returnable(batch, ids, hand)
    done = revert_changes(told, batch.code, Customer.objects.filter(pk__in=returnable), hand)
    mend(ids, batch.code, by=hand.by, at=hand.at)
    return done


def _returnable(batch: Batch, ids: Sequence[int], hand: Hand) -> list[int]:
    """What is his to give back; and out of the pool what his own batch put there, or comes back to somebody
    whose customers he may give away."""
    pooled = PoolEntry.objects.offered().filter(customer__in=ids, opened_in=batch.code)
    if batch.author_id != hand.user.pk:
        reach = hand.user.owner_ids(Permission.CUSTOMER_ASSIGN)
        pooled = pooled if reach is None else pooled.filter(former__in=reach)
    own = shareable_by(hand.user).filter(pk__in=ids)
    found = Customer.objects.filter(Q(pk__in=own.values("pk")) | Q(pk__in=pooled.values("customer")))
    return list(found.values_list("pk", flat=True))


CLAIM = register(
    Way(
        choices.CLAIM,
        gettext_lazy("领取"),
        "ripple",
        Permission.POOL_CLAIM,
        _claim,
        known,
        reach_by=Permission.CUSTOMER_VIEW,
        revert=revert,
    )
)
RELEASE = register(
    Way(
        "pool-release",
        gettext_lazy("退回公海"),
        "ripple",
        Permission.CUSTOMER_VIEW,
        _release,
        known,
        revert=revert,
    )
)
