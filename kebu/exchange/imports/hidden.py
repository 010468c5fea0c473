"""Doubles in a file of customers that the importer does not see: what he may know of them is counted."""

from collections.abc import Iterable
from datetime import datetime

from kebu.base.journal.authors import Author
from kebu.crm.customers.models import Customer
from kebu.crm.disputes.actions import Hidden, tell
from kebu.exchange.imports.models import ImportRow
from kebu.office.staff.models import User


def tell_hidden(rows: Iterable[ImportRow], user: User, *, by: Author, at: datetime) -> None:
    """Keep count of the customers a file asks about; a file is the quickest way to ask about thousands."""
    asked = {row.match_id: row for row in rows if row.match_id is not None}
    if not asked:
        return
    seen = set(Customer.objects.visible_to(user).filter(pk__in=asked).values_list("pk", flat=True))
    hidden = [
        Hidden(pk, "", row.match_why, _name(row))
        for pk, row in asked.items()
        if pk is not None and pk not in seen
    ]
    tell(hidden, to=user, by=by, at=at)


def _name(row: ImportRow) -> str:
    """What the file calls the customer."""
    customer = row.reading.get("customer", {}) if isinstance(row.reading, dict) else {}
    return str(customer.get("name") or row.phone or row.number)
