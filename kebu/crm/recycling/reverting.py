"""Reading a batch backwards, whatever it did: fields, archive flags, what it made and what it deleted."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.translation import gettext as _

from kebu.base.access.choices import Permission
from kebu.base.batches.models import Batch, Leftover, left
from kebu.base.batches.registry import WAYS, Done, Hand, reverts
from kebu.base.journal.choices import Action
from kebu.base.journal.models import JournalEntry
from kebu.crm.customers.models import Customer
from kebu.crm.customers.reverting import BIN, CHANGING, revert_changes
from kebu.crm.customers.sharing_reverts import revert_shares
from kebu.crm.customers.ways import SHARE, UNSHARE
from kebu.crm.recycling.actions import discard, restore
from kebu.crm.recycling.models import Discarded
from kebu.crm.recycling.registry import TREES

TOUCHING = (*CHANGING, Action.CREATE, Action.DELETE, Action.VERIFY)


@reverts
def revert(batch: Batch, ids: Sequence[int], hand: Hand) -> Done:
    """Take back what the batch wrote to customers and what hangs on them, in the caller's transaction."""
    entries = list(JournalEntry.objects.filter(customer_id__in=ids, batch=batch.code).order_by("id"))
    if batch.root_kind in (SHARE.kind, UNSHARE.kind):
        return revert_shares(entries, batch.root.args["user"], hand)
    customers = [entry for entry in entries if entry.kind == "customer"]
    done = _bring_back(batch, ids, hand)
    made = [entry for entry in customers if _is_made(entry)]
    done += _remove(batch, made, hand)
    fresh = {entry.record_id for entry in made}
    done += _remove_contacts(batch, [entry for entry in entries if entry.customer_id not in fresh], hand)
    gone = {entry.record_id for entry in customers if entry.action == Action.DELETE}
    changed = [
        entry
        for entry in customers
        if entry.action in CHANGING and BIN not in entry.changes and entry.record_id not in fresh | gone
    ]
    among = Customer.objects.within(hand.user, WAYS[batch.root_kind].reach)
    done += revert_changes(changed, batch.code, among, hand)
    return done


def _is_made(entry: JournalEntry) -> bool:
    """A customer that came into being, or back from the bin, by the batch."""
    return entry.action == Action.CREATE or (entry.action == Action.RESTORE and BIN in entry.changes)


def _bring_back(batch: Batch, ids: Sequence[int], hand: Hand) -> Done:
    """What the batch deleted comes back from the bin, as far as it is this user's to bring back."""
    there = list(Discarded.objects.filter(batch=batch.code, customer_id__in=ids).order_by("pk"))
    if not there:
        return Done()
    reached = _restorable(batch, ids, hand)
    found = [item for item in there if item.pk in reached]
    result = restore(found, by=hand.by, at=hand.at)
    blocked = result.blocked | {i.pk: _("现在不归你管，没有动") for i in there if i.pk not in reached}
    missed = [left(item.customer_id, item.name, blocked[item.pk]) for item in there if item.pk in blocked]
    return Done(sum(isinstance(record, Customer) for record in result.records), missed)


def _restorable(batch: Batch, ids: Sequence[int], hand: Hand) -> set[int]:
    """Customers of one's own batch, of others' as far as its way reaches; what hangs on a customer for who
    may change it by now."""
    is_own = batch.author_id == hand.user.pk
    right = Permission.CUSTOMER_VIEW if is_own else WAYS[batch.root_kind].reach
    items = Discarded.objects.filter(batch=batch.code, customer_id__in=ids)
    customers = items.within(hand.user, right).filter(kind="customer")
    others = items.within(hand.user, Permission.CUSTOMER_EDIT).exclude(kind="customer")
    return {*customers.values_list("pk", flat=True), *others.values_list("pk", flat=True)}


def _remove(batch: Batch, made: Sequence[JournalEntry], hand: Hand) -> Done:
    """What the batch made goes into the bin, unless somebody did something with it since."""
    if not made:
        return Done()
    told = {entry.record_id: entry for entry in made}
    is_own = not batch.is_undo and batch.author_id == hand.user.pk
    right = Permission.CUSTOMER_VIEW if is_own else Permission.CUSTOMER_DELETE
    rows = Customer.objects.within(hand.user, right).filter(pk__in=told).order_by("pk")
    reached = list(rows.select_for_update(no_key=True, of=("self",)).values_list("pk", flat=True))
    touched = _touched(batch, reached, min(entry.pk for entry in made))
    done = Done(left=_unreached(told, set(reached)))
    for pk, entry in touched.items():
        done.left.append(left(pk, told[pk].record_name, _("后来又有人动过，没有删"), [_touch(entry)]))
    gone = discard(TREES["customer"], set(reached) - touched.keys(), by=hand.by, at=hand.at)
    done.changed = len(gone)
    return done


def _unreached(told: dict[int, JournalEntry], reached: set[int]) -> list[Leftover]:
    gone = told.keys() - reached
    there = set(Customer.objects.filter(pk__in=gone).values_list("pk", flat=True)) if gone else set()
    reasons = {True: _("现在不归你管，没有动"), False: _("已经不在了，可能在回收站里")}
    return [left(pk, told[pk].record_name, reasons[pk in there]) for pk in sorted(gone)]


def _touched(batch: Batch, ids: Iterable[int], since: int) -> dict[int, JournalEntry]:
    """Customer → the last thing somebody did with it, or with what hangs on it, outside the batch."""
    entries = JournalEntry.objects.filter(customer_id__in=list(ids), id__gt=since, action__in=TOUCHING)
    found: dict[int, JournalEntry] = {}
    for entry in entries.exclude(batch=batch.code).order_by("id"):
        if entry.customer_id is not None:
            found[entry.customer_id] = entry
    return found


def _touch(entry: JournalEntry) -> dict[str, Any]:
    """What was done since, as a conflict tells it."""
    now = f"{entry.get_action_display()} {entry.record_name}"
    told = {"name": entry.kind, "label": _("后来的操作"), "mine": "", "now": now, "was": ""}
    return told | {"author": entry.author_name, "at": entry.at.isoformat()}


def _remove_contacts(batch: Batch, entries: Sequence[JournalEntry], hand: Hand) -> Done:
    """Contacts that the batch added to customers that stay; one that was changed since stays too."""
    made = {e.record_id: e for e in entries if e.kind == "contact" and e.action == Action.CREATE}
    if not made:
        return Done()
    reached = set(
        Customer.objects.editable_by(hand.user)
        .filter(pk__in={entry.customer_id for entry in made.values()})
        .values_list("pk", flat=True)
    )
    later = JournalEntry.objects.filter(kind="contact", record_id__in=list(made)).exclude(batch=batch.code)
    changed = set(later.values_list("record_id", flat=True))
    wanted = [pk for pk, entry in made.items() if pk not in changed and entry.customer_id in reached]
    discard(TREES["contact"], wanted, by=hand.by, at=hand.at)
    kept = [entry for pk, entry in made.items() if pk in changed]
    text = _("联系人%(name)s后来又有人改过，没有删")
    return Done(0, [left(e.customer_id or 0, e.record_name, text % {"name": e.record_name}) for e in kept])
