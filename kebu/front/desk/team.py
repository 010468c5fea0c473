"""Who in the team needs help: what waits with each, and when he last spoke to a customer."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import NamedTuple

from django.db.models.functions import Now

from kebu.base.access.choices import Permission, Scope
from kebu.base.fields.directories import Context
from kebu.base.ui.paging import Count as Capped
from kebu.base.ui.paging import Counter
from kebu.crm.churn.models import ChurnWarning
from kebu.crm.customers.models import Customer
from kebu.crm.customers.outlooks import QUIET_CAP, quiet_halves
from kebu.crm.followups.models import IS_OPEN, Plan
from kebu.crm.pool.rules import standing
from kebu.crm.promises.models import Promise
from kebu.front.desk.due import Also, also_due
from kebu.front.desk.figures import NOTHING, Waiting, summed, waiting
from kebu.front.desk.queries import due_url, list_url, list_urls
from kebu.front.desk.reach import Reach
from kebu.office.staff.fields import STAFF
from kebu.office.staff.models import User

LATE_CAP = 1000
MOST = 50  # rows of the table; who comes later has less to do than all of them


class Figure(NamedTuple):
    """A number and the list of what it counts."""

    number: int
    url: str
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Mate:
    """A member of the team: his customers, and what waits with him."""

    name: str
    is_me: bool
    is_active: bool
    customers: Figure
    figures: list[Figure]
    waiting: Waiting
    also: Also

    @property
    def last_at(self) -> datetime | None:
        """When he last spoke to a customer."""
        return self.waiting.last_at

    @property
    def urgency(self) -> tuple[int, ...]:
        """Most overdue first; then most for today, most new, most customers."""
        pressing = (self.waiting.overdue + self.also.overdue, self.waiting.today + self.also.today)
        return (*(-number for number in pressing), -self.waiting.fresh, -self.customers.number)


@dataclass(frozen=True, slots=True)
class Team:
    """The team of a supervisor on a day."""

    mates: list[Mate]
    rest_count: int
    mine: Waiting
    total: Waiting
    overdue: int
    today: int
    figures: list[Figure]
    quiet: Capped
    late_plans: Capped
    late_promises: Capped
    churning: Capped
    falling: Capped


def has_team(user: User) -> bool:
    """Say whether the user looks after others."""
    return user.scope is not Scope.OWN


def owner_ids(user: User, context: Context) -> list[int]:
    """Those whose customers the user sees, by name: an index finds the customers of each."""
    ids = user.owner_ids(Permission.CUSTOMER_VIEW)
    everybody = (int(entry.key) for entry in context.directory(STAFF).entries)
    return sorted(everybody if ids is None else ids)


def team(user: User, today: date, context: Context, owners: list[int]) -> Team:
    """Everybody whose customers the user sees, whoever needs help first."""
    counts, also = waiting(owners, today), also_due(Reach.of(user), owners, today)
    found = _mates(user, today, context, counts, also)
    mates = sorted(found, key=lambda mate: (mate.urgency, mate.name))
    total, more = summed(list(counts.values())), Also(*map(sum, zip(*also.values(), strict=True)))
    return Team(
        mates[:MOST],
        len(mates[MOST:]),
        counts.get(user.pk, NOTHING),
        total,
        total.overdue + more.overdue,
        total.today + more.today,
        _figures(total, more, today),
        *_backlog(user, today),
    )


def _backlog(user: User, today: date) -> Iterable[Capped]:
    """What lies about in the team: quiet customers, late plans, late promises, who may leave or fall."""
    long_ago, never, *others = _counters(Reach.of(user), today)
    quiet = long_ago()
    if not quiet.is_capped:
        found = quiet.value + never().value
        quiet = Capped(min(found, QUIET_CAP), found > QUIET_CAP)
    return quiet, *(counted() for counted in others)


@lru_cache(maxsize=512)
def _counters(reach: Reach, today: date) -> list[Counter]:
    """The counts of a supervisor's day."""
    seen = Customer.objects.of_reach(reach).live()
    quiet = [Counter(seen.filter(half), QUIET_CAP, index="customer_quiet") for half in quiet_halves(today)]
    plans = Plan.objects.visible_to(reach).live().filter(IS_OPEN, due_at__lt=Now())
    promises = Promise.objects.visible_to(reach).overdue(today).filter(customer__archived_at=None)
    churning = ChurnWarning.objects.visible_to(reach).under_way().live()
    owners, falling = reach.owner_ids(Permission.CUSTOMER_VIEW), standing()
    falling = falling if owners is None else falling.filter(owner__in=owners)
    of_time = Counter(plans, LATE_CAP, "due_at"), Counter(promises, LATE_CAP, "due_on")
    return [*quiet, *of_time, Counter(churning, LATE_CAP), Counter(falling, LATE_CAP)]


def _mates(
    user: User, today: date, context: Context, counts: Mapping[int, Waiting], also: Mapping[int, Also]
) -> Iterable[Mate]:
    """Those who have customers, or something to do without."""
    people = context.directory(STAFF).by_key
    for key, waits in counts.items():
        person, more = people.get(key), also.get(key, Also())
        if waits.customers or any(more):
            yield Mate(
                person.name if person else "",
                key == user.pk,
                person is not None and person.is_active,
                Figure(waits.customers, list_url(view="team", owner=key)),
                _figures(waits, more, today, key),
                waits,
                more,
            )


def _figures(waits: Waiting, more: Also, today: date, owner: int | None = None) -> list[Figure]:
    """The columns of the table: what is overdue and for today as each desk has it; customers of the week,
    newly assigned ones."""
    urls = list_urls(today, view="team", **({} if owner is None else {"owner": owner}))
    return [
        Figure(waits.overdue + more.overdue, due_url("overdue", owner), "overdue"),
        Figure(waits.today + more.today, due_url("today", owner), "today"),
        Figure(waits.week, urls["week"]),
        Figure(waits.fresh, urls["fresh"]),
    ]
