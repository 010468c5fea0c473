"""What waits with a person besides his customers' next follow-ups: plans, promises, key dates, who falls."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from json import loads
from types import MappingProxyType
from typing import Any, NamedTuple

from django.db.models import Case, IntegerField, OuterRef, Q, Subquery, When
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from kebu.base.bulk.prepared import Fixed, FixedStack
from kebu.base.fields.choices import Use
from kebu.base.fields.directories import Context
from kebu.base.kit.dates import day_bounds
from kebu.crm.churn.choices import Risk, Status
from kebu.crm.churn.models import ChurnWarning
from kebu.crm.churn.signs import read
from kebu.crm.contacts.fields import CONTACT_FIELDS
from kebu.crm.contacts.models import Contact
from kebu.crm.contacts.queries import Celebrated, born_contacts, born_persons, of_contact, of_person
from kebu.crm.customers.fields import CUSTOMER_FIELDS
from kebu.crm.customers.models import Customer
from kebu.crm.followups.choices import PlanStatus, Source
from kebu.crm.followups.models import Plan
from kebu.crm.key_dates.choices import Sort, label_beside
from kebu.crm.key_dates.models import KeyDate
from kebu.crm.pool.models import PoolWarning
from kebu.crm.pool.rules import asked_at_once, falling_of
from kebu.crm.promises.choices import Side
from kebu.crm.promises.models import Promise
from kebu.front.desk import due
from kebu.front.desk.figures import WEEK
from kebu.front.desk.reach import Reach
from kebu.office.staff.models import User

MOST = 100  # birthdays of a week, key dates
OF_CUSTOMER = ("customer__number", "customer__name", "customer__grade", "customer__phone")
SIDES = {Side.OURS.value: _("我方承诺"), Side.THEIRS.value: _("客户承诺")}
PROMISE_COLUMNS = ("pk", "text", "due_on", *OF_CUSTOMER, "version", "side")
KEY_DATE_COLUMNS = (
    "pk", "name", "sort", "next_on", "remark", "version", "amount",
    "customer__number", "customer__name", "customer__grade",
)  # fmt: skip
WARNING_COLUMNS = (
    "pk", "risk", "signals", "status", "look_on", "quiet_since",
    "customer__number", "customer__name", "customer__grade",
)  # fmt: skip
PLAN_COLUMNS = ("pk", "goal", "due_at", "starts_at", "status", *OF_CUSTOMER)


class PlanRow(NamedTuple):
    """A plan to carry out."""

    pk: int
    goal: str
    due_at: datetime
    starts_at: datetime
    is_waiting: bool
    number: str
    name: str
    grade: str
    phone: str
    kind: str = "plan"

    @property
    def order(self) -> datetime:
        return self.starts_at


class PromiseRow(NamedTuple):
    """A promise that is open."""

    pk: int
    text: str
    due_on: date
    number: str
    name: str
    grade: str
    phone: str
    version: int
    side: str
    kind: str = "promise"

    @property
    def order(self) -> datetime:
        """A day is over at its end: it stands before what has a time on it."""
        return day_bounds(self.due_on)[0]

    @property
    def whose(self) -> str:
        """Who promised, in words."""
        return str(SIDES[self.side])


class KeyDateRow(NamedTuple):
    """A day of a customer whose time to act has come."""

    pk: int
    name: str
    sort: str
    next_on: date
    remark: str
    version: int
    amount: Decimal | None
    number: str
    customer: str
    grade: str
    kind: str = "key_date"

    @property
    def label(self) -> str:
        """What the day is for, unless its name or its group says so."""
        return "" if self.sort == Sort.PAYMENT else label_beside(self.sort, self.name)


class FallingRow(NamedTuple):
    """A customer that is soon to fall into the pool."""

    number: str
    name: str
    grade: str
    on: date
    days: int
    why: str
    kind: str = "falling"


class WarningRow(NamedTuple):
    """A customer that may leave."""

    pk: int
    risk: str
    signals: Any
    status: str
    look_on: date | None
    quiet_since: datetime | None
    number: str
    customer: str
    grade: str
    kind: str = "churn"

    @property
    def why(self) -> str:
        """Its gravest signal, with its figures."""
        return read(self.signals[0]).sentence if self.signals else ""

    @property
    def step(self) -> str:
        return Status(self.status).step

    @property
    def get_risk_display(self) -> str:
        return str(Risk(self.risk).label)


class Counts(NamedTuple):
    """How many plans or promises wait: late, for today, in the week after it."""

    overdue: int = 0
    today: int = 0
    week: int = 0


@lru_cache(maxsize=1024)
def _own_plans(reach: Reach, today: date) -> Fixed:
    """The plans of the queue until a week from now: their keys by their time, each with the number of its
    stretch."""
    end = day_bounds(today)[1]
    plans = due.carried_out(reach, [reach.pk], end + WEEK)
    late, due_today = When(due_at__lt=Now(), then=0), When(starts_at__lt=end, then=1)
    stretch = Case(late, due_today, default=2, output_field=IntegerField())
    return Fixed(plans.order_by("starts_at", "plan_id").values_list("plan", stretch))


class Queued(NamedTuple):
    """What of the plans or promises stands in the queue: how many, and the first of each stretch."""

    counts: Counts = Counts()
    rows: Mapping[str, Sequence[Any]] = MappingProxyType({})


def planned(user: User, context: Context, most: int) -> Queued:
    """The user's plans until a week from now: all are gone through by their keys, the first ones read."""
    can_dial = CUSTOMER_FIELDS["phone"].allows(Use.READ, context)

    def read(keys: list[int]) -> Iterable[PlanRow]:
        found = Plan.objects.filter(pk__in=keys).values_list(*PLAN_COLUMNS)
        return (_plan_row(row, can_dial=can_dial) for row in found)

    return _queued(_own_plans(Reach.of(user), context.today).rows(), read, most)


def _queued(
    found: Iterable[tuple[int, int]], read: Callable[[list[int]], Iterable[Any]], most: int
) -> Queued:
    """Keys with the number of their stretch, counted; the first ones of each are read."""
    keys: list[list[int]] = [[] for _name in due.STRETCHES]
    for key, stretch in found:
        keys[stretch].append(key)
    shown = [key for some in keys for key in some[:most]]
    rows = {row.pk: row for row in read(shown)} if shown else {}
    parts = zip(due.STRETCHES, keys, strict=True)
    first = {name: [rows[key] for key in some[:most] if key in rows] for name, some in parts}
    return Queued(Counts(*map(len, keys)), first)


def _plan_row(values: tuple[Any, ...], *, can_dial: bool) -> PlanRow:
    pk, goal, due_at, starts_at, status, *customer = values
    number, name, grade, phone = (text or "" for text in customer)
    is_waiting = status == PlanStatus.WAITING
    return PlanRow(pk, goal, due_at, starts_at, is_waiting, number, name, grade, phone if can_dial else "")


def steering_plan(user_id: int) -> Subquery:
    """The plan that stands behind the next follow-up of a customer: completing it is what is due."""
    stand = Plan.objects.open().executed_by(user_id).exclude(source=Source.CADENCE)
    same = stand.filter(customer=OuterRef("pk"), starts_at=OuterRef("next_follow_up_at"))
    return Subquery(same.order_by("-pk").values("pk")[:1])


@lru_cache(maxsize=1024)
def _own_promises(user_id: int, today: date) -> Fixed:
    """Open promises that are somebody's, at his own customers, until a week from now: keys by their day, each
    with the number of its stretch. What customers promised waits only once it is late."""
    mine = Promise.objects.open().filter(responsible=user_id, customer__owner=user_id)
    is_late = Q(due_on__lt=today)
    waits = Q(is_late) | Q(side=Side.OURS, due_on__lte=today + WEEK)
    rows = mine.filter(waits, customer__archived_at=None).order_by("due_on", "id")
    stretch = Case(When(is_late, then=0), When(due_on=today, then=1), default=2, output_field=IntegerField())
    return Fixed(rows.values_list("pk", stretch))


def promised(user: User, context: Context, most: int) -> Queued:
    """Ours that are due within a week, and those of both sides that are late."""
    can_dial = CUSTOMER_FIELDS["phone"].allows(Use.READ, context)

    def read(keys: list[int]) -> Iterable[PromiseRow]:
        found = Promise.objects.filter(pk__in=keys).values_list(*PROMISE_COLUMNS)
        rows = (PromiseRow(*values) for values in found)
        return rows if can_dial else (row._replace(phone="") for row in rows)

    return _queued(_own_promises(user.pk, context.today).rows(), read, most)


@lru_cache(maxsize=1024)
def _own_key_dates(user_id: int, today: date) -> Fixed:
    """Days of somebody's own customers whose time to act has come, the first ones first."""
    rows = KeyDate.objects.due(today).live().filter(customer__owner=user_id)
    return Fixed(rows.order_by("next_on", "id").values_list(*KEY_DATE_COLUMNS)[: MOST + 1])


def key_dates(user: User, context: Context) -> list[KeyDateRow]:
    """Contracts about to end, purchases that come again, care that is due, at the user's own customers; not
    more than MOST and one, which tells that there are more."""
    return [KeyDateRow(*values) for values in _own_key_dates(user.pk, context.today).rows()]


@lru_cache(maxsize=1024)
def _own_fallings(user_id: int) -> Fixed:
    """Warnings of somebody's own customers, the oldest first."""
    rows = PoolWarning.objects.filter(owner=user_id, customer__owner=user_id)
    return Fixed(asked_at_once(rows.order_by("warned_at", "pk")[:MOST]))


def soon_to_fall(user: User, context: Context, most: int) -> tuple[list[FallingRow], int]:
    """The first of the user's customers of which he was warned, those that fall first in front, and how many
    there are; not more than MOST."""
    found, book = falling_of(_own_fallings(user.pk).rows())
    words = {one.seen.grade: book.foretelling(one.seen.grade) for one in found[:most]}
    shown = [
        FallingRow(
            one.seen.number,
            one.seen.name,
            one.seen.grade,
            one.on,
            max((one.on - context.today).days, 0),
            words[one.seen.grade],
        )
        for one in found[:most]
    ]
    return shown, len(found)


@lru_cache(maxsize=1024)
def _own_warnings(user_id: int, today: date) -> Fixed:
    """Warnings of somebody's own customers that wait for him, the gravest first: new ones, those to look at
    again, those whose signals have gone."""
    waits = Q(status=Status.OPEN) | Q(look_on__lte=today) | Q(quiet_since__isnull=False)
    rows = ChurnWarning.objects.under_way().live().filter(waits, customer__owner=user_id)
    return Fixed(rows.order_by("-score", "id").values_list(*WARNING_COLUMNS)[: MOST + 1])


def warnings(user: User, context: Context) -> list[WarningRow]:
    """The user's own customers that may leave; not more than MOST and one."""
    return [_warning_row(values) for values in _own_warnings(user.pk, context.today).rows()]


def _warning_row(values: Sequence[Any]) -> WarningRow:
    row = WarningRow(*values)
    return row._replace(signals=loads(row.signals)) if isinstance(row.signals, str) else row


@lru_cache(maxsize=1024)
def _own_birthdays(user_id: int, today: date) -> FixedStack:
    """Contacts at somebody's customers, and his customers who are persons, with a birthday in the week."""
    people = Contact.objects.filter(customer__owner=user_id, customer__archived_at=None)
    own, until = Customer.objects.live().filter(owner=user_id), today + WEEK
    found = born_contacts(people, today, until), born_persons(own, today, until)
    return FixedStack({"contacts": found[0][:MOST], "persons": found[1][:MOST]})


def birthdays(user: User, context: Context) -> list[Celebrated]:
    """Whose birthday it is within a week, at the user's own customers."""
    today, found = context.today, list[Celebrated]()
    rows = _own_birthdays(user.pk, today).rows()
    if CONTACT_FIELDS["birthday"].allows(Use.READ, context):
        found += (of_contact(row, today) for row in rows["contacts"])
    if CUSTOMER_FIELDS["birthday"].allows(Use.READ, context):
        found += (of_person(row, today) for row in rows["persons"])
    return sorted(found, key=lambda one: (one.on, one.name))
