"""Verbs over key dates: keep one, change it, say that it is settled, take it away."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from kebu.base.fields.directories import Context
from kebu.base.journal.authors import Author
from kebu.base.journal.choices import Action
from kebu.base.journal.models import JournalEntry, Line
from kebu.base.kit.dates import local_day
from kebu.base.kit.errors import Unreadable
from kebu.base.records.actions import Changes, change_fields, creation_line
from kebu.base.records.models import claim_submission
from kebu.crm.customers.models import Customer
from kebu.crm.key_dates.choices import GROUP_OF, USUAL_LEAD, WAITING_SORTS, Repeat, Sort
from kebu.crm.key_dates.fields import KEY_DATE_FIELDS
from kebu.crm.key_dates.followers import tell
from kebu.crm.key_dates.models import KeyDate

GRACE = timedelta(days=14)  # after its day it moves on by itself, so that the next one is not forgotten
AT_ONCE = 500


@transaction.atomic
def keep_key_date(
    customer: Customer,
    values: Mapping[str, Any],
    *,
    submission: str,
    by: Author,
    at: datetime,
    context: Context,
) -> KeyDate | None:
    """Keep a day of the customer; None when this very form was kept before."""
    key = f"{customer.pk}:{submission}"
    if claim_submission(key, kind="key-date", user_id=by.user_id or 0, at=at) is None:
        return None
    customer.hold()
    row = KeyDate(customer=customer, created_at=at, updated_at=at)
    for name, value in with_lead(values).items():
        KEY_DATE_FIELDS[name].assign(row, value)
    row.derive()
    row.save(force_insert=True)
    JournalEntry.objects.record([creation_line(row, KEY_DATE_FIELDS, context, customer.pk)], by=by, at=at)
    return row


def with_lead(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values with as many days before it as are usual for its sort, where none are said."""
    usual = USUAL_LEAD[GROUP_OF[Sort(values["sort"])]]
    return {**values, "lead_days": usual if values.get("lead_days") is None else values["lead_days"]}


@transaction.atomic
def change_key_date(
    row: KeyDate, values: Mapping[str, Any], *, version: int, by: Author, at: datetime, context: Context
) -> Changes:
    """Change it as it was seen at ``version``. Raises EditConflict."""
    Customer.objects.hold([row.customer_id])
    changes = change_fields(
        row,
        values,
        fields=KEY_DATE_FIELDS,
        version=version,
        by=by,
        at=at,
        context=context,
        customer_id=row.customer_id,
        extra=_derived,
    )
    tell(row, by=by, at=at)
    return changes


def _derived(row: KeyDate, changes: Changes) -> dict[str, object]:
    """The day it goes by changes with its own day or rhythm only: the 31st is remembered over February."""
    anchor, told = row.anchor_day, row.derive()
    if changes.fields.keys() & {"next_on", "repeat"}:
        return told | {"missed_on": None}
    row.anchor_day = anchor
    return told | {"anchor_day": anchor}


def settle(row: KeyDate, *, version: int, by: Author, at: datetime) -> bool:
    """This time is seen to: what comes again stands at its next time, what comes once is settled. False when
    somebody else changed it meanwhile."""
    following = row.following()
    if following is None:
        return _put(row, {"settled_on": local_day(at)}, version=version, by=by, at=at)
    return stand_at(row, following, version=version, by=by, at=at)


def reopen(
    row: KeyDate, on: date, *, missed_on: date | None = None, version: int, by: Author, at: datetime
) -> bool:
    """It was not settled after all: it stands at ``on`` again, and what it had missed is still missed."""
    if row.settled_on is None:
        columns = {**_stands_at(row, on), "missed_on": missed_on}
        return _put(row, columns, version=version, by=by, at=at)
    return _put(row, {"settled_on": None}, version=version, by=by, at=at)


def stand_at(row: KeyDate, on: date, *, version: int, by: Author, at: datetime) -> bool:
    """Its next time is ``on``; the day of the month it goes by stays. False when somebody else changed it."""
    return _put(row, {**_stands_at(row, on), "missed_on": None}, version=version, by=by, at=at)


def _stands_at(row: KeyDate, on: date) -> dict[str, Any]:
    return {"next_on": on, "remind_on": on - timedelta(days=row.lead_days)}


def move_to(row: KeyDate, on: date, *, version: int, by: Author, at: datetime) -> bool:
    """Put its next time on another day, this once. False when somebody else changed it. Raises Unreadable for
    another month of what comes again: that would be another rhythm."""
    if row.is_repeated and not row.is_of_month(on):
        raise Unreadable(
            _("%(name)s是重复的，只能在当月里挪；要改成别的日子，请打开它改") % {"name": row.name}
        )
    return stand_at(row, on, version=version, by=by, at=at)


@transaction.atomic
def _put(row: KeyDate, columns: dict[str, Any], *, version: int, by: Author, at: datetime) -> bool:
    Customer.objects.hold([row.customer_id])
    told = [name for name in columns if name in KEY_DATE_FIELDS]
    before = {name: _json(getattr(row, name)) for name in told}
    row.version = version
    if not KeyDate.swap(row, {**columns, "updated_at": at}):
        return False
    changes = {name: [before[name], _json(columns[name])] for name in told}
    line = Line(KEY_DATE_FIELDS.kind, row.pk, str(row), Action.CHANGE, row.version, row.customer_id, changes)
    JournalEntry.objects.record([line], by=by, at=at)
    tell(row, by=by, at=at)
    return True


def _json(value: date | None) -> str | None:
    return value.isoformat() if value else None


def roll_forward(today: date, *, at: datetime) -> int:
    """Move on what comes again, whose day passed two weeks ago and nobody settled; count them. What comes
    once, every contract and every payment, waits until somebody sees to it."""
    by, count = Author.system(), 0
    passed = KeyDate.objects.open().live().filter(next_on__lt=today - GRACE)
    old = passed.exclude(repeat=Repeat.ONCE).exclude(sort__in=WAITING_SORTS)
    for row in list(old.order_by("next_on", "pk")[:AT_ONCE]):
        following = row.following()
        while following is not None and following < today - GRACE:
            following = row.following(following)
        if following is not None:
            columns = {**_stands_at(row, following), "missed_on": row.missed_on or row.next_on}
            count += _put(row, columns, version=row.version, by=by, at=at)
    return count


@transaction.atomic
def remove_key_date(row: KeyDate, *, version: int, by: Author, at: datetime, context: Context) -> bool:
    """Take it away as it was seen; False when somebody else changed it meanwhile."""
    Customer.objects.hold([row.customer_id])
    gone, _each = KeyDate.objects.filter(pk=row.pk, version=version).delete()
    if not gone:
        return False
    held = {
        item.name: [item.kind.to_json(value, context), None] for item, value in KEY_DATE_FIELDS.filled(row)
    }
    line = Line(KEY_DATE_FIELDS.kind, row.pk, str(row), Action.DELETE, row.version, row.customer_id, held)
    JournalEntry.objects.record([line], by=by, at=at)
    tell(row, by=by, at=at)
    return True
