"""A person's week in figures and lists, as the leader of the meeting may see them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from kebu.base.fields.directories import Context
from kebu.base.journal.choices import Action
from kebu.base.journal.models import JournalEntry
from kebu.base.kit.dates import day_bounds
from kebu.crm.customers.fields import CUSTOMER_FIELDS
from kebu.crm.customers.models import Customer
from kebu.crm.followups.choices import PlanStatus
from kebu.crm.followups.models import Plan
from kebu.crm.interactions.models import Interaction
from kebu.crm.promises.models import Promise
from kebu.front.desk import due
from kebu.front.desk.figures import waiting
from kebu.front.desk.queries import due_url
from kebu.front.desk.reach import Reach
from kebu.front.desk.team import owner_ids
from kebu.front.meetings.models import WEEK, Meeting, Point, PointKind
from kebu.office.staff.fields import STAFF
from kebu.office.staff.models import User

SHOWN = 12
STEPS = ("stage", "customer_type", "grade")  # changes of a customer that a meeting is about


class Rep(NamedTuple):
    """One of the team, in the order he comes up."""

    pk: int
    name: str
    overdue: int
    open_count: int
    said_count: int
    is_late_elsewhere: bool = False  # with plans or promises, besides next follow-ups


class Figure(NamedTuple):
    """A number of the week beside that of the week before."""

    label: str
    number: int
    before: int
    url: str = ""

    @property
    def change(self) -> int:
        return self.number - self.before


class Step(NamedTuple):
    """A customer that moved: which field, from what to what."""

    number: str
    name: str
    label: str
    before: str
    after: str
    at: datetime


class Waiting(NamedTuple):
    """A customer whose next follow-up has passed."""

    number: str
    name: str
    grade: str
    step: str
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Week:
    """What there is to talk about with one of the team."""

    figures: list[Figure]
    steps: list[Step]
    overdue: list[Waiting]
    overdue_count: int
    overdue_url: str
    late_plans: list[Plan]
    late_promises: list[Promise]
    coming: list[Plan]
    problems: list[Point]

    @property
    def customers(self) -> dict[str, str]:
        """Those spoken of, name by number: what a problem or a decision is about, most likely."""
        found = {one.number: one.name for one in self.overdue}
        found |= {step.number: step.name for step in self.steps}
        about: tuple[Plan | Promise, ...] = (*self.late_plans, *self.late_promises, *self.coming)
        return found | {one.customer.number: one.customer.name for one in about if one.customer}


def monday_of(day: date) -> date:
    """The Monday of its week."""
    return day - timedelta(days=day.weekday())


def week_to_talk_of(leader: User, today: date) -> date:
    """The Monday of the week a meeting held now is about: the last one's while this one has nothing to tell,
    on its Monday or before anybody spoke to a customer."""
    this = monday_of(today)
    told = Interaction.objects.visible_to(leader).filter(happened_at__gte=bounds(this)[0])
    return this if today > this and told.exists() else this - WEEK


def bounds(week: date) -> tuple[datetime, datetime]:
    """The first moment of the week and that of the next."""
    return day_bounds(week)[0], day_bounds(week + WEEK)[0]


def team_of(leader: User, meeting: Meeting, context: Context) -> list[Rep]:
    """Those whose customers the leader sees, who still work here; most overdue first."""
    people = {int(entry.key): entry for entry in context.directory(STAFF).entries}
    keys = [pk for pk in owner_ids(leader, context) if pk in people and people[pk].is_active]
    waits, also = waiting(keys, context.today), due.also_due(Reach.of(leader), keys, context.today)
    counts = {pk: waits[pk].overdue + also.get(pk, due.Also()).overdue for pk in keys if waits[pk].customers}
    open_ones = dict(_open(leader).filter(rep__in=keys).values_list("rep").annotate(count=Count("id")))
    told = points_of(leader).select_related(None).filter(meeting=meeting).order_by()
    said = dict(told.values_list("rep").annotate(count=Count("id")))
    reps = [
        Rep(
            pk,
            people[pk].name,
            counts[pk],
            open_ones.get(pk, 0),
            said.get(pk, 0),
            counts[pk] > waits[pk].overdue,
        )
        for pk in keys
        if pk in counts
    ]
    return sorted(reps, key=lambda rep: (-rep.overdue, rep.name))


def _open(leader: User) -> QuerySet[Point]:
    seen = points_of(leader).select_related(None)
    return seen.filter(kind=PointKind.PROBLEM, solved_at__isnull=True).order_by()


def week_of(rep: Rep, meeting: Meeting, leader: User, context: Context) -> Week:
    """Everything about one person's week."""
    rep_id = rep.pk
    start, end = bounds(meeting.week)
    today = day_bounds(context.today)[0]
    late = due.follow_ups([rep_id], context.today, "overdue")
    names = ("number", "name", "grade", "next_step", "next_follow_up_at")
    plans = Plan.objects.visible_to(leader).live().executed_by(rep_id).select_related("customer")
    most = SHOWN if rep.is_late_elsewhere else 0  # nothing is asked for nothing
    late_plans = due.plans(Reach.of(leader), [rep_id], context.today, "overdue")
    late_promises = due.promises([rep_id], context.today, "overdue").select_related("customer")
    coming = Q(due_at__gte=timezone.now(), starts_at__gte=max(today, end - WEEK), starts_at__lt=end + WEEK)
    return Week(
        figures=_figures(rep_id, meeting.week, leader),
        steps=_steps(rep_id, start, end, leader, context),
        overdue=[Waiting(*row) for row in late.values_list(*names)[:SHOWN]],
        overdue_count=rep.overdue,
        overdue_url=due_url("overdue", rep_id),
        late_plans=[doing.plan for doing in late_plans.select_related("plan__customer")[:most]],
        late_promises=list(late_promises[:most]),
        coming=list(plans.open().filter(coming).order_by("starts_at", "id")[:SHOWN]),
        problems=_problems(rep_id, meeting, leader),
    )


def points_of(leader: User) -> QuerySet[Point]:
    """Points whose customer, if any, the reader still sees."""
    seen = Q(customer__isnull=True) | Q(customer__in=Customer.objects.visible_to(leader))
    return Point.objects.filter(seen).select_related("customer", "plan", "meeting").order_by("id")


def _problems(rep_id: int, meeting: Meeting, leader: User) -> list[Point]:
    """What is open, from whichever meeting, and what was solved since this one began."""
    still = Q(solved_at__isnull=True) | Q(solved_at__gte=meeting.created_at)
    problems = points_of(leader).filter(still, rep=rep_id, kind=PointKind.PROBLEM)
    return list(problems.filter(meeting__week__lte=meeting.week))


def _figures(rep_id: int, week: date, leader: User) -> list[Figure]:
    """The week's numbers beside those of the week before."""
    middle, end = bounds(week)
    start = bounds(week - WEEK)[0]
    now, then = Q(happened_at__gte=middle), Q(happened_at__lt=middle)
    told = Interaction.objects.visible_to(leader).filter(
        author=rep_id, happened_at__gte=start, happened_at__lt=end
    )
    talks = told.aggregate(
        a=Count("id", filter=now),
        b=Count("id", filter=then),
        c=Count("customer", filter=now, distinct=True),
        d=Count("customer", filter=then, distinct=True),
    )
    made = Customer.objects.visible_to(leader).filter(owner=rep_id, created_at__gte=start, created_at__lt=end)
    fresh = made.aggregate(a=Count("id", filter=Q(created_at__gte=middle)), b=Count("id"))
    done = Plan.objects.visible_to(leader).executed_by(rep_id).filter(status=PlanStatus.DONE)
    ended = done.filter(completed_at__gte=start, completed_at__lt=end).aggregate(
        a=Count("id", filter=Q(completed_at__gte=middle)), b=Count("id")
    )
    return [
        Figure(_("跟进"), talks["a"], talks["b"]),
        Figure(_("联系的客户"), talks["c"], talks["d"]),
        Figure(_("新增客户"), fresh["a"], fresh["b"] - fresh["a"]),
        Figure(_("完成的计划"), ended["a"], ended["b"] - ended["a"]),
    ]


def _steps(rep_id: int, start: datetime, end: datetime, leader: User, context: Context) -> list[Step]:
    """Which of his customers moved, newest first; what each ended at is told once."""
    moved = Q()
    for name in STEPS:
        moved |= Q(changes__has_key=name)
    entries = JournalEntry.objects.filter(
        moved, author_id=rep_id, kind="customer", action=Action.CHANGE, at__gte=start, at__lt=end
    ).order_by("-id")[: SHOWN * 2]
    keys = {entry.customer_id for entry in entries if entry.customer_id}
    seen = {one.pk: one for one in Customer.objects.visible_to(leader).filter(pk__in=keys)}
    found = [step for entry in entries if entry.customer_id in seen for step in _of(entry, seen, context)]
    return found[:SHOWN]


def _of(entry: JournalEntry, seen: dict[int, Customer], context: Context) -> Sequence[Step]:
    customer = seen[entry.customer_id or 0]
    steps = []
    for name in STEPS:
        item = CUSTOMER_FIELDS[name]
        if name in entry.changes:
            was, now = (item.shown_json(value, context) for value in entry.changes[name])
            steps.append(Step(customer.number, customer.name, item.label, was, now, entry.at))
    return steps


def meetings_of(leader: User) -> QuerySet[Meeting]:
    """Those the leader held, the latest first, each with what is said in it."""
    kinds = {
        "problems": Count("points", filter=Q(points__kind=PointKind.PROBLEM)),
        "decisions": Count("points", filter=Q(points__kind=PointKind.DECISION)),
    }
    return Meeting.objects.filter(leader=leader).annotate(**kinds)


def minutes(meeting: Meeting, leader: User) -> dict[int, list[Point]]:
    """What was said in the meeting, by person: problems before decisions."""
    found: dict[int, list[Point]] = {}
    points = sorted(
        points_of(leader).filter(meeting=meeting), key=lambda one: (one.kind != PointKind.PROBLEM, one.pk)
    )
    for point in points:
        found.setdefault(point.rep_id, []).append(point)
    return found
