"""Entering an important change, and seeing in edits what may be one."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from kebu.base.fields.directories import Context
from kebu.base.journal.authors import Author
from kebu.base.journal.choices import Action
from kebu.base.journal.models import JournalEntry, Line
from kebu.base.records.actions import creation_line
from kebu.crm.changes.choices import Sort
from kebu.crm.changes.fields import CHANGE_FIELDS
from kebu.crm.changes.models import ImportantChange, Proposal, deadline
from kebu.crm.changes.telling import tell_of_change
from kebu.crm.customers.fields import CUSTOMER_FIELDS
from kebu.crm.customers.followers import Before
from kebu.crm.customers.models import Customer

# fields of the customer → what their change may be; in this order one edit is judged
SORTS = {"key_contact": Sort.DECIDER, "budget": Sort.BUDGET, "need": Sort.NEED}
FIELDS = {sort.value: name for name, sort in SORTS.items()}
LONGEST = 1_000


@transaction.atomic
def enter_change(
    customer: Customer,
    values: Mapping[str, Any],
    *,
    by: Author,
    at: datetime,
    context: Context,
    proposal: Proposal | None = None,
) -> ImportantChange:
    """Write an important change down, and tell everybody who works with the customer; the proposal it came
    from is answered thereby."""
    change = ImportantChange(customer=customer, author_id=by.user_id, created_at=at, updated_at=at)
    for name, value in values.items():
        CHANGE_FIELDS[name].assign(change, value)
    change.due_at = deadline(change.happened_on)
    change.save(force_insert=True)
    JournalEntry.objects.record([creation_line(change, CHANGE_FIELDS, context, customer.pk)], by=by, at=at)
    if proposal is not None:
        Proposal.objects.filter(pk=proposal.pk).delete()
    tell_of_change(change, by, at)
    return change


@transaction.atomic
def dismiss(proposal: Proposal, *, by: Author, at: datetime) -> bool:
    """The edit was no important change; False when somebody answered before."""
    gone, _each = Proposal.objects.filter(pk=proposal.pk, version=proposal.version).delete()
    if gone:
        # The values stand with the edit itself, under the rule of their field.
        changes: dict[str, list[Any]] = {"sort": [proposal.sort, None]}
        name = str(Sort(proposal.sort).label)
        line = Line("change-proposal", proposal.pk, name, Action.DELETE, 1, proposal.customer_id, changes)
        JournalEntry.objects.record([line], by=by, at=at)
    return bool(gone)


def propose(ids: Sequence[int], names: frozenset[str], before: Before, at: datetime) -> None:
    """An edit of one customer that replaces its key contact, need or budget may be an important change; what
    is done to many at once, or filled in for the first time, is none."""
    told = SORTS.keys() & names
    if len(ids) != 1 or not told:
        return
    former = before.get(ids[0], {})
    if not any(former.get(name) for name in told):
        return
    customer = Customer.objects.get(pk=ids[0])
    for name in told:
        if former.get(name):
            _propose(customer, name, former[name], at)


def _propose(customer: Customer, name: str, was: Any, at: datetime) -> None:
    """One proposal of a sort at a time: of several edits it tells what stood there first."""
    item, context = CUSTOMER_FIELDS[name], Context()
    before = item.kind.show(was, context) if not isinstance(was, str) else was
    after = item.text(customer, context) or "—"
    found = Proposal.objects.filter(customer=customer, sort=SORTS[name]).first()
    first = found.content.partition(" → ")[0] if found else f"{item.label}：{before}"
    content = f"{first} → {after}"[:LONGEST]
    if found:
        Proposal.swap(found, {"content": content, "updated_at": at})
    elif before != after:
        Proposal.objects.create(
            customer=customer, sort=SORTS[name], content=content, created_at=at, updated_at=at
        )
