"""Doubles in a file: what the importer may learn by them of customers he does not see, and of numbers that
his role masks, is counted."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Protocol

from kebu.base.access.choices import FieldRule
from kebu.base.fields.fieldsets import field_named, rule_for
from kebu.base.journal.authors import Author
from kebu.base.kit.errors import Unreadable
from kebu.crm.customers.models import Customer
from kebu.crm.disputes.actions import Hidden, tell
from kebu.crm.disputes.choices import Why
from kebu.exchange.imports.models import ImportRow
from kebu.office.staff.models import User

PHONES = ("customer.phone", "contact.phone")


class NumberGuard(Protocol):
    """Counts whole numbers that a file found out; the room of looks at masked values registers one."""

    def take(self, found: Mapping[int, str], *, by: Author, at: datetime) -> bool:
        """Count these customers (id → name), each once a day; False when they are too many for today."""

    def refuse(self, *, by: Author, at: datetime) -> str:
        """Count the day as used up and write it down; answers what the importer is told."""


GUARDS: list[NumberGuard] = []


class NumbersSpent(Exception):
    """The file found more masked numbers than may be found out in a day."""


def stopped(*, by: Author, at: datetime) -> Unreadable:
    """Why nothing more is checked, once what was begun has been rolled back."""
    return Unreadable(" ".join(guard.refuse(by=by, at=at) for guard in GUARDS))


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
    _count_numbers([row for pk, row in asked.items() if pk in seen], user, by, at)


def _count_numbers(rows: Iterable[ImportRow], user: User, by: Author, at: datetime) -> None:
    """Whose number fits although the reader sees none of it: so he would read masked numbers by trying the
    neighbouring ones. Who is found by his name tells nothing new."""
    masked = any(rule_for(user, field_named(key)) is FieldRule.MASKED for key in PHONES)
    found = {row.match_id for row in rows if row.match_why == Why.PHONE and row.match_id} if masked else ()
    if not found:
        return
    names = dict(Customer.objects.filter(pk__in=found).values_list("pk", "name"))
    if not all(guard.take(names, by=by, at=at) for guard in GUARDS):
        raise NumbersSpent


def _name(row: ImportRow) -> str:
    """What the file calls the customer."""
    customer = row.reading.get("customer", {}) if isinstance(row.reading, dict) else {}
    return str(customer.get("name") or row.phone or row.number)
