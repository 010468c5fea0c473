"""Which rules are in force, since when, and how far they are lived by: what a quarter looks at (S1-23)."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from functools import reduce
from operator import or_
from typing import NamedTuple

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy

from kebu.base.access.choices import Permission
from kebu.base.access.queries import Viewer
from kebu.base.fields.directories import Context
from kebu.base.kit.dates import day_bounds, local_day
from kebu.base.ui.navigation import address
from kebu.crm.cadence.choices import Rhythm
from kebu.crm.cadence.rhythms import Step
from kebu.crm.cadence.rulebook import Rulebook, rulebook
from kebu.crm.customers.choices import Grade
from kebu.crm.customers.models import Customer
from kebu.crm.interactions.models import Interaction
from kebu.front.desk.queries import list_url
from kebu.front.reviews.periods import Period
from kebu.front.reviews.whose import Whose
from kebu.office.staff.models import User

RULES = (  # what the office may change: its name, where, by which right
    (gettext_lazy("跟进节奏"), "cadence:rules", Permission.CADENCE_MANAGE),
    (gettext_lazy("流失预警规则"), "churn:rules", Permission.CADENCE_MANAGE),
    (gettext_lazy("采购增长规则"), "purchases:rules", Permission.CADENCE_MANAGE),
    (gettext_lazy("公海自动回收"), "pool:rules", Permission.POOL_MANAGE),
)


EVER = 2000  # the year of the rhythms that are shipped


class Standing(NamedTuple):
    """The rhythm of a grade: in words, since when, and how many of its customers were spoken to in time."""

    grade: str
    words: str
    since: date
    many: int
    in_time: int
    url: str

    @property
    def begun(self) -> date | None:
        """The same, None where it was ever so."""
        return self.since if self.since.year > EVER else None

    @property
    def share(self) -> int:
        return round(100 * self.in_time / self.many) if self.many else 0


def on_day(period: Period, today: date) -> date:
    """On which day one looks at the rules: the period's last, or today while it goes on."""
    return min(local_day(period.end) - timedelta(days=1), today)


def standings(whose: Whose, period: Period, context: Context) -> list[Standing]:
    """One for each grade that has a rhythm, as it was at the end of the period, or as it is now."""
    seen, same = whose.seen, whose.in_list
    book, day = rulebook(context), on_day(period, context.today)
    steps = {grade: some for grade in Grade.values if (some := _steps(book, grade, day))}
    since = {grade: day_bounds(_back(some[0], day))[0] for grade, some in steps.items()}
    is_over = period.end <= timezone.now()
    counted = _counted_then(seen, book, since, period.end) if is_over else _counted(seen, book, since)
    found = []
    for grade, some in steps.items():
        words = "、".join(step.name for step in some)
        is_told = not is_over and same is not None
        url = list_url(view="team", grade=grade, sort="last_contact_at", **(same or {})) if is_told else ""
        found.append(Standing(grade, words, max(one.valid_from for one in some), *counted[grade], url))
    return found


def _counted(seen: Viewer, book: Rulebook, since: Mapping[str, datetime]) -> dict[str, tuple[int, int]]:
    """How many customers of each grade there are now, and with how many somebody spoke since."""
    rows = Customer.objects.visible_to(seen).live().filter(customer_type__in=book.types).order_by()
    asked = {f"all_{grade}": Count("pk", filter=Q(grade=grade)) for grade in since}
    for grade, moment in since.items():
        spoken = Q(grade=grade, last_contact_at__gte=moment)
        asked[f"in_time_{grade}"] = Count("pk", filter=spoken)
    found = rows.aggregate(**asked) if asked else {}
    return {grade: (found[f"all_{grade}"], found[f"in_time_{grade}"]) for grade in since}


def _counted_then(
    seen: Viewer, book: Rulebook, since: Mapping[str, datetime], end: datetime
) -> dict[str, tuple[int, int]]:
    """The same at a moment that has passed, of the customers there were then, by their present grade and
    type: what was recorded later of a time before counts."""
    there = Q(created_at__lt=end, customer_type__in=book.types, grade__in=list(since))
    there &= Q(archived_at__isnull=True) | Q(archived_at__gte=end)
    customers = Customer.objects.visible_to(seen).filter(there).order_by()
    many = dict(customers.values_list("grade").annotate(many=Count("pk")))
    spans = [Q(customer__grade=grade, happened_at__gte=moment) for grade, moment in since.items()]
    talks = Interaction.objects.filter(reduce(or_, spans, Q(pk__in=[])), happened_at__lt=end)
    spoken = talks.filter(customer__in=customers.values("pk")).order_by().values_list("customer__grade")
    in_time = dict(spoken.annotate(many=Count("customer", distinct=True)))
    return {grade: (many.get(grade, 0), in_time.get(grade, 0)) for grade in since}


def _steps(book: Rulebook, grade: str, today: date) -> list[Step]:
    found = (book.in_effect(grade, rhythm, today) for rhythm in Rhythm.values)
    return [step for step in found if step and step.is_active]


def _back(step: Step, today: date) -> date:
    """The day on or after which somebody was to be spoken to, to be in time today."""
    return today - (step.after(today) - today)


def doors(user: User) -> list[tuple[str, str]]:
    """Where rules are changed: name and address, as far as the user may."""
    return [(str(label), address(door)) for label, door, right in RULES if user.can(right)]
