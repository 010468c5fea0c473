"""Whose customer somebody else gave back is told so."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kebu.base.journal.authors import Author
from kebu.crm.customers.models import Customer
from kebu.office.notices.actions import Note, notify_many
from kebu.office.notices.kinds import Kind

RELEASED = Kind(
    "pool.released",
    gettext_lazy("客户退回了公海"),
    gettext_lazy("客户"),
    gettext_lazy("别人把我的客户退回了公海"),
)
PAGE = "/pool/"


def tell_former(
    customers: Sequence[tuple[Customer, int | None]], reason: str, *, by: Author, at: datetime
) -> None:
    """Tell former owners, one notice for each of them, whoever of them did not do it himself.

    He does not see the customer any more: the notice names it and is about nothing that he could open.
    """
    lost: dict[int, list[Customer]] = defaultdict(list)
    for customer, former_id in customers:
        if former_id is not None and former_id != by.user_id:
            lost[former_id].append(customer)
    notify_many([_note(user_id, rows, reason, by) for user_id, rows in lost.items()], at=at)


def _note(user_id: int, rows: Sequence[Customer], reason: str, by: Author) -> Note:
    first = rows[0]
    told = {"who": by.name, "name": first.name, "count": len(rows)}
    title = _("%(who)s把你的客户%(name)s退回了公海")
    if len(rows) > 1:
        title = _("%(who)s把你的%(count)d个客户退回了公海，有%(name)s等")
    key = f"pool-out:{first.pk}:{first.version}"
    return Note(user_id, RELEASED.code, key, title % told, PAGE, _("原因：%s") % reason)
