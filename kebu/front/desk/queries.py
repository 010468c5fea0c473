"""The queue of a day and the month in figures."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.db.models import Count, F, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from kebu.base.access.choices import Permission
from kebu.base.bulk.prepared import Prepared, prepared
from kebu.base.fields.choices import Use
from kebu.base.fields.directories import Context
from kebu.base.kit.dates import day_bounds
from kebu.base.ui.navigation import address
from kebu.base.ui.paging import Count as Capped
from kebu.base.ui.paging import capped_count
from kebu.crm.customers.fields import CUSTOMER_FIELDS
from kebu.crm.customers.models import Customer, CustomerQuerySet, newly_assigned
from kebu.crm.interactions.models import LATE_AFTER, Interaction
from kebu.crm.promises.choices import Side
from kebu.front.desk import agenda
from kebu.front.desk.agenda import PlanCounts, PlanRow
from kebu.office.staff.models import User

SHOWN = 20  # per group; the rest is one click away in the list
WEEK = timedelta(days=7)
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


class Waiting(NamedTuple):
    """How much waits with an owner, and how many customers the month brought him."""

    overdue: int = 0
    today: int = 0
    week: int = 0
    fresh: int = 0
    joined: int = 0


NOTHING = Waiting()


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


def month_start(today: date) -> datetime:
    """The first moment of the month."""
    return day_bounds(today.replace(day=1))[0]


def waiting(owners: list[int], today: date) -> dict[int, Waiting]:
    """What waits with each owner, by his id; two statements."""
    start, end = day_bounds(today)
    first, until = month_start(today), end + WEEK
    owned = Customer.objects.live().filter(owner__in=owners).order_by()
    due = owned.filter(next_follow_up_at__lt=until).values_list("owner")
    counts = {
        owner: Waiting(*found)
        for owner, *found in due.annotate(
            overdue=Count("id", filter=Q(next_follow_up_at__lt=start)),
            today=Count("id", filter=Q(next_follow_up_at__gte=start, next_follow_up_at__lt=end)),
            week=Count("id", filter=Q(next_follow_up_at__gte=end)),
        )
    }
    came = owned.filter(assigned_at__gte=min(first, start - WEEK)).values_list("owner")
    for owner, fresh, joined in came.annotate(
        fresh=Count("id", filter=newly_assigned(today)),
        joined=Count("id", filter=Q(assigned_at__gte=first, created_at__gte=first)),
    ):
        counts[owner] = counts.get(owner, NOTHING)._replace(fresh=fresh, joined=joined)
    return counts


def own_waiting(user: User, today: date) -> Waiting:
    """What waits with the user himself; nothing when he may not look at customers."""
    owners = [user.pk] if user.can(Permission.CUSTOMER_VIEW) else []
    return waiting(owners, today).get(user.pk, NOTHING)


def own_count(user: User) -> Capped:
    """The user's own customers, where nothing of them is due."""
    owned = Customer.objects.owned_by(user).live()
    return capped_count(owned if user.can(Permission.CUSTOMER_VIEW) else owned.none())


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
    start, end = day_bounds(today)
    owned = Customer.objects.owned_by(user).live()
    due = owned.filter(next_follow_up_at__lt=end + WEEK).order_by("next_follow_up_at", "id")
    late, coming = due.filter(next_follow_up_at__lt=start), due.filter(next_follow_up_at__gte=end)
    now = due.filter(next_follow_up_at__gte=start, next_follow_up_at__lt=end)
    fresh = owned.filter(newly_assigned(today)).order_by("-assigned_at", "-id")
    parts = (
        ("overdue", _("逾期"), "clock-exclamation", "k-overdue", late),
        ("today", _("今天"), "sun", "k-today", now),
        ("fresh", _("新分配"), "user-plus", "", fresh),
        ("week", _("7天内"), "calendar", "", coming),
    )
    urls, counts = list_urls(today, view="mine"), mine._asdict()
    plans, planned = agenda.planned(user, context, SHOWN)
    groups = []
    for code, title, icon, tone, customers in parts:
        extra = getattr(plans, code, 0)
        if counts[code] or extra:
            rows = _rows(customers, context) if counts[code] else []
            url = urls[code] if counts[code] else f"{reverse('followups:list')}?when={code}"
            rows = _merged(rows, planned.get(code, []))
            groups.append(Group(code, title, icon, tone, rows, counts[code] + extra, url))
    groups = _with_plans(groups, user)
    week = [groups.pop()] if groups and groups[-1].code == "week" else []
    return Desk([*groups, *_promised(user, context), *week, *_birthdays(user, context)], mine, plans)


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
    found = agenda.promises(user, context, SHOWN) if user.can(Permission.CUSTOMER_VIEW) else {}
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


def _rows(customers: CustomerQuerySet, context: Context) -> list[DueRow]:
    rows = [DueRow(*row) for row in customers.values_list(*COLUMNS)[:SHOWN]]
    can_dial = CUSTOMER_FIELDS["phone"].allows(Use.READ, context)
    return rows if can_dial else [row._replace(phone="") for row in rows]


class Told(NamedTuple):
    """Interactions of the month, and the share (0 to 1, None without any) recorded within 24 hours."""

    times: int
    on_time_share: float | None

    @classmethod
    def of(cls, times: int, on_time: int) -> "Told":
        return cls(times, on_time / times if times else None)


def told_in_month(today: date) -> dict[str, Count]:
    """What to count of interactions for Told (S0-36, S1-14)."""
    in_month = Q(happened_at__gte=month_start(today))
    return {
        "told": Count("id", filter=in_month),
        "on_time": Count("id", filter=in_month & Q(created_at__lte=F("happened_at") + LATE_AFTER)),
    }


def told_by(user: User, today: date) -> Told:
    """My interactions since the first of the month."""
    mine = Interaction.objects.filter(author=user, happened_at__gte=month_start(today))
    found = mine.aggregate(**told_in_month(today))
    return Told.of(found["told"], found["on_time"])


def overdue_badge(request: HttpRequest) -> int | None:
    """Number beside 工作台 in the side bar: what is overdue with me, capped; None when nothing is.

    The desk, having counted already, leaves the number at the request.
    """
    user: Any = request.user
    if not user.is_authenticated or not user.can(Permission.CUSTOMER_VIEW):
        return None
    counted: int | None = getattr(request, "overdue_count", None)
    if counted is not None:
        return counted or None
    return len(_overdue_at(Context().today)(user.pk)) or None


@lru_cache(maxsize=2)
def _overdue_at(today: date) -> Prepared[Customer]:
    """The query of what is overdue that day with somebody, as far as the badge counts: every page asks."""
    start = day_bounds(today)[0]

    def overdue_of(user_id: int) -> QuerySet[Customer]:
        overdue = Customer.objects.live().filter(owner=user_id, next_follow_up_at__lt=start)
        return overdue.order_by().only("pk")[:BADGE_CAP]

    return prepared(overdue_of)
