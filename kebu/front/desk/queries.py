"""The queue of a day."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.db.models.functions import Now
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from kebu.base.access.choices import Permission
from kebu.base.bulk.prepared import Fixed
from kebu.base.fields.choices import Use
from kebu.base.fields.directories import Context
from kebu.base.kit.dates import day_bounds
from kebu.base.ui.navigation import address
from kebu.base.ui.paging import Count as Capped
from kebu.base.ui.paging import capped_count
from kebu.crm.customers.fields import CUSTOMER_FIELDS
from kebu.crm.customers.models import Customer, newly_assigned
from kebu.crm.promises.choices import Side
from kebu.front.desk import agenda
from kebu.front.desk.agenda import PlanCounts, PlanRow
from kebu.front.desk.figures import WEEK, Waiting
from kebu.front.desk.reach import Reach
from kebu.office.staff.models import User

SHOWN = 20  # per group; the rest is one click away in the list
BADGE_CAP = 100


class DueRow(NamedTuple):
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
    plan: int = 0
    kind: str = "customer"

    @property
    def order(self) -> datetime | None:
        return self.due_at


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
    """A reason to act, its first rows, how many there are, and the list of all."""

    code: str
    title: str
    icon: str
    tone: str
    rows: Sequence[Any]
    count: int
    url: str


@dataclass(frozen=True, slots=True)
class Desk:
    """Everything due: the groups in the order a person works."""

    groups: list[Group]
    waiting: Waiting
    plans: PlanCounts

    @property
    def overdue(self) -> int:
        return self.waiting.overdue + self.plans.overdue

    @property
    def count(self) -> int:
        """Things due until today's end; the coming week does not press."""
        return self.overdue + self.waiting.today + self.plans.today + self.waiting.fresh

    @property
    def is_empty(self) -> bool:
        return not any(group.count for group in self.groups)


def own_count(user: User) -> Capped:
    """The user's own customers, where nothing of them is due."""
    return capped_count(Customer.objects.owned_by(user).live())


def list_url(**params: Any) -> str:
    """The customer list narrowed to that."""
    return f"{reverse('customers:list')}?{urlencode(params)}"


def list_urls(today: date, **narrowing: Any) -> dict[str, str]:
    """The lists behind the figures of Waiting, by their names."""
    coming = f"{today + timedelta(days=1)}..{today + WEEK}"
    days = {"overdue": "overdue", "today": "today", "week": coming}
    found = {name: list_url(**narrowing, next_follow_up_at=span) for name, span in days.items()}
    month = f"{today.replace(day=1)}.."
    joined = list_url(**narrowing, sort="-created_at", created_at=month)
    return found | {"fresh": list_url(**narrowing, assigned_at="untouched"), "joined": joined}


def desk(user: User, context: Context, mine: Waiting) -> Desk:
    """The user's own queue for today; one statement for each group that has something."""
    today = context.today
    parts = (
        ("overdue", _("逾期"), "clock-exclamation", "k-overdue"),
        ("today", _("今天"), "sun", "k-today"),
        ("fresh", _("新分配"), "user-plus", ""),
        ("week", _("7天内"), "calendar", ""),
    )
    urls, counts = list_urls(today, view="mine"), mine._asdict()
    plans, planned = agenda.planned(user, context, SHOWN)
    groups = []
    for code, title, icon, tone in parts:
        extra = getattr(plans, code, 0)
        if counts[code] or extra:
            rows = _rows(user, code, context) if counts[code] else []
            url = urls[code] if counts[code] else f"{reverse('followups:list')}?when={code}"
            rows = _merged(rows, planned.get(code, []))
            groups.append(Group(code, title, icon, tone, rows, counts[code] + extra, url))
    groups = _with_plans(groups, user)
    week = [groups.pop()] if groups and groups[-1].code == "week" else []
    if mine.customers:
        groups += [*_promised(user, context), *week, *_birthdays(user, context)]
    return Desk(groups if mine.customers else [*groups, *week], mine, plans)


def _merged(rows: list[DueRow], plans: Sequence[PlanRow]) -> list[Any]:
    """Customers and plans in one queue by their time."""
    both: list[Any] = [*rows, *plans]
    return sorted(both, key=lambda row: row.order)[:SHOWN] if plans else both


def _with_plans(groups: list[Group], user: User) -> list[Group]:
    """Tell each customer's row the plan behind its next follow-up: completing it is what is due."""
    rows = [row for group in groups for row in group.rows if row.kind == "customer" and row.due_at]
    plans = agenda.steering_plans(user, [row.number for row in rows]) if rows else {}
    if not plans:
        return groups
    return [replace(group, rows=[_planned(row, plans) for row in group.rows]) for group in groups]


def _planned(row: Any, plans: Mapping[str, int]) -> Any:
    is_planned = row.kind == "customer" and row.number in plans
    return row._replace(plan=plans[row.number]) if is_planned else row


def _promised(user: User, context: Context) -> Iterator[Group]:
    """What we promised and is due, and what customers promised and have not kept."""
    found = agenda.promises(user, context, SHOWN)
    titles = {Side.OURS: (_("我方承诺"), "flag"), Side.THEIRS: (_("客户承诺已过期"), "hourglass")}
    for side, (title, icon) in titles.items():
        if side in found:
            count, rows = found[side]
            asked = {"tab": "ours" if side is Side.OURS else "late", "rep": user.pk}
            url = f"{address('promises:list')}?{urlencode(asked)}"
            yield Group(side.value, title, icon, "", rows, count, url)


def _birthdays(user: User, context: Context) -> Iterator[Group]:
    found = agenda.birthdays(user, context)
    if found:
        url = f"{reverse('customers:list')}?{urlencode({'view': 'mine'})}"
        yield Group("birthday", _("7天内的生日"), "cake", "", found[:SHOWN], len(found), url)


def _rows(user: User, code: str, context: Context) -> list[DueRow]:
    rows = [DueRow(*row) for row in _due(user.pk, context.today)[code].rows()]
    can_dial = CUSTOMER_FIELDS["phone"].allows(Use.READ, context)
    return rows if can_dial else [row._replace(phone="") for row in rows]


@lru_cache(maxsize=1024)
def _due(user_id: int, today: date) -> dict[str, Fixed]:
    """The first customers of each group of somebody's queue."""
    start, end = day_bounds(today)
    owned = Customer.objects.live().filter(owner=user_id)
    due = owned.filter(next_follow_up_at__lt=end + WEEK).order_by("next_follow_up_at", "id")
    groups = {
        "overdue": due.filter(next_follow_up_at__lt=start),
        "today": due.filter(next_follow_up_at__gte=start, next_follow_up_at__lt=end),
        "fresh": owned.filter(newly_assigned(today)).order_by("-assigned_at", "-id"),
        "week": due.filter(next_follow_up_at__gte=end),
    }
    return {code: Fixed(rows.values_list(*COLUMNS)[:SHOWN]) for code, rows in groups.items()}


def overdue_badge(request: HttpRequest) -> int | None:
    """Number beside 工作台 in the side bar: what the desk shows as overdue with me, capped; None for nothing.

    The desk, having counted already, leaves the number at the request.
    """
    user: Any = request.user
    if not user.is_authenticated or not user.can(Permission.CUSTOMER_VIEW):
        return None
    counted: int | None = getattr(request, "overdue_count", None)
    if counted is not None:
        return counted or None
    return len(_overdue_of(Reach.of(user), Context().today).rows()) or None


@lru_cache(maxsize=1024)
def _overdue_of(reach: Reach, today: date) -> Fixed:
    """Customers and plans that are overdue with somebody, as far as the badge counts: every page asks, in one
    statement."""
    late = Customer.objects.live().filter(owner=reach.pk, next_follow_up_at__lt=day_bounds(today)[0])
    plans = agenda.not_found_anyway(reach).filter(due_at__lt=Now())
    return Fixed(
        late.order_by().values_list("pk").union(plans.order_by().values_list("pk"), all=True)[:BADGE_CAP]
    )
