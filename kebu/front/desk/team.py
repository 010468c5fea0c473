"""Who in the team needs help: what waits with each, and when he last spoke to a customer."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import Count, Max
from django.utils import timezone

from kebu.base.access.choices import Permission, Scope
from kebu.base.fields.directories import Context
from kebu.base.kit.dates import day_bounds
from kebu.base.ui.paging import Count as Capped
from kebu.base.ui.paging import capped_count
from kebu.crm.customers.models import Customer
from kebu.crm.customers.outlooks import QUIET, QUIET_CAP, QUIET_DAYS, customers_of
from kebu.crm.followups.models import IS_OPEN, Plan
from kebu.crm.interactions.models import Interaction
from kebu.crm.promises.models import Promise
from kebu.front.desk.queries import (
    NOTHING,
    Told,
    Waiting,
    list_url,
    list_urls,
    month_start,
    told_in_month,
    waiting,
)
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
    """A member of the team: his customers, what waits with him, when he last spoke to a customer."""

    name: str
    is_me: bool
    is_active: bool
    customers: Figure
    figures: list[Figure]
    last_at: datetime | None
    waiting: Waiting

    @property
    def urgency(self) -> tuple[int, ...]:
        """Most overdue first; then most for today, most new, most customers."""
        return (-self.waiting.overdue, -self.waiting.today, -self.waiting.fresh, -self.customers.number)


@dataclass(frozen=True, slots=True)
class Team:
    """The team of a supervisor on a day."""

    mates: list[Mate]
    rest_count: int
    mine: Waiting
    total: Waiting
    figures: list[Figure]
    told: Told
    quiet: Capped
    quiet_url: str
    late_plans: Capped
    late_promises: Capped


class Story(NamedTuple):
    """What a member of the team told lately."""

    told: int = 0
    on_time: int = 0
    last_at: datetime | None = None


def has_team(user: User) -> bool:
    """Say whether the user looks after others."""
    return user.scope is not Scope.OWN and user.can(Permission.CUSTOMER_VIEW)


def owner_ids(user: User, context: Context) -> list[int]:
    """Those whose customers the user sees, by name: an index finds the customers of each."""
    ids = user.owner_ids(Permission.CUSTOMER_VIEW)
    everybody = (int(entry.key) for entry in context.directory(STAFF).entries)
    return sorted(everybody if ids is None else ids)


def team(user: User, today: date, context: Context, owners: list[int]) -> Team:
    """Everybody whose customers the user sees, whoever needs help first."""
    seen = Customer.objects.live().filter(owner__in=owners).order_by()
    counts, stories = waiting(owners, today), _stories(owners, today)
    owned = dict(seen.values_list("owner").annotate(count=Count("id")))
    mates = sorted(
        _mates(user, today, context, owned, counts, stories), key=lambda mate: (mate.urgency, mate.name)
    )
    total = Waiting(*map(sum, zip(NOTHING, *counts.values(), strict=True)))
    told = Told.of(sum(s.told for s in stories.values()), sum(s.on_time for s in stories.values()))
    urls = list_urls(today, view="team")
    return Team(
        mates[:MOST],
        len(mates[MOST:]),
        counts.get(user.pk, NOTHING),
        total,
        _figures(total, urls),
        told,
        capped_count(customers_of(QUIET, user, today), QUIET_CAP),
        list_url(view="quiet"),
        capped_count(
            Plan.objects.visible_to(user).live().filter(IS_OPEN, due_at__lt=timezone.now()),
            LATE_CAP,
            "due_at",
        ),
        capped_count(
            Promise.objects.visible_to(user).overdue(today).filter(customer__archived_at=None),
            LATE_CAP,
            "due_on",
        ),
    )


def _stories(authors: list[int], today: date) -> dict[int, Story]:
    """What each told in the month and in the last days, as far back as a customer is not called quiet."""
    since = min(month_start(today), day_bounds(today)[0] - timedelta(days=QUIET_DAYS))
    lately = Interaction.objects.filter(author__in=authors, happened_at__gte=since).order_by()
    rows = lately.values_list("author").annotate(**told_in_month(today), last=Max("happened_at"))
    return {author: Story(*found) for author, *found in rows}


def _mates(
    user: User,
    today: date,
    context: Context,
    owned: Mapping[int, int],
    counts: Mapping[int, Waiting],
    stories: Mapping[int, Story],
) -> Iterable[Mate]:
    people = context.directory(STAFF).by_key
    for key, count in owned.items():
        his: dict[str, Any] = {"view": "team", "owner": key}
        waits, person = counts.get(key, NOTHING), people.get(key)
        yield Mate(
            person.name if person else "",
            key == user.pk,
            person is not None and person.is_active,
            Figure(count, list_url(**his)),
            _figures(waits, list_urls(today, **his)),
            stories.get(key, Story()).last_at,
            waits,
        )


def _figures(waits: Waiting, urls: Mapping[str, str]) -> list[Figure]:
    """The columns of the table: overdue, today, the week, newly assigned."""
    return [
        Figure(waits.overdue, urls["overdue"], "overdue"),
        Figure(waits.today, urls["today"], "today"),
        Figure(waits.week, urls["week"]),
        Figure(waits.fresh, urls["fresh"]),
    ]
