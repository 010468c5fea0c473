"""Reminders of the morning: what is late, forgotten, promised, or comes again."""

from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from kebu.base.fields.directories import Context
from kebu.base.kit.dates import day_bounds, local_day
from kebu.crm.churn.choices import Status
from kebu.crm.churn.models import ChurnWarning
from kebu.crm.customers.choices import CustomerType
from kebu.crm.customers.models import LIVE, Customer
from kebu.crm.followups.models import Plan, PlanExecutor
from kebu.crm.followups.queries import IS_PLANNED
from kebu.crm.key_dates.choices import GROUPS, Group
from kebu.crm.key_dates.fields import KEY_DATE_FIELDS
from kebu.crm.key_dates.models import KeyDate
from kebu.crm.promises.choices import Side
from kebu.crm.promises.models import Promise
from kebu.crm.reminders.choices import Rule
from kebu.crm.reminders.due import behind
from kebu.crm.reminders.falling import falls
from kebu.crm.reminders.models import ReminderPolicy
from kebu.crm.reminders.queries import is_on, supervisors
from kebu.crm.reminders.rising import rises
from kebu.crm.reminders.rounds import FEW, Place, Read, Span, Step
from kebu.crm.reminders.words import about_plan, customer_url, plan_url, stamp, when
from kebu.office.notices.actions import Note
from kebu.office.staff.models import User

TOMORROW = timedelta(days=1)
SINCE = Coalesce("last_contact_at", "created_at")
BACK = timedelta(days=60)  # how far is looked back when the office has changed its days
Found = tuple[list[Note], Place]
TITLES = {
    Group.PURCHASE: _lazy("客户%(name)s的%(what)s预计%(month)d月%(day)d日采购"),
    Group.CONTRACT: _lazy("客户%(name)s的%(what)s，%(month)d月%(day)d日到期"),
    Group.PAYMENT: _lazy("客户%(name)s的%(what)s，%(month)d月%(day)d日应收"),
    Group.CARE: _lazy("客户%(name)s：%(what)s，%(month)d月%(day)d日"),
}


def steps(office: ReminderPolicy) -> list[Step]:
    """What a morning's round reads."""
    every: tuple[tuple[Rule, str, Read], ...] = (
        (Rule.OVERDUE, "plans", late_plans),
        (Rule.OVERDUE, "customers", late_follow_ups),
        (Rule.ESCALATED, "all", escalated(office.escalate_days, office)),
        (Rule.UNTOUCHED, "all", forgotten(Rule.UNTOUCHED, office.untouched_days, office)),
        (Rule.MISSING, "all", forgotten(Rule.MISSING, office.missing_days, office)),
        (Rule.PROMISE, "all", promises),
        (Rule.NEED, "all", key_dates(Rule.NEED, [Group.PURCHASE])),
        (Rule.KEY_DATE, "all", key_dates(Rule.KEY_DATE, [Group.CONTRACT, Group.PAYMENT, Group.CARE])),
        (Rule.POOL, "all", falls),
        (Rule.CHURN, "all", warnings),
        (Rule.GROWTH, "all", rises),
    )
    return [Step(f"{rule.value} {name}", read) for rule, name, read in every if is_on(rule, office)]


def late_plans(span: Span, after: Place, size: int) -> Found:
    """Plans whose end has passed since, for who carries them out."""
    found = Plan.objects.open().live().filter(due_at__gt=span.since, due_at__lte=span.until)
    named = ("pk", "due_at", "goal", "executor_ids", "customer_id")
    rows = list(found.filter(behind("due_at", after)).order_by("due_at", "pk").values_list(*named)[:size])
    notes = [
        Note(
            user,
            Rule.OVERDUE.value,
            f"plan-overdue:{pk}:{stamp(due_at)}",
            _("逾期：%(goal)s（%(when)s截止）") % {"goal": goal, "when": when(due_at)},
            plan_url(pk),
            _("做了就去完成它；做不了就改期，写上原因"),
            about_plan(pk, customer),
        )
        for pk, due_at, goal, users, customer in rows
        for user in users
    ]
    return notes, _behind(rows, size)


def late_follow_ups(span: Span, after: Place, size: int) -> Found:
    """Customers whose day of the next follow-up has passed since, for their owners."""
    first, last = day_bounds(local_day(span.since))[0], day_bounds(local_day(span.until))[0]
    found = Customer.objects.filter(
        LIVE, next_follow_up_at__gte=first, next_follow_up_at__lt=last, owner__isnull=False
    ).filter(~IS_PLANNED, behind("next_follow_up_at", after))
    named = ("pk", "next_follow_up_at", "owner_id", "name", "number", "next_step")
    rows = list(found.order_by("next_follow_up_at", "pk").values_list(*named)[:size])
    notes = [
        Note(
            owner,
            Rule.OVERDUE.value,
            f"follow-up-overdue:{pk}:{stamp(at)}",
            _("客户%(name)s的跟进逾期了，原定%(when)s") % {"name": name, "when": when(at)},
            customer_url(number),
            step,
            ("customer", pk),
        )
        for pk, at, owner, name, number, step in rows
    ]
    return notes, _behind(rows, size)


class Late(NamedTuple):
    """What somebody has overdue for so long, and how much of it since the last round."""

    all: int
    fresh: int


def reached(span: Span, office: ReminderPolicy) -> datetime:
    """From when on what became so old is new: further back when the office has changed its days since."""
    has_changed = office.version > 0 and office.updated_at > span.since
    return span.until - BACK if has_changed else span.since


def escalated(days: int, office: ReminderPolicy) -> Read:
    """Tells supervisors who of their people has been late for too long, once a day and person, when
    something new came to it."""

    def read(span: Span, after: Place, size: int) -> Found:
        late = long_late(Span(reached(span, office), span.until), timedelta(days=days))
        leads = supervisors()
        names = dict(User.objects.filter(pk__in=late).values_list("pk", "name"))
        day = local_day(span.until)
        return [
            Note(
                leads[user],
                Rule.ESCALATED.value,
                f"escalated:{user}:{day.isoformat()}",
                _("%(name)s有%(count)d项逾期%(days)d天以上")
                % {"name": names[user], "count": many.all, "days": days},
                f"/customers/?view=team&owner={user}&sort=next_follow_up_at",
                _("其中%(fresh)d项是新到的，请问问有什么困难，要不要换人或改期") % {"fresh": many.fresh},
            )
            for user, many in sorted(late.items())
            if many.fresh and user in leads
        ], None

    return read


def long_late(span: Span, days: timedelta) -> dict[int, Late]:
    """Per person: plans and follow-ups late for at least so many days."""
    fresh_since, until = span.since - days, span.until - days
    plans = PlanExecutor.objects.filter(plan__completed_at__isnull=True, plan__due_at__lte=until)
    plans = plans.filter(plan__customer__archived_at__isnull=True)
    customers = Customer.objects.filter(LIVE, ~IS_PLANNED, owner__isnull=False)
    customers = customers.filter(next_follow_up_at__lte=until)
    new_plans = Count("pk", Q(plan__due_at__gt=fresh_since))
    new_customers = Count("pk", Q(next_follow_up_at__gt=fresh_since))
    rows = [
        *plans.values_list("user_id").annotate(many=Count("pk"), new=new_plans),
        *customers.values_list("owner_id").annotate(many=Count("pk"), new=new_customers),
    ]
    found: dict[int, Late] = {}
    for user, count, fresh in rows:
        known = found.get(user, Late(0, 0))
        found[user] = Late(known.all + count, known.fresh + fresh)
    return found


def forgotten(rule: Rule, days: int, office: ReminderPolicy) -> Read:
    """Tells owners which customers nobody has contacted for so long, or have no next follow-up."""

    def read(span: Span, after: Place, size: int) -> Found:
        ago = timedelta(days=days)
        found = _forgotten(rule, reached(span, office) - ago, span.until - ago)
        counts = dict(found.values_list("owner_id").annotate(many=Count("pk")))
        few = [owner for owner, count in counts.items() if count <= FEW]
        rows = found.filter(owner__in=few).annotate(since=SINCE).order_by("owner_id", "pk")
        named = ("pk", "owner_id", "name", "number", "since")
        notes = [
            Note(
                owner,
                rule.value,
                f"{rule.value}:{pk}:{stamp(since)}",
                _title(rule, name, days),
                customer_url(number),
                "",
                ("customer", pk),
            )
            for pk, owner, name, number, since in rows.values_list(*named)
        ]
        day = local_day(span.until).isoformat()
        notes += [
            Note(owner, rule.value, f"{rule.value}:{day}", _many(rule, count, days), _list(rule))
            for owner, count in sorted(counts.items())
            if count > FEW
        ]
        return notes, None

    return read


def _forgotten(rule: Rule, first: datetime, last: datetime) -> QuerySet[Customer]:
    """Customers to whom it happened between the two moments."""
    found = Customer.objects.filter(LIVE, owner__isnull=False).exclude(customer_type=CustomerType.LOST)
    contacted = Q(last_contact_at__gt=first, last_contact_at__lte=last)
    if rule is Rule.UNTOUCHED:
        never = Q(last_contact_at__isnull=True, created_at__gt=first, created_at__lte=last)
        return found.filter(contacted | never)
    planned = Plan.objects.open().filter(customer=OuterRef("pk"))
    return found.filter(contacted, ~Exists(planned), next_follow_up_at__isnull=True)


def _title(rule: Rule, name: str, days: int) -> str:
    told = {"name": name, "days": days}
    if rule is Rule.UNTOUCHED:
        return _("客户%(name)s %(days)d天无人跟进") % told
    return _("客户%(name)s联系过%(days)d天了，还没有定下次跟进") % told


def _many(rule: Rule, count: int, days: int) -> str:
    told = {"count": count, "days": days}
    if rule is Rule.UNTOUCHED:
        return _("又有%(count)d个客户%(days)d天无人跟进") % told
    return _("又有%(count)d个客户联系过%(days)d天还没有定下次跟进") % told


def _list(rule: Rule) -> str:
    """The list of them."""
    order = "last_contact_at" if rule is Rule.UNTOUCHED else "next_follow_up_at"
    return f"/customers/?view=mine&sort={order}"


def promises(span: Span, after: Place, size: int) -> Found:
    """Ours the day before they are due (and when made shorter before), the customer's the day after."""
    today, before = local_day(span.until), local_day(span.since)
    ours = Q(side=Side.OURS, due_on__gte=today, due_on__lte=today + TOMORROW)
    ours &= Q(due_on__gt=before + TOMORROW) | Q(updated_at__gt=span.since)
    theirs = Q(side=Side.THEIRS, due_on__gte=before, due_on__lt=today)
    found = Promise.objects.open().filter(ours | theirs, behind("due_on", after))
    found = found.filter(customer__archived_at__isnull=True, responsible__isnull=False)
    named = ("pk", "due_on", "side", "responsible_id", "text", "customer_id")
    rows = list(
        found.order_by("due_on", "pk").values_list(*named, "customer__name", "customer__number")[:size]
    )
    return [promise_note(*row) for row in rows], _behind(rows, size)


def promise_note(
    pk: int, due_on: date, side: str, user: int, text: str, customer: int, name: str, number: str
) -> Note:
    """What was promised to a customer, or by one."""
    told = {"name": name, "month": due_on.month, "day": due_on.day}
    is_ours = side == Side.OURS
    title = (
        _("答应客户%(name)s的，%(month)d月%(day)d日到期") if is_ours else _("客户%(name)s答应的，过了期限")
    )
    return Note(
        user,
        Rule.PROMISE.value,
        f"promise-{'due' if is_ours else 'late'}:{pk}:{due_on.isoformat()}",
        title % told,
        customer_url(number),
        text[:500],
        ("customer", customer),
    )


def key_dates(rule: Rule, groups: list[Group]) -> Read:
    """Tells owners of the days whose time to act has come (S4-04, S4-19, S4-20), once each."""
    sorts = [sort for group in groups for sort in GROUPS[group]]

    def read(span: Span, after: Place, size: int) -> Found:
        today, before = local_day(span.until), local_day(span.since)
        came = Q(remind_on__gt=before) | Q(updated_at__gt=span.since)
        came |= Q(customer__assigned_at__gt=span.since)  # the new owner has heard of none yet
        found = KeyDate.objects.due(today).live().filter(came, behind("remind_on", after), sort__in=sorts)
        found = found.filter(customer__owner__isnull=False, next_on__gte=before)
        rows = list(found.select_related("customer").order_by("remind_on", "pk")[:size])
        place = (rows[-1].remind_on.isoformat(), rows[-1].pk) if len(rows) == size else None
        return [key_date_note(rule, row) for row in rows], place

    return read


def key_date_note(rule: Rule, row: KeyDate) -> Note:
    """What is coming at the customer, and when."""
    told = {"name": row.customer.name, "what": row.name, "month": row.next_on.month, "day": row.next_on.day}
    owner: int = row.customer.owner_id or 0
    return Note(
        owner,
        rule.value,
        f"{'need' if rule is Rule.NEED else 'key-date'}:{row.pk}:{row.next_on.isoformat()}",
        TITLES[row.group] % told,
        customer_url(row.customer.number),
        "；".join(filter(None, (_rhythm(row), KEY_DATE_FIELDS["amount"].text(row, Context()), row.remark))),
        ("customer", row.customer_id),
    )


def warnings(span: Span, after: Place, size: int) -> Found:
    """Tells owners of customers that may leave, once for each warning and owner: those opened in the
    night, and those that came with a customer."""
    came = Q(opened_at__gt=span.since) | Q(customer__assigned_at__gt=span.since)
    found = ChurnWarning.objects.filter(came, behind("opened_at", after), status=Status.OPEN).live()
    found = found.filter(customer__owner__isnull=False, opened_at__lte=span.until)
    rows = list(found.select_related("customer").order_by("opened_at", "pk")[:size])
    place = (rows[-1].opened_at, rows[-1].pk) if len(rows) == size else None
    return [warning_note(row) for row in rows], place


def warning_note(row: ChurnWarning) -> Note:
    """How serious it is, and every signal with its figures."""
    told = {"name": row.customer.name, "risk": row.get_risk_display()}
    owner: int = row.customer.owner_id or 0
    return Note(
        owner,
        Rule.CHURN.value,
        f"churn:{row.pk}:{owner}",
        _("客户%(name)s可能流失（%(risk)s）") % told,
        customer_url(row.customer.number),
        "；".join(one.sentence for one in row.found),
        ("customer", row.customer_id),
    )


def _rhythm(row: KeyDate) -> str:
    """How often a purchase comes; of other days what they are."""
    sort, repeat = str(row.get_sort_display()), str(row.get_repeat_display()) if row.is_repeated else ""
    return repeat if row.group is Group.PURCHASE else "，".join(filter(None, (sort, repeat)))


def _behind(rows: list[Any], size: int) -> Place:
    """The place behind a full page."""
    if len(rows) < size:
        return None
    moment = rows[-1][1]
    return (moment if isinstance(moment, datetime) else moment.isoformat(), rows[-1][0])
