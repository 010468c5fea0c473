"""Verbs: claiming customers from the pool, giving them back, setting the limits."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from kebu.base.batches.models import Leftover, left
from kebu.base.fields.directories import Context
from kebu.base.journal.authors import Author
from kebu.base.journal.choices import SETTING, Action
from kebu.base.journal.models import JournalEntry, Line
from kebu.crm.customers.mass_edit import Wish, change_many, held
from kebu.crm.customers.models import Customer, CustomerQuerySet
from kebu.crm.pool.choices import Came
from kebu.crm.pool.models import PoolEntry, PoolPolicy, PoolRule
from kebu.crm.pool.queries import Room, cooling, policy
from kebu.crm.pool.rules import Rulebook, rulebook
from kebu.crm.pool.telling import tell_former
from kebu.office.staff.fields import STAFF
from kebu.office.staff.models import User

RULE_PARTS, SPARED = ("is_on", "days", "warn_days"), ("spares_won", "spares_planned")
KIND = "pool"  # in the journal, beside the entry of the customer's owner


@dataclass(slots=True)
class Moved:
    """What became of customers that were to be claimed or given back."""

    customers: list[Customer] = field(default_factory=list)
    left: list[Leftover] = field(default_factory=list)


@transaction.atomic
def claim(ids: Iterable[int], user: User, *, by: Author, at: datetime, context: Context) -> Moved:
    """Give customers of the pool to somebody who takes them, as many as he may; of two at once one gets it.

    The customers are held before the user's row, as everywhere; by the second one, two claims of the same
    person count each other: the batch in which it is done is what counts towards the day.
    """
    wanted = set(ids)
    found = [customer for chunk in held(Customer.objects.all(), wanted) for customer in chunk]
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    office, moved = policy(), Moved()
    room = Room.of(user, office, at)
    entries = _open_entries(found)
    gone = _("已经不在了，可能在回收站里")
    moved.left += [left(pk, "", gone) for pk in sorted(wanted - {customer.pk for customer in found})]
    for customer in found:
        if customer.owner_id == user.pk:
            continue  # asked twice
        why = _taken(customer, context) or cooling(entries.get(customer.pk), user, office, at) or room.refusal
        if why:
            moved.left.append(left(customer.pk, customer.name, why))
        else:
            room.take()
            moved.customers.append(customer)
    wishes = [Wish(customer, {"owner": user.pk}, action=Action.ASSIGN) for customer in moved.customers]
    change_many(wishes, by=by, at=at, context=context)
    keys = [customer.pk for customer in moved.customers]
    PoolEntry.objects.filter(customer__in=keys, ended_at=at).update(is_claimed=True, closed_in=by.batch)
    _note(moved.customers, Action.ASSIGN, {}, by, at)
    return moved


def _open_entries(customers: Sequence[Customer]) -> dict[int, PoolEntry]:
    rows = PoolEntry.objects.open().filter(customer__in=[customer.pk for customer in customers])
    return {row.customer_id: row for row in rows}


def _taken(customer: Customer, context: Context) -> str:
    """Why nobody can claim it; who was faster."""
    if customer.owner_id is not None:
        return _("已经是%(who)s的客户了") % {"who": context.directory(STAFF).name(customer.owner_id)}
    return _("已经归档，恢复以后才能领") if customer.is_archived else ""


@transaction.atomic
def release(
    among: CustomerQuerySet,
    ids: Iterable[int],
    reason: str,
    *,
    by: Author,
    at: datetime,
    context: Context,
    came: Came = Came.RELEASED,
) -> Moved:
    """Give customers of ``among`` back to the pool; archived ones stay as they are."""
    moved, formers = Moved(), dict[int, int]()
    for customer in (one for chunk in held(among, ids) for one in chunk):
        if customer.owner_id is None:
            continue
        if customer.is_archived:
            moved.left.append(left(customer.pk, customer.name, _("已经归档，恢复以后才能退回公海")))
        else:
            formers[customer.pk] = customer.owner_id
            moved.customers.append(customer)
    wishes = [Wish(customer, {"owner": None}, action=Action.ASSIGN) for customer in moved.customers]
    change_many(wishes, by=by, at=at, context=context)
    _explain(formers, came, reason, by)
    _note(moved.customers, Action.CHANGE, {"reason": [None, reason]}, by, at)
    tell_former([(one, formers[one.pk]) for one in moved.customers], reason, by=by, at=at)
    return moved


def _explain(formers: Mapping[int, int], came: Came, reason: str, by: Author) -> None:
    """Write to the new stretches why they began; of who has left, that it was so."""
    told = {"reason": reason[:300], "by": by.user_id, "opened_in": by.batch}
    fresh = PoolEntry.objects.open().filter(customer__in=formers)
    fresh.update(came=came, **told)
    if came is Came.RELEASED:
        gone = User.objects.filter(pk__in=set(formers.values()), is_active=False)
        fresh.filter(former__in=list(gone.values_list("pk", flat=True))).update(came=Came.LEFT)


def _note(
    customers: Sequence[Customer], action: Action, changes: dict[str, Any], by: Author, at: datetime
) -> None:
    """Say in the journal that it was the pool; the change of owner stands beside it."""
    lines = [Line(KIND, one.pk, one.name, action, one.version, one.pk, changes) for one in customers]
    JournalEntry.objects.record(lines, by=by, at=at)


@transaction.atomic
def mend(ids: Sequence[int], undone: str, *, by: Author, at: datetime) -> None:
    """After the batch ``undone`` was taken back: who is in the pool again goes on with the stretch that the
    batch had ended, as if it had never been out."""
    PoolEntry.objects.filter(customer__in=ids, ended_at=at).update(closed_in=by.batch)
    fresh = PoolEntry.objects.open().filter(customer__in=ids, since=at)
    ended = PoolEntry.objects.filter(
        closed_in=undone, customer__in=list(fresh.values_list("customer", flat=True))
    )
    former = {row.customer_id: row.pk for row in ended.order_by("pk")}
    fresh.filter(customer__in=former).delete()
    PoolEntry.objects.filter(pk__in=former.values()).update(
        ended_at=None, taken_by=None, is_claimed=False, closed_in=""
    )


@transaction.atomic
def set_limits(values: Mapping[str, Any], *, version: int, by: Author, at: datetime) -> bool:
    """Change the office's limits; False when somebody else changed them since they were seen."""
    found, is_new = PoolPolicy.objects.get_or_create(pk=1, defaults={"created_at": at, "updated_at": at})
    version = found.version if is_new and version == 0 else version
    before = {name: getattr(found, name) for name in values}
    found.version = version
    if not PoolPolicy.swap(found, {**values, "updated_at": at}):
        return False
    changes = {name: [before[name], value] for name, value in values.items() if before[name] != value}
    if changes:
        line = Line(SETTING, found.pk, _("公海规则"), Action.CHANGE, found.version, None, changes)
        JournalEntry.objects.record([line], by=by, at=at)
    return True


@transaction.atomic
def set_rules(book: Rulebook, seal: str, *, by: Author, at: datetime) -> bool:
    """Let these rules of recycling take effect; False when they are not those of the seal any more."""
    office = _held_policy(at)
    before, changes = rulebook(), dict[str, Any]()
    if before.seal != seal:
        return False
    for grade, rule in book.rules.items():
        old, told = before.rules[grade], {name: getattr(rule, name) for name in RULE_PARTS}
        was = {name: getattr(old, name) for name in RULE_PARTS}
        if told != was:
            PoolRule.objects.update_or_create(
                grade=grade,
                defaults={**told, "updated_at": at, "version": old.version + 1},
                create_defaults={**told, "created_at": at, "updated_at": at},
            )
            changes[f"rule_{grade or 'none'}"] = [_rule_words(old), _rule_words(rule)]
    spared = {name: getattr(book.office, name) for name in SPARED}
    differs = {name: value for name, value in spared.items() if getattr(before.office, name) != value}
    if differs:
        PoolPolicy.swap(office, {**differs, "updated_at": at})
        changes |= {name: [not value, value] for name, value in differs.items()}
    if changes:
        line = Line(SETTING, 1, _("公海回收规则"), Action.CHANGE, 1, None, changes)
        JournalEntry.objects.record([line], by=by, at=at)
    return True


def _held_policy(at: datetime) -> PoolPolicy:
    """The office's row, nobody else's until the transaction ends: of two who change the rules at once the
    second finds them changed. A new one is as old as none: the limits on it are untouched."""
    given = {"version": 0, "created_at": at, "updated_at": at}
    return PoolPolicy.objects.select_for_update().get_or_create(pk=1, defaults=given)[0]


def _rule_words(rule: PoolRule) -> str:
    if not rule.is_on:
        return _("不回收")
    told = {"days": rule.days, "before": rule.warn_days}
    return _("%(days)d天没有跟进，提前%(before)d天提醒") % told
