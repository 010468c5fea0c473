"""The inbox of the demo: what sellers were reminded of in the last days; most of it they have read."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from random import Random

from django.utils.translation import gettext as _

from kebu.base.bulk.rows import insert_new
from kebu.crm.customers.models import Customer
from kebu.crm.reminders import daily
from kebu.crm.reminders.choices import Rule
from kebu.crm.reminders.queries import policy
from kebu.crm.reminders.rounds import CHUNK, Place, Span
from kebu.crm.reminders.words import when
from kebu.office.notices.actions import Note, notice_of
from kebu.office.notices.models import TITLE_LENGTH, Notice

BEFORE, READ = timedelta(hours=1), timedelta(hours=20)
PAST, RECENT = timedelta(days=6), timedelta(days=40)


def write_notices(customers: Sequence[Customer], *, now: datetime) -> None:
    """Leave what was told of follow-ups whose time has come; nothing of it goes out of the house."""
    made = [way(customer, now) for customer in customers for way in (_given, _reminded)]
    insert_new(sorted(filter(None, made), key=lambda row: row.created_at), ("user_id", "key"))


def write_reminders(user_ids: Collection[int], *, now: datetime) -> None:
    """Leave what a morning's rounds would have told these people in the last days, in the inbox alone: who is
    late, what was promised, who was forgotten."""
    span = Span(now - PAST, now)
    for step in daily.steps(policy()):
        after: Place = None
        while True:
            notes, after = step.read(span, after, CHUNK)
            _leave([note for note in notes if note.user_id in user_ids], now)
            if after is None:
                break


def _leave(notes: Iterable[Note], now: datetime) -> None:
    """Put notes where their people find them, each once."""
    insert_new([notice_of(note, now) for note in notes], ("user_id", "key"))


def _given(customer: Customer, now: datetime) -> Notice | None:
    """That the customer was given to who has it now."""
    rng, told_at = Random(f"given-{customer.number}"), customer.created_at  # noqa: S311 - not secret
    if customer.owner_id is None or told_at < now - RECENT or rng.random() < 0.5:
        return None
    title = _("%(name)s交给你跟进了") % {"name": customer.name}
    row = _about(customer, customer.owner_id, Rule.ASSIGNED, title, told_at)
    row.read_at = now if told_at < now - PAST else None
    return row


def _about(customer: Customer, user_id: int, rule: Rule, title: str, told_at: datetime) -> Notice:
    """A notice about the customer, unread."""
    return Notice(
        user_id=user_id,
        key=f"demo:{rule.value}:{customer.number}",
        kind=rule.value,
        title=title[:TITLE_LENGTH],
        url=customer.get_absolute_url(),
        about_kind="customer",
        about_id=customer.pk,
        created_at=told_at,
    )


def _reminded(customer: Customer, now: datetime) -> Notice | None:
    due, owner_id = customer.next_follow_up_at, customer.owner_id
    if due is None or owner_id is None or not now - PAST < due - BEFORE < now:
        return None
    told_at, rng = due - BEFORE, Random(f"notices-{customer.number}")  # noqa: S311 - believable, not secret
    title = _("%(when)s跟进%(name)s") % {"when": when(due), "name": customer.name}
    row = _about(customer, owner_id, Rule.FOLLOW_UP_DUE, title, told_at)
    row.text = customer.next_step
    if told_at < now - READ or rng.random() < 0.3:
        row.read_at = min(now, told_at + timedelta(minutes=rng.randrange(5, 240)))
    return row
