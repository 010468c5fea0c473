"""Taking back what a batch did to shares in customers: never over what somebody changed since."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from django.utils.translation import gettext as _

from kebu.base.batches.models import Leftover, left
from kebu.base.batches.registry import Done, Hand
from kebu.base.journal.choices import Action
from kebu.base.journal.models import JournalEntry
from kebu.base.kit.dates import local_day
from kebu.crm.customers.collaborators import KIND, Grant, let_go, let_in
from kebu.crm.customers.models import Collaborator, Customer
from kebu.crm.customers.queries import shareable_by

Terms = tuple[str, date | None]


def revert_shares(entries: Iterable[JournalEntry], user_id: int, hand: Hand) -> Done:
    """Who was let in goes, who went comes in again, levels and last days are as they were."""
    told = {entry.customer_id: entry for entry in entries if entry.kind == KIND and entry.customer_id}
    reached = dict(shareable_by(hand.user).filter(pk__in=told).values_list("pk", "name"))
    shares = Collaborator.objects.filter(user=user_id, customer__in=reached).select_related("customer")
    rows = {row.customer_id: row for row in shares}
    going, again, done = [], defaultdict[Terms, list[int]](list), Done()
    for pk, entry in told.items():
        row = rows.get(pk)
        if problem := _problem(entry, row, is_reached=pk in reached):
            done.left.append(_left(entry, reached.get(pk, ""), problem))
        elif row is not None and entry.action == Action.CREATE:
            going.append(row)
        elif (terms := _terms(entry, row)) and (terms[1] is None or terms[1] >= local_day(hand.at)):
            again[terms].append(pk)
        else:
            done.left.append(_left(entry, reached[pk], _("原来的协作期限已经过了，没有恢复")))
    done.changed = let_go(going, by=hand.by, at=hand.at) if going else 0
    for (level, until_on), ids in again.items():
        grant = Grant(user_id, level, until_on)
        done.changed += let_in(Customer.objects.filter(pk__in=ids), grant, by=hand.by, at=hand.at)
    return done


def _problem(entry: JournalEntry, row: Collaborator | None, *, is_reached: bool) -> str:
    """Why the share cannot be as it was before the entry."""
    if not is_reached:
        return _("现在不由你负责或分配，没有动")
    if entry.is_erased:
        return _("修改前的内容已经清除，恢复不了")
    is_there = row is not None and row.pk == entry.record_id and row.version == entry.version
    is_as_left = row is None if entry.action == Action.DELETE else is_there
    return "" if is_as_left else _("后来又有人改过，没有动")


def _terms(entry: JournalEntry, row: Collaborator | None) -> Terms:
    """Level and last day before the entry."""
    level, until = row.level if row else "", row.until_on if row else None
    if "level" in entry.changes:
        level = entry.changes["level"][0] or level
    if "until_on" in entry.changes:
        text = entry.changes["until_on"][0]
        until = date.fromisoformat(text) if text else None
    return level, until


def _left(entry: JournalEntry, name: str, reason: str) -> Leftover:
    return left(entry.customer_id or 0, name, reason)
