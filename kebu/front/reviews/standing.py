"""Which rules are in force, since when, and how far they are lived by: what a quarter looks at (S1-23)."""

from datetime import date
from typing import NamedTuple

from django.db.models import Count, Q
from django.utils.translation import gettext_lazy

from kebu.base.access.choices import Permission
from kebu.base.access.queries import Viewer
from kebu.base.fields.directories import Context
from kebu.base.kit.dates import day_bounds
from kebu.base.ui.navigation import address
from kebu.crm.cadence.choices import Rhythm
from kebu.crm.cadence.rhythms import Step
from kebu.crm.cadence.rulebook import Rulebook, rulebook
from kebu.crm.customers.choices import Grade
from kebu.crm.customers.models import Customer
from kebu.front.desk.queries import list_url
from kebu.office.staff.models import User

RULES = (  # what the office may change: its name, where, by which right
    (gettext_lazy("跟进节奏"), "cadence:rules", Permission.CADENCE_MANAGE),
    (gettext_lazy("流失预警规则"), "churn:rules", Permission.CADENCE_MANAGE),
    (gettext_lazy("公海自动回收"), "pool:rules", Permission.POOL_MANAGE),
)


class Standing(NamedTuple):
    """The rhythm of a grade: in words, since when, and how many of its customers were spoken to in time."""

    grade: str
    words: str
    since: date
    many: int
    in_time: int
    url: str

    @property
    def share(self) -> int:
        return round(100 * self.in_time / self.many) if self.many else 0


def standings(seen: Viewer, context: Context) -> list[Standing]:
    """One for each grade that has a rhythm."""
    book, today, found = rulebook(context), context.today, []
    steps = {grade: _steps(book, grade, today) for grade in Grade}
    spoken = {
        grade: Q(grade=grade, last_contact_at__gte=day_bounds(_back(some[0], today))[0])
        for grade, some in steps.items()
        if some
    }
    taking_part = Customer.objects.visible_to(seen).live().filter(customer_type__in=book.types)
    asked = {f"all_{grade}": Count("pk", filter=Q(grade=grade)) for grade in spoken}
    asked |= {f"in_time_{grade}": Count("pk", filter=wanted) for grade, wanted in spoken.items()}
    counted = taking_part.aggregate(**asked) if asked else {}
    for grade in spoken:
        some = steps[grade]
        words = "、".join(step.name for step in some)
        since = max(step.valid_from for step in some)
        counts = counted[f"all_{grade}"], counted[f"in_time_{grade}"]
        url = list_url(view="team", grade=grade.value, sort="last_contact_at")
        found.append(Standing(grade.value, words, since, *counts, url))
    return found


def _steps(book: Rulebook, grade: str, today: date) -> list[Step]:
    found = (book.in_effect(grade, rhythm, today) for rhythm in Rhythm.values)
    return [step for step in found if step and step.is_active]


def _back(step: Step, today: date) -> date:
    """The day on or after which somebody was to be spoken to, to be in time today."""
    return today - (step.after(today) - today)


def doors(user: User) -> list[tuple[str, str]]:
    """Where rules are changed: name and address, as far as the user may."""
    return [(str(label), address(door)) for label, door, right in RULES if user.can(right)]
