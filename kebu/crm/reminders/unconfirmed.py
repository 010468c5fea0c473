"""Reminders of edits that look like an important change and that nobody has confirmed: in time for the
24-hour rule (S1-20)."""

from collections.abc import Iterator
from datetime import timedelta

from django.utils.translation import gettext as _

from kebu.base.access.choices import Permission
from kebu.base.access.queries import may
from kebu.base.fields.directories import Context
from kebu.crm.changes.choices import Sort
from kebu.crm.changes.models import Proposal
from kebu.crm.changes.proposals import RECENTLY, shown_to
from kebu.crm.changes.telling import working_with
from kebu.crm.reminders.choices import Rule
from kebu.crm.reminders.due import behind
from kebu.crm.reminders.models import ReminderPolicy
from kebu.crm.reminders.queries import is_on
from kebu.crm.reminders.rounds import Place, Read, Span, Step
from kebu.crm.reminders.words import customer_url, stamp
from kebu.office.notices.actions import Note
from kebu.office.staff.models import User


def steps(office: ReminderPolicy) -> list[Step]:
    """What a round of these reads."""
    return [Step("proposals", proposals(office))] if is_on(Rule.PROPOSAL, office) else []


def proposals(office: ReminderPolicy) -> Read:
    """Reads proposals that have waited for so many hours."""
    hours = timedelta(hours=office.proposal_hours)

    def read(span: Span, after: Place, size: int) -> tuple[list[Note], Place]:
        has_changed = office.version > 0 and office.updated_at > span.since
        since = span.until - RECENTLY if has_changed else span.since - hours
        found = Proposal.objects.filter(created_at__gt=since, created_at__lte=span.until - hours)
        found = found.filter(behind("created_at", after), customer__archived_at__isnull=True)
        rows = list(found.select_related("customer").order_by("created_at", "pk")[:size])
        notes = [note for row in rows for note in notes_of(row, office.proposal_hours)]
        return notes, (rows[-1].created_at, rows[-1].pk) if len(rows) == size else None

    return read


def notes_of(row: Proposal, hours: int) -> Iterator[Note]:
    """One for each who works with the customer and may confirm it; the values stand on the page, under the
    rule of their field."""
    customer = row.customer
    people = User.objects.filter(pk__in=working_with(customer, None, row.created_at))
    for user in people.select_related("department").prefetch_related("roles").order_by("pk"):
        is_his = may(user, Permission.INTERACTION_CREATE, customer)
        if is_his and shown_to(Context(reader=user), row):
            told = {"name": customer.name, "sort": Sort(row.sort).label, "hours": hours}
            yield Note(
                user.pk,
                Rule.PROPOSAL.value,
                f"proposal:{row.pk}:{stamp(row.created_at)}",
                _("客户%(name)s：是不是%(sort)s，%(hours)d小时了还没有人确认") % told,
                customer_url(customer.number),
                _("打开客户选“是，记下来”或“不是”；发生后超过24小时才记下，算超时记录"),
                ("customer", customer.pk),
            )
