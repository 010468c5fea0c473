"""Reminders before their time: plans and follow-ups, as long before as each person wants (S0-31, S4-12)."""

from collections.abc import Iterable, Iterator
from datetime import datetime, time, timedelta
from typing import Any, NamedTuple

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from kebu.base.kit.dates import SHANGHAI
from kebu.crm.customers.models import LIVE, Customer
from kebu.crm.followups.models import Plan
from kebu.crm.reminders.choices import Rule
from kebu.crm.reminders.models import ReminderPolicy
from kebu.crm.reminders.queries import Leads, changed_wishes, is_on
from kebu.crm.reminders.rounds import Place, Read, Span, Step
from kebu.crm.reminders.words import about_plan, customer_url, plan_url, stamp, when
from kebu.office.notices.actions import Note

OPENING = time(9)  # when a day without a time begins
APART = timedelta(hours=12)  # an end so far behind the start is reminded of too
SHORT = 160


class PlanRow(NamedTuple):
    """What a reminder tells of a plan: its customer's basics and the requirement with it."""

    pk: int
    moment: datetime
    starts_at: datetime
    goal: str
    expected: str
    requirement: str
    executor_ids: list[int]
    customer_id: int | None
    customer_name: str | None
    customer_number: str | None


def steps(office: ReminderPolicy, leads: Leads, span: Span) -> list[Step]:
    """What a round of these reads."""
    found: list[Step] = []
    fresh = changed_wishes(span.since)
    for lead in leads.all:
        if is_on(Rule.PLAN_DUE, office):
            found += [
                Step(f"plans {column} {lead}", plan_reader(column, lead, leads, fresh))
                for column in ("starts_at", "due_at")
            ]
        if is_on(Rule.FOLLOW_UP_DUE, office):
            found.append(Step(f"customers {lead}", customer_reader(lead, leads, fresh)))
    return found


def entered(column: str, lead: int, span: Span, is_fresh: bool) -> Q:
    """What came within ``lead`` minutes of its time in the span: by time passing, or because it was made,
    moved or given to others while it was as near already; all that is near when somebody has just chosen
    this lead."""
    ahead = timedelta(minutes=lead)
    near = Q(**{f"{column}__gt": span.since, f"{column}__lte": span.until + ahead})
    if is_fresh:
        return near
    came = Q(**{f"{column}__gt": span.since + ahead})
    return near & (came | Q(updated_at__gt=span.since))


def behind(column: str, after: Place) -> Q:
    """The rows behind a place."""
    if not after:
        return Q()
    moment, pk = after
    return Q(**{f"{column}__gt": moment}) | Q(**{column: moment, "pk__gt": pk})


def plan_reader(column: str, lead: int, leads: Leads, fresh: set[int]) -> Read:
    """Reads plans whose start, or end, is near for those with this lead."""
    is_fresh = any(leads.of(user) == lead for user in fresh)

    def read(span: Span, after: Place, size: int) -> tuple[list[Note], Place]:
        plans = (
            Plan.objects.open().live().filter(entered(column, lead, span, is_fresh), behind(column, after))
        )
        named = ("goal", "expected", "requirement", "executor_ids", "customer_id")
        basics = ("customer__name", "customer__number")
        rows = [
            PlanRow(*row)
            for row in plans.order_by(column, "pk").values_list("pk", column, "starts_at", *named, *basics)[
                :size
            ]
        ]
        notes = [note for row in rows for note in plan_notes(row, column, lead, leads)]
        return notes, _last(rows, size)

    return read


def plan_notes(row: PlanRow, column: str, lead: int, leads: Leads) -> Iterator[Note]:
    """A reminder for each of its executors with this lead; of an end only when it is far from the start."""
    is_end = column == "due_at"
    if is_end and row.moment - row.starts_at < APART:
        return
    title = _("%(when)s截止：%(goal)s") if is_end else _("%(when)s：%(goal)s")
    words = title % {"when": when(row.moment), "goal": row.goal}
    for user in row.executor_ids:
        if leads.of(user) == lead:
            yield Note(
                user_id=user,
                kind=Rule.PLAN_DUE.value,
                key=f"plan-{'end' if is_end else 'due'}:{row.pk}:{stamp(row.moment)}",
                title=words,
                url=plan_url(row.pk),
                text=plan_words(row),
                about=about_plan(row.pk, row.customer_id),
            )


def plan_words(row: PlanRow) -> str:
    """The customer's basics, what is to come of it, and what is asked of who does it."""
    parts = [f"{row.customer_name}（{row.customer_number}）"] if row.customer_id else []
    parts.append(_("预期成果：%s") % row.expected[:SHORT])
    if row.requirement:
        parts.append(_("要求：%s") % row.requirement[:SHORT])
    return "；".join(parts)


def customer_reader(lead: int, leads: Leads, fresh: set[int]) -> Read:
    """Reads customers whose next follow-up is near, but for those whose plan of that time speaks for it."""
    is_fresh = any(leads.of(user) == lead for user in fresh)
    column, shift = "next_follow_up_at", timedelta(hours=OPENING.hour)

    def read(span: Span, after: Place, size: int) -> tuple[list[Note], Place]:
        days = list(midnights(span.since - shift, span.until + timedelta(minutes=lead)))
        timed = entered(column, lead, span, is_fresh) & ~Q(next_follow_up_at__in=days)
        early = Span(span.since - shift, span.until - shift)  # a day without a time begins at nine
        whole = entered(column, lead, early, is_fresh) & Q(next_follow_up_at__in=days)
        planned = Plan.objects.open().filter(customer=OuterRef("pk"), starts_at=OuterRef(column))
        found = Customer.objects.filter(LIVE, timed | whole, behind(column, after), owner__isnull=False)
        rows = list(
            found.filter(~Exists(planned))
            .order_by(column, "pk")
            .values_list("pk", column, "owner_id", "name", "number", "next_step")[:size]
        )
        notes = [follow_up_note(*row) for row in rows if leads.of(row[2]) == lead]
        return notes, _last(rows, size)

    return read


def follow_up_note(pk: int, moment: datetime, owner: int, name: str, number: str, step: str) -> Note:
    """客户××需在3月15日前跟进 (S0-31)."""
    return Note(
        user_id=owner,
        kind=Rule.FOLLOW_UP_DUE.value,
        key=f"follow-up-due:{pk}:{stamp(moment)}",
        title=_("客户%(name)s需在%(when)s前跟进") % {"name": name, "when": when(moment)},
        url=customer_url(number),
        text=step,
        about=("customer", pk),
    )


def midnights(first: datetime, last: datetime) -> Iterator[datetime]:
    """The beginnings of the days of a span."""
    day = first.astimezone(SHANGHAI).date()
    while (moment := datetime.combine(day, time(), SHANGHAI)) <= last:
        yield moment
        day += timedelta(days=1)


def _last(rows: Iterable[Any], size: int) -> Place:
    """The place behind a full page."""
    found = list(rows)
    return (found[-1][1], found[-1][0]) if len(found) == size else None
