"""Newly assigned: whoever is given customers by somebody else is told at once."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from kebu.base.journal.choices import Action
from kebu.base.journal.models import JournalEntry
from kebu.crm.customers.followers import CREATED, Before
from kebu.crm.customers.models import Customer
from kebu.crm.reminders.choices import Rule
from kebu.crm.reminders.queries import is_on, policy
from kebu.crm.reminders.words import customer_url, stamp
from kebu.office.notices.actions import Note, notify_many

FEW = 3  # so many at once are told one by one


def tell_new_owners(ids: Sequence[int], names: frozenset[str], before: Before, at: datetime) -> None:
    """Tell the owners of these customers, when somebody else has just made them that."""
    if not ({"owner", CREATED} & names):
        return
    if not is_on(Rule.ASSIGNED, policy()):
        return
    given = defaultdict(list)
    authors = _authors(ids)
    for row in Customer.objects.filter(pk__in=ids, owner__isnull=False).only(
        "pk", "name", "number", "owner_id"
    ):
        author = authors.get(row.pk)
        if author is not None and author[0] not in (None, row.owner_id):
            given[row.owner_id, author].append(row)
    notes = [
        note
        for (owner, (author_id, name, batch)), rows in given.items()
        for note in _notes(owner, name, batch or f"{author_id}-{stamp(at)}", rows, at)
    ]
    notify_many(notes, at=at)


def _authors(ids: Sequence[int]) -> dict[int, tuple[int | None, str, str]]:
    """Who wrote each of them last: the entry stands in the same transaction."""
    entries = JournalEntry.objects.filter(
        kind="customer", record_id__in=ids, action__in=(Action.CREATE, Action.ASSIGN, Action.CHANGE)
    )
    rows = entries.order_by("id").values_list("record_id", "author_id", "author_name", "batch")
    return {record: (author, name, batch) for record, author, name, batch in rows}


def _notes(owner: int | None, name: str, batch: str, rows: list[Customer], at: datetime) -> list[Note]:
    """One for each of a few, one for all of many."""
    if owner is None:
        return []
    kind = Rule.ASSIGNED.value
    if len(rows) > FEW:
        title = _("%(name)s把一批客户交给了你") % {"name": name}
        text = _("请看“我的客户”，新分配的排在工作台上")
        return [Note(owner, kind, f"assigned:{batch}", title, "/customers/?view=mine", text)]
    return [
        Note(
            owner,
            kind,
            f"assigned:{row.pk}:{stamp(at)}",
            _("%(name)s把客户%(customer)s交给了你") % {"name": name, "customer": row.name},
            customer_url(row.number),
            _("还没有联系过，请先看资料，定下第一次跟进"),
            ("customer", row.pk),
        )
        for row in rows
    ]
