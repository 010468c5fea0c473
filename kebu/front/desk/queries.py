"""The queue of a day."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.db.models.functions import Now
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from kebu.base.access.choices import Permission
from kebu.base.bulk.prepared import Fixed, FixedStack
from kebu.base.fields.choices import Use
from kebu.base.fields.directories import Context
from kebu.base.kit.dates import day_bounds
from kebu.base.ui.navigation import address
from kebu.base.ui.paging import Count as Capped
from kebu.base.ui.paging import capped_count
from kebu.crm.customers.fields import CUSTOMER_FIELDS
from kebu.crm.customers.models import Customer, newly_assigned
from kebu.crm.key_dates.choices import Sort
from kebu.front.desk import agenda, due
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
    plan: int | None
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

    def of(self, code: str) -> int:
        """How many stand in that group."""
        return sum(group.count for group in self.groups if group.code == code)

    @property
    def overdue(self) -> int:
        return self.of("overdue")

    @property
    def count(self) -> int:
        """Things due until today's end; the coming week does not press."""
        return self.overdue + self.of("today") + self.of("fresh")

    @property
    def week(self) -> int:
        return self.of("week")

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
    """The user's own queue for today."""
    today = context.today
    parts = (
        ("overdue", _("逾期"), "clock-exclamation", "k-overdue"),
        ("today", _("今天"), "sun", "k-today"),
        ("fresh", _("新分配"), "user-plus", ""),
        ("week", _("7天内"), "calendar", ""),
    )
    counts, none = mine._asdict(), agenda.Queued()
    plans = agenda.planned(user, context, SHOWN)
    promises = agenda.promised(user, context, SHOWN) if mine.customers else none
    own = _rows(user, context) if any(counts[code] for code, *_words in parts) else {}
    groups = []
    for code, title, icon, tone in parts:
        also = sum(getattr(queued.counts, code, 0) for queued in (plans, promises))
        if counts[code] + also:
            rows = own[code] if counts[code] else []
            more = [row for queued in (plans, promises) for row in queued.rows.get(code, ())]
            url = list_urls(today, view="mine")[code] if code == "fresh" else due_url(code, user.pk)
            groups.append(Group(code, title, icon, tone, _merged(rows, more), counts[code] + also, url))
    later = (
        (
            *_falling(user, context),
            *_key_dates(user, context),
            *_birthdays(user, context),
            *_warnings(user, context),
        )
        if mine.customers
        else ()
    )
    return Desk([*groups, *later])


def due_url(when: str, who: int | None = None) -> str:
    """The list of what is due in that stretch, of one person or of all whom the reader sees."""
    asked = {"when": when} if who is None else {"when": when, "who": who}
    return f"{address('desk:due')}?{urlencode(asked)}"


def _merged(rows: list[DueRow], others: Sequence[Any]) -> list[Any]:
    """Customers, plans and promises in one queue by their time."""
    return sorted([*rows, *others], key=lambda row: row.order)[:SHOWN] if others else [*rows]


def _falling(user: User, context: Context) -> Iterator[Group]:
    rows, count = agenda.soon_to_fall(user, context, SHOWN)
    if rows:
        url = list_url(view="mine", sort="last_contact_at")
        yield Group("falling", _("快掉入公海"), "ripple", "k-today", rows, count, url)


def _key_dates(user: User, context: Context) -> Iterator[Group]:
    found = agenda.key_dates(user, context)
    payments = [row for row in found if row.sort == Sort.PAYMENT]
    others = [row for row in found if row.sort != Sort.PAYMENT]
    for code, label, icon, rows, tab in (
        ("payments", _("应收款"), "currency-yuan", payments, {"tab": Sort.PAYMENT.value}),
        ("key_dates", _("重要日子"), "calendar-star", others, {}),
    ):
        if rows:
            url = f"{address('key_dates:list')}?{urlencode({**tab, 'rep': user.pk})}"
            yield Group(code, label, icon, "", rows[:SHOWN], len(rows), url)


def _birthdays(user: User, context: Context) -> Iterator[Group]:
    found = agenda.birthdays(user, context)
    if found:
        url = f"{reverse('customers:list')}?{urlencode({'view': 'mine'})}"
        yield Group("birthday", _("7天内的生日"), "cake", "", found[:SHOWN], len(found), url)


def _warnings(user: User, context: Context) -> Iterator[Group]:
    found = agenda.warnings(user, context)
    if found:
        url = f"{address('churn:list')}?{urlencode({'rep': user.pk})}"
        yield Group("churn", _("流失预警"), "alert-circle", "", found[:SHOWN], len(found), url)


def _rows(user: User, context: Context) -> dict[str, list[DueRow]]:
    can_dial = CUSTOMER_FIELDS["phone"].allows(Use.READ, context)
    found = _due(user.pk, context.today).rows()
    rows = {code: [DueRow(*row) for row in of_group] for code, of_group in found.items()}
    return rows if can_dial else {code: [row._replace(phone="") for row in rows[code]] for code in rows}


@lru_cache(maxsize=1024)
def _due(user_id: int, today: date) -> FixedStack:
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
    told = {code: rows.annotate(plan=agenda.steering_plan(user_id)) for code, rows in groups.items()}
    return FixedStack({code: rows.values_list(*COLUMNS, "plan")[:SHOWN] for code, rows in told.items()})


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
    """Customers, plans and promises that are overdue with somebody, as far as the badge counts: every page
    asks, in one statement."""
    late = due.follow_ups([reach.pk], today, "overdue").order_by().values_list("pk")
    plans = due.carried_out(reach, [reach.pk], day_bounds(today)[1]).filter(due_at__lt=Now())
    promises = due.promises([reach.pk], today, "overdue").order_by().values_list("pk")
    return Fixed(late.union(plans.order_by().values_list("pk"), promises, all=True)[:BADGE_CAP])
