"""The queue of a day, the month in figures, and who in the team needs help."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.db.models import Count, F, Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from kebu.base.access.choices import Permission
from kebu.base.fields.directories import Context
from kebu.base.kit.dates import day_bounds
from kebu.base.ui.paging import capped_count
from kebu.crm.customers.models import Customer, CustomerQuerySet
from kebu.crm.interactions.models import LATE_AFTER, Interaction
from kebu.office.staff.fields import STAFF
from kebu.office.staff.models import User

SHOWN = 20  # per group; the rest is one click away in the list
WEEK = timedelta(days=7)
BADGE_CAP = 100


class Job(NamedTuple):
    """One thing to do: what of a customer, and since or until when."""

    number: str
    name: str
    grade: str
    phone: str
    step: str
    key_contact: str
    due_at: datetime | None
    assigned_at: datetime | None
    last_contact_at: datetime | None


COLUMNS = (
    "number",
    "name",
    "grade",
    "phone",
    "next_step",
    "key_contact",
    "next_follow_up_at",
    "assigned_at",
    "last_contact_at",
)


@dataclass(frozen=True, slots=True)
class Group:
    """A reason to act, its first jobs, how many there are, and the list of all."""

    code: str
    title: str
    icon: str
    tone: str
    jobs: list[Job]
    count: int
    url: str


@dataclass(frozen=True, slots=True)
class Desk:
    """Everything due: the groups in the order a person works."""

    groups: list[Group]

    @property
    def count(self) -> int:
        """Things due until today's end; the coming week does not press."""
        return sum(group.count for group in self.groups if group.code in ("overdue", "today", "new"))

    @property
    def overdue(self) -> int:
        return next(group.count for group in self.groups if group.code == "overdue")

    @property
    def is_empty(self) -> bool:
        return not any(group.count for group in self.groups)


def desk(user: User, today: date) -> Desk:
    """The user's own queue for ``today``; three statements for the jobs, two for the counts."""
    start, end = day_bounds(today)
    mine = Customer.objects.owned_by(user).live()
    until = end + WEEK
    due = mine.filter(next_follow_up_at__lt=until)
    counts = due.aggregate(
        overdue=Count("id", filter=Q(next_follow_up_at__lt=start)),
        today=Count("id", filter=Q(next_follow_up_at__gte=start, next_follow_up_at__lt=end)),
        week=Count("id", filter=Q(next_follow_up_at__gte=end)),
    )
    fresh = mine.newly_assigned(start - WEEK).filter(next_follow_up_at=None)
    fresh_jobs = _jobs(fresh.order_by("-assigned_at", "-id"))
    coming = f"{today + timedelta(days=1)}..{today + WEEK}"
    late, now, later = (
        due.filter(next_follow_up_at__lt=start),
        due.filter(next_follow_up_at__gte=start, next_follow_up_at__lt=end),
        due.filter(next_follow_up_at__gte=end),
    )
    groups = [
        _group("overdue", _("逾期"), "clock-exclamation", "overdue", counts, late, "overdue"),
        _group("today", _("今天"), "sun", "today", counts, now, "today"),
        _group("week", _("7天内"), "calendar", "", counts, later, coming),
    ]
    fresh_count = len(fresh_jobs) if len(fresh_jobs) < SHOWN else fresh.count()
    news = Group(
        "new", _("新分配"), "user-plus", "", fresh_jobs, fresh_count, _list(view="mine", sort="-created_at")
    )
    return Desk([groups[0], groups[1], news, groups[2]])


def _group(
    code: str,
    title: str,
    icon: str,
    tone: str,
    counts: dict[str, int],
    customers: CustomerQuerySet,
    span: str,
) -> Group:
    jobs = _jobs(customers.order_by("next_follow_up_at", "id")) if counts[code] else []
    filters = {"overdue": "overdue", "today": "today", "week": "next7"}
    return Group(
        code, title, icon, tone, jobs, counts[code], _list(view="mine", next_follow_up_at=filters[code])
    )


def _jobs(customers: CustomerQuerySet) -> list[Job]:
    return [Job(*row) for row in customers.values_list(*COLUMNS)[:SHOWN]]


def _list(**params: Any) -> str:
    return f"{reverse('customers:list')}?{urlencode(params)}"


@dataclass(frozen=True, slots=True)
class Month:
    """My month so far: interactions, the share (0 to 1, None without any) recorded within 24 hours, new
    customers."""

    interactions: int
    on_time_share: float | None
    customers: int
    customers_url: str


def month(user: User, today: date) -> Month:
    """Figures since the first of the month (S0-36, S1-14)."""
    start = day_bounds(today.replace(day=1))[0]
    told = Interaction.objects.filter(author=user, happened_at__gte=start).aggregate(
        all=Count("id"), on_time=Count("id", filter=Q(created_at__lte=F("happened_at") + LATE_AFTER))
    )
    fresh = Customer.objects.owned_by(user).live().filter(assigned_at__gte=start, created_at__gte=start)
    share = told["on_time"] / told["all"] if told["all"] else None
    url = _list(view="mine", sort="-created_at", created_at=f"{today.replace(day=1)}..")
    return Month(told["all"], share, fresh.count(), url)


class Mate(NamedTuple):
    """A member of the team and what is waiting with him."""

    name: str
    overdue: int
    today: int
    overdue_url: str
    today_url: str


def team(user: User, today: date, context: Context) -> list[Mate]:
    """What is overdue and due today per owner the user sees, the most overdue first (ux: who needs help)."""
    start, end = day_bounds(today)
    due = Customer.objects.visible_to(user).live().filter(next_follow_up_at__lt=end).exclude(owner=None)
    rows = due.values("owner").annotate(
        overdue=Count("id", filter=Q(next_follow_up_at__lt=start)),
        today=Count("id", filter=Q(next_follow_up_at__gte=start)),
    )
    return sorted(_mates([dict(row) for row in rows], context), key=lambda mate: (-mate.overdue, -mate.today))


def _mates(rows: Iterable[dict[str, Any]], context: Context) -> Iterable[Mate]:
    names = context.directory(STAFF)
    for row in rows:
        found = {"view": "team", "owner": row["owner"]}
        yield Mate(
            names.name(row["owner"]),
            row["overdue"],
            row["today"],
            _list(**found, next_follow_up_at="overdue"),
            _list(**found, next_follow_up_at="today"),
        )


def overdue_badge(request: HttpRequest) -> int | None:
    """Number beside 工作台 in the side bar: what is overdue with me, capped; None when nothing is."""
    user: Any = request.user
    if not user.is_authenticated or not user.can(Permission.CUSTOMER_VIEW):
        return None
    context = Context()
    start = day_bounds(context.today)[0]
    overdue = Customer.objects.live().filter(owner=user, next_follow_up_at__lt=start).order_by()
    return capped_count(overdue, BADGE_CAP).value or None
