"""When customers come into the pool by themselves: the rules, whom they concern, and on which day."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any, NamedTuple

from django.db.models import Case, Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce, Greatest, Now
from django.utils import timezone
from django.utils.translation import gettext as _

from kebu.base.bulk.fresh import fresh
from kebu.base.bulk.prepared import prepared_values
from kebu.base.kit.dates import day_bounds, local_day
from kebu.crm.customers.choices import CustomerType, Grade
from kebu.crm.customers.models import Customer, CustomerQuerySet
from kebu.crm.followups.choices import Source
from kebu.crm.followups.models import Plan
from kebu.crm.pool.models import PoolPolicy, PoolRule, PoolWarning
from kebu.crm.pool.queries import policy

GRADES = (*Grade.values, "")
SHIPPED = {"A": 30, "B": 45, "C": 60, "": 60}  # days, until the office says otherwise; all of them off
OF_RULE, OF_OFFICE = ("is_on", "days", "warn_days"), ("spares_won", "spares_planned")
OF_CUSTOMER = ("number", "name", "owner_id", "grade", "customer_type", "archived_at", "next_follow_up_at")
OF_WARNING = ("id", "customer_id", "owner_id", "base_at", "warned_at")


class Seen(NamedTuple):
    """What of a customer the rules ask; ``base`` is the later of its last follow-up and the time when its
    owner got it."""

    pk: int
    number: str
    name: str
    owner_id: int | None
    grade: str
    customer_type: str
    archived_at: datetime | None
    next_follow_up_at: datetime | None
    base: datetime
    has_plan: bool


def grade_words(grade: str) -> str:
    """Whom a rule is about."""
    return str(Grade(grade).label) if grade else _("没有分级的")


@dataclass(frozen=True, slots=True)
class Rulebook:
    """The rules of all grades, those that are off too, and who is spared."""

    rules: Mapping[str, PoolRule]
    office: PoolPolicy

    @property
    def is_on(self) -> bool:
        return any(rule.is_on for rule in self.rules.values())

    @property
    def seal(self) -> str:
        """A mark of all of them: others may change them while somebody looks at a page."""
        parts = [(rule.grade, rule.is_on, rule.days, rule.warn_days) for rule in self.rules.values()]
        told = repr((parts, self.office.spares_won, self.office.spares_planned))
        return sha256(told.encode()).hexdigest()[:16]

    def fits(self, seen: Seen, now: datetime) -> bool:
        """Whether the customer is one that can come into the pool by itself, however long from now."""
        rule = self.rules[seen.grade]
        is_there = rule.is_on and seen.owner_id is not None and seen.archived_at is None
        is_won = self.office.spares_won and seen.customer_type == CustomerType.WON
        ahead = seen.next_follow_up_at is not None and seen.next_follow_up_at >= now
        return is_there and not is_won and not (self.office.spares_planned and (ahead or seen.has_plan))

    def falls_on(self, seen: Seen, warned_at: datetime) -> date:
        """The day on which it falls: never before its owner has been warned for as long as the rule says."""
        rule = self.rules[seen.grade]
        untouched = local_day(seen.base) + timedelta(days=rule.days)
        return max(untouched, local_day(warned_at) + timedelta(days=rule.warn_days))

    def sentence(self, grade: str) -> str:
        """Why: B级客户45天没有跟进."""
        told = {"whom": grade_words(grade), "days": self.rules[grade].days}
        return _("%(whom)s客户%(days)d天没有跟进") % told

    def foretelling(self, grade: str) -> str:
        """What is to come, and by which rule: B级客户45天没有跟进就回收."""
        told = {"whom": grade_words(grade), "days": self.rules[grade].days}
        return _("%(whom)s客户%(days)d天没有跟进就回收") % told


def rulebook() -> Rulebook:
    """The rules as they are."""
    rows = {row.grade: row for row in PoolRule.objects.all()}
    rules = {
        grade: rows.get(grade) or PoolRule(grade=grade, days=SHIPPED[grade], version=0) for grade in GRADES
    }
    return Rulebook(rules, policy())


def base_of(path: str = "") -> Greatest:
    """Since when nobody has followed up, as an expression over the customer at that path."""
    came = Coalesce(F(f"{path}assigned_at"), F(f"{path}created_at"))
    return Greatest(came, Coalesce(F(f"{path}last_contact_at"), came))


def near(book: Rulebook, today: date) -> CustomerQuerySet:
    """Customers of whom their owners are to be warned, roughly: ``fits`` decides."""
    wanted = Q(pk__in=[])
    for grade, rule in book.rules.items():
        last = today + timedelta(days=rule.warn_days - rule.days)
        wanted |= Q(grade=grade, base__lt=day_bounds(last)[1]) if rule.is_on else Q(pk__in=[])
    return _eligible(book).filter(wanted)


def _eligible(book: Rulebook) -> CustomerQuerySet:
    """Customers that can fall, as far as they themselves tell; with their ``base``."""
    found = Customer.objects.live().filter(owner__isnull=False).alias(base=base_of())
    return found.exclude(customer_type=CustomerType.WON) if book.office.spares_won else found


def _planned(customer: str, now: datetime | Now) -> Exists:
    """Whether there is a plan ahead; those the house makes for everybody keep nobody."""
    ahead = Plan.objects.open().filter(customer=OuterRef(customer), starts_at__gte=now)
    return Exists(ahead.exclude(source=Source.CADENCE))


def looked_at(rows: CustomerQuerySet, now: datetime) -> list[Seen]:
    """The customers as the rules look at them."""
    found = rows.annotate(base=base_of(), has_plan=_planned("pk", now))
    return [Seen(*row) for row in found.values_list("pk", *OF_CUSTOMER, "base", "has_plan")]


class Falling(NamedTuple):
    """A customer about which its owner was warned."""

    seen: Seen
    warning: PoolWarning
    on: date


def falling(warnings: Iterable[PoolWarning], book: Rulebook | None = None) -> list[Falling]:
    """Those of the warnings that hold now, with the day; those that fall first come first."""
    kept = {warning.customer_id: warning for warning in warnings}
    if not kept:
        return []
    now = timezone.now()
    seen = looked_at(Customer.objects.filter(pk__in=kept), now)
    return _holding([(one, kept[one.pk]) for one in seen], book or rulebook(), now)


def _holding(told: Iterable[tuple[Seen, PoolWarning]], book: Rulebook, now: datetime) -> list[Falling]:
    found = []
    for seen, warning in told:
        holds = (seen.owner_id, seen.base) == (warning.owner_id, warning.base_at)
        if holds and book.fits(seen, now):
            found.append(Falling(seen, warning, book.falls_on(seen, warning.warned_at)))
    return sorted(found, key=lambda one: (one.on, one.seen.pk))


def standing() -> QuerySet[PoolWarning]:
    """The warnings that hold now, as ``_holding`` says, by the database alone: for counting many."""
    rows = PoolWarning.objects.filter(customer__owner=F("owner"), base_at=base_of("customer__"))
    rows = rows.filter(Exists(PoolRule.objects.filter(grade=OuterRef("customer__grade"), is_on=True)))
    is_won = Q(customer__customer_type=CustomerType.WON)
    has_step = Q(customer__next_follow_up_at__gte=Now()) | Q(_planned("customer", Now()))
    rows = rows.exclude(is_won & ~Exists(PoolPolicy.objects.filter(spares_won=False)))
    rows = rows.exclude(has_step & ~Exists(PoolPolicy.objects.filter(spares_planned=False)))
    return rows.filter(customer__archived_at=None)


def asked_at_once(warnings: QuerySet[PoolWarning]) -> QuerySet[PoolWarning, tuple[Any, ...]]:
    """What is to be known about the warnings, the rules too, as rows of one statement that stays the same as
    long as the warnings are asked for in the same way: what pages that everybody opens need."""
    policies = PoolPolicy.objects.order_by("pk")
    rule = PoolRule.objects.filter(grade=OuterRef("customer__grade"))
    asked: dict[str, Any] = {f"rule_{name}": Subquery(rule.values(name)[:1]) for name in OF_RULE}
    asked |= {f"office_{name}": Subquery(policies.values(name)[:1]) for name in OF_OFFICE}
    known = {"known_base": base_of("customer__"), "has_plan": _planned("customer", Now())}
    customer = [f"customer__{name}" for name in OF_CUSTOMER]
    return warnings.annotate(**known, **asked).values_list(*OF_WARNING, *customer, *known, *asked)


def falling_of(rows: Iterable[Sequence[Any]]) -> tuple[list[Falling], Rulebook]:
    """Those of the warnings of such rows that hold now, and the rules about them."""
    rules = {grade: PoolRule(grade=grade, days=SHIPPED[grade], version=0) for grade in GRADES}
    office, ruled, told = PoolPolicy(version=0), set[str](), list[tuple[Seen, PoolWarning]]()
    second, third = len(OF_WARNING), len(OF_WARNING) + len(OF_CUSTOMER) + 2
    for row in rows:
        warning = fresh(PoolWarning, **dict(zip(OF_WARNING, row[:second], strict=True)))
        seen = Seen(warning.customer_id, *row[second:third])
        of_rule, of_office = row[third : third + len(OF_RULE)], row[third + len(OF_RULE) :]
        if of_rule[0] is not None and seen.grade not in ruled:
            rules[seen.grade] = PoolRule(grade=seen.grade, **dict(zip(OF_RULE, of_rule, strict=True)))
            ruled.add(seen.grade)
        if of_office[0] is not None and not told:
            office = PoolPolicy(**dict(zip(OF_OFFICE, of_office, strict=True)))
        told.append((seen, warning))
    book = Rulebook(rules, office)
    return _holding(told, book, timezone.now()), book


@prepared_values
def _warned_of(customer_id: int) -> QuerySet[PoolWarning, tuple[Any, ...]]:
    """The warning of a customer and all about it: whoever opens the customer asks."""
    return asked_at_once(PoolWarning.objects.filter(customer=customer_id))


def falls_in_words(customer: Customer, today: date) -> str:
    """When and why it falls: 还有5天掉入公海：B级客户45天没有跟进就回收; "" when it does not."""
    found, book = falling_of(_warned_of(customer.pk))
    if not found:
        return ""
    days = (found[0].on - today).days
    told = {"why": book.foretelling(customer.grade), "days": days}
    if days < 1:
        return _("今晚掉入公海：%(why)s") % told
    return _("还有%(days)d天掉入公海：%(why)s") % told


def forecast(book: Rulebook, today: date) -> dict[int, dict[str, int]]:
    """How many customers of each owner would fall tonight, and within seven days, by these rules; of whom
    nobody was warned yet, falls when he has been. ``fits`` and ``falls_on`` in one statement: it may be about
    hundreds of thousands."""
    now = timezone.now()
    holds = Q(pool_warning__owner=F("owner"), pool_warning__base_at=F("base"))
    warned = Case(When(holds, then=F("pool_warning__warned_at")), default=Value(now + timedelta(days=1)))
    week, tonight = (_fallen_by(book, today + timedelta(days=days)) for days in (7, 1))
    rows = _eligible(book).alias(warned=warned).filter(week)
    if book.office.spares_planned:
        rows = rows.exclude(next_follow_up_at__gte=now).exclude(_planned("pk", now))
    counted = rows.order_by().values("owner").annotate(tonight=Count("pk", filter=tonight), week=Count("pk"))
    return {row["owner"]: {"tonight": row["tonight"], "week": row["week"]} for row in counted}


def _fallen_by(book: Rulebook, day: date) -> Q:
    """That its day has come by then, of the ``base`` and ``warned`` of a row."""
    found = Q(pk__in=[])
    for grade, rule in book.rules.items():
        untouched, warned = (
            day_bounds(day - timedelta(days=days))[1] for days in (rule.days, rule.warn_days)
        )
        found |= Q(grade=grade, base__lt=untouched, warned__lt=warned) if rule.is_on else Q(pk__in=[])
    return found
