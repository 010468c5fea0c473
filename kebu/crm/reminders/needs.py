"""Verbs over recurring needs: keep one, change it, note that its time has passed."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

from kebu.base.journal.authors import Author
from kebu.base.journal.choices import Action
from kebu.base.journal.models import JournalEntry, Line
from kebu.base.records.models import claim_submission
from kebu.crm.customers.models import Customer
from kebu.crm.reminders.models import NeedCycle

GRACE = timedelta(days=14)  # after its day it moves on by itself, so that the next one is not forgotten
AT_ONCE = 500
NAMES = ("name", "cycle_months", "next_on", "lead_days", "remark", "is_active")


@transaction.atomic
def keep_need(
    customer: Customer, values: Mapping[str, Any], *, submission: str, by: Author, at: datetime
) -> NeedCycle | None:
    """Keep a need that comes again; None when this very form was kept before."""
    key = f"{customer.pk}:{submission}"
    if claim_submission(key, kind="need", user_id=by.user_id or 0, at=at) is None:
        return None
    row = NeedCycle(
        customer=customer, anchor_day=values["next_on"].day, created_at=at, updated_at=at, **values
    )
    row.save(force_insert=True)
    _write(row, Action.CREATE, {name: [None, _json(values[name])] for name in values}, by=by, at=at)
    return row


@transaction.atomic
def change_need(row: NeedCycle, values: Mapping[str, Any], *, version: int, by: Author, at: datetime) -> bool:
    """Change it as it was seen; False when somebody else changed it meanwhile."""
    row.version = version
    new = dict(values)
    if "next_on" in new and new["next_on"] != row.next_on:
        new.setdefault("anchor_day", new["next_on"].day)
    before = {name: getattr(row, name) for name in NAMES}
    if not NeedCycle.swap(row, {**new, "updated_at": at}):
        return False
    changes = {
        name: [_json(before[name]), _json(value)]
        for name, value in new.items()
        if name in before and before[name] != value
    }
    if changes:
        _write(row, Action.CHANGE, changes, by=by, at=at)
    return True


def turn(row: NeedCycle, *, version: int, by: Author, at: datetime) -> bool:
    """This time is settled, bought or not: the next one is a cycle later."""
    values = {"next_on": row.following(), "anchor_day": row.anchor_day}
    return change_need(row, values, version=version, by=by, at=at)


def roll_forward(today: date, *, at: datetime) -> int:
    """Move on those whose day passed two weeks ago and nobody settled; count them."""
    by, count = Author.system(), 0
    old = NeedCycle.objects.filter(is_active=True, next_on__lt=today - GRACE).order_by("next_on", "pk")
    for row in list(old[:AT_ONCE]):
        following = row.following()
        while following < today - GRACE:
            following = row.following(following)
        values = {"next_on": following, "anchor_day": row.anchor_day}
        count += change_need(row, values, version=row.version, by=by, at=at)
    return count


@transaction.atomic
def remove_need(row: NeedCycle, *, version: int, by: Author, at: datetime) -> bool:
    """Take it away as it was seen; False when somebody else changed it meanwhile."""
    gone, _each = NeedCycle.objects.filter(pk=row.pk, version=version).delete()
    if not gone:
        return False
    _write(row, Action.DELETE, {name: [_json(getattr(row, name)), None] for name in NAMES}, by=by, at=at)
    return True


def _json(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _write(
    row: NeedCycle, action: Action, changes: dict[str, list[Any]], *, by: Author, at: datetime
) -> None:
    line = Line("need", row.pk, row.name, action, row.version, row.customer_id, changes)
    JournalEntry.objects.record([line], by=by, at=at)
