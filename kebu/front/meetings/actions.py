"""Verbs of a meeting: open it, note a problem, decide something, solve, end. Each writes the journal."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from kebu.base.fields.directories import Context
from kebu.base.journal.authors import Author
from kebu.base.journal.choices import Action
from kebu.base.journal.models import JournalEntry, Line
from kebu.base.kit.errors import KitError
from kebu.base.records.once import Once
from kebu.crm.customers.models import Customer
from kebu.crm.followups.actions import make_plan
from kebu.crm.followups.choices import Source
from kebu.front.meetings.models import Meeting, Point, PointKind
from kebu.office.staff.models import User


class Closed(KitError):
    """The meeting has ended; nothing was written."""


@transaction.atomic
def hold_meeting(leader: User, week: date, *, by: Author, at: datetime) -> Meeting:
    """Return the leader's meeting of that week, opened now unless it was before."""
    values = {"created_at": at, "updated_at": at}
    meeting, is_new = Meeting.objects.get_or_create(leader=leader, week=week, defaults=values)
    if is_new:
        _note("meeting", meeting.pk, str(meeting), Action.CREATE, by, at)
    return meeting


def _note(
    kind: str, pk: int, name: str, action: Action, by: Author, at: datetime, customer_id: int | None = None
) -> None:
    line = Line(kind, pk, name, action, 1, customer_id)
    JournalEntry.objects.record([line], by=by, at=at)


def _demand_open(meeting: Meeting) -> None:
    """Refuse what only a meeting that goes on allows; it cannot end before the caller's transaction does."""
    held = Meeting.objects.select_for_update().filter(pk=meeting.pk, closed_at__isnull=True)
    if not held.exists():
        raise Closed(_("这次周会已经结束，要接着说请先重新打开"))


def note_problem(
    meeting: Meeting, rep: User, text: str, customer: Customer | None, key: str, *, by: Author, at: datetime
) -> Point:
    """Note what is not solved; it comes up every week until it is. The same key notes it once."""

    def make() -> Point:
        return _said(meeting, PointKind.PROBLEM, rep, text, customer, by, at)

    return _once(meeting, key).make(make, at=at)


def _once(meeting: Meeting, key: str) -> Once[Point]:
    """Answers 404 for a key whose point is gone by now."""
    return Once(Point, "point", key, meeting.leader_id)


def decide(
    meeting: Meeting,
    rep: User,
    values: Mapping[str, Any],
    customer: Customer | None,
    key: str,
    *,
    by: Author,
    at: datetime,
    context: Context,
) -> Point:
    """Decide what the person does next: it becomes a plan of his. The same key decides it once.

    Raises NotLetIn like any plan for a customer whom the person does not see.
    """

    def make() -> Point:
        point = _said(meeting, PointKind.DECISION, rep, values["goal"], customer, by, at)
        point.plan = make_plan(
            values,
            executors=[rep.pk],
            customer=customer,
            by=by,
            at=at,
            context=context,
            source=Source.MEETING,
            source_key=f"meeting:{point.pk}",
        )
        Point.objects.filter(pk=point.pk).update(plan=point.plan)
        return point

    return _once(meeting, key).make(make, at=at)


def _said(
    meeting: Meeting,
    kind: PointKind,
    rep: User,
    text: str,
    customer: Customer | None,
    by: Author,
    at: datetime,
) -> Point:
    _demand_open(meeting)
    values = {"meeting": meeting, "kind": kind, "rep": rep, "customer": customer, "text": text[:300]}
    point = Point.objects.create(**values, created_at=at, updated_at=at)
    _note("point", point.pk, text, Action.CREATE, by, at, customer.pk if customer else None)
    return point


@transaction.atomic
def settle(point: Point, *, is_solved: bool, by: Author, at: datetime) -> bool:
    """Note that a problem is solved, or is not after all; False when somebody said so before."""
    stands = Point.objects.filter(pk=point.pk, kind=PointKind.PROBLEM, solved_at__isnull=is_solved)
    if not stands.update(solved_at=at if is_solved else None, version=point.version + 1, updated_at=at):
        return False
    before = point.solved_at.isoformat() if point.solved_at else None
    after = at.isoformat() if is_solved else None
    changes = {"solved_at": [before, after]}
    line = Line("point", point.pk, point.text, Action.CHANGE, point.version + 1, point.customer_id, changes)
    JournalEntry.objects.record([line], by=by, at=at)
    return True


@transaction.atomic
def close_meeting(meeting: Meeting, *, is_closed: bool, by: Author, at: datetime) -> None:
    """End the meeting, or open it again."""
    stands = Meeting.objects.filter(pk=meeting.pk, closed_at__isnull=is_closed)
    if stands.update(closed_at=at if is_closed else None, updated_at=at):
        action = Action.ARCHIVE if is_closed else Action.RESTORE
        _note("meeting", meeting.pk, str(meeting), action, by, at)
