"""The inbox of the demo: what sellers were reminded of in the last days; most of it they have read."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random

from django.utils.translation import gettext as _

from kebu.base.bulk.rows import insert_new
from kebu.crm.customers.models import Customer
from kebu.crm.reminders.choices import Rule
from kebu.crm.reminders.words import stamp, when
from kebu.office.notices.models import TITLE_LENGTH, Notice

BEFORE, PAST, READ = timedelta(hours=1), timedelta(days=6), timedelta(hours=20)


def write_notices(customers: Sequence[Customer], *, now: datetime) -> None:
    """Leave what was told of follow-ups whose time has come; nothing of it goes out of the house."""
    rows = [row for customer in customers if (row := _reminded(customer, now)) is not None]
    insert_new(rows, ("user_id", "key"))


def _reminded(customer: Customer, now: datetime) -> Notice | None:
    due, owner_id = customer.next_follow_up_at, customer.owner_id
    if due is None or owner_id is None or not now - PAST < due - BEFORE < now:
        return None
    told_at, rng = due - BEFORE, Random(f"notices-{customer.number}")  # noqa: S311 - believable, not secret
    is_read = told_at < now - READ or rng.random() < 0.3
    return Notice(
        user_id=owner_id,
        key=f"demo:{customer.number}:{stamp(due)}",
        kind=Rule.FOLLOW_UP_DUE.value,
        title=(_("%(when)s跟进%(name)s") % {"when": when(due), "name": customer.name})[:TITLE_LENGTH],
        text=customer.next_step,
        url=customer.get_absolute_url(),
        about_kind="customer",
        about_id=customer.pk,
        created_at=told_at,
        read_at=min(now, told_at + timedelta(minutes=rng.randrange(5, 240))) if is_read else None,
    )
