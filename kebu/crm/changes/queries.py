"""What was recorded too late (S1-14, S1-20)."""

from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import Count, F, Q, QuerySet

from kebu.base.kit.dates import day_bounds
from kebu.crm.changes.models import ImportantChange
from kebu.crm.interactions.models import TOLD_LATE, Interaction, InteractionQuerySet
from kebu.office.staff.models import User

LATE_CHANGE = Q(created_at__gte=F("due_at"))


@dataclass(slots=True)
class Share:
    """How many of all were late."""

    late: int = 0
    all: int = 0

    @property
    def percent(self) -> int:
        return round(100 * self.late / self.all) if self.all else 0


@dataclass(slots=True)
class Punctuality:
    """One person's records of both kinds."""

    user_id: int | None
    talks: Share = field(default_factory=Share)
    changes: Share = field(default_factory=Share)


def bounds(first: date, last: date) -> tuple[datetime, datetime]:
    """The moments at which a stretch of days begins and ends."""
    return day_bounds(first)[0], day_bounds(last)[1]


def talks_in(user: User, first: date, last: date) -> InteractionQuerySet:
    """What happened in these days with customers the user sees."""
    begin, end = bounds(first, last)
    return Interaction.objects.visible_to(user).filter(happened_at__gte=begin, happened_at__lt=end)


def changes_in(user: User, first: date, last: date) -> QuerySet[ImportantChange]:
    """Important changes of these days."""
    found = ImportantChange.objects.visible_to(user)
    return found.filter(happened_on__gte=first, happened_on__lte=last)


def punctuality(user: User, first: date, last: date) -> list[Punctuality]:
    """Who recorded how much too late, the worst first."""
    people: dict[int | None, Punctuality] = {}
    talks = talks_in(user, first, last).order_by().values("author")
    for row in talks.annotate(count=Count("pk"), late=Count("pk", filter=TOLD_LATE)):
        one = people.setdefault(row["author"], Punctuality(row["author"]))
        one.talks = Share(row["late"], row["count"])
    changes = changes_in(user, first, last).order_by().values("author")
    for row in changes.annotate(count=Count("pk"), late=Count("pk", filter=LATE_CHANGE)):
        one = people.setdefault(row["author"], Punctuality(row["author"]))
        one.changes = Share(row["late"], row["count"])
    return sorted(people.values(), key=lambda one: (-one.talks.late - one.changes.late, one.user_id or 0))
