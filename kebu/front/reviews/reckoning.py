"""A review whole: what its page shows and its file holds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import urlencode

from django.utils import timezone

from kebu.crm.customers.choices import CustomerType, Grade
from kebu.crm.customers.models import Customer
from kebu.front.desk.queries import list_url
from kebu.front.reviews.asking import Asked
from kebu.front.reviews.deals import deals
from kebu.front.reviews.figures import SIX, Figure, Point, arrivals, habits, results, trend
from kebu.front.reviews.ledger import Ledger, Passage
from kebu.front.reviews.lists import turned
from kebu.front.reviews.people import Person, people
from kebu.front.reviews.periods import Month
from kebu.front.reviews.standing import Standing, standings
from kebu.front.reviews.traits import Crowd, Portrait, portrait
from kebu.front.reviews.working import work_of, work_of_all
from kebu.office.staff.fields import STAFF


@dataclass(frozen=True, slots=True)
class Review:
    """Everything that is told of a period; ``is_bare`` where there is not one customer."""

    figures: Sequence[Figure]
    points: Sequence[Point]
    passages: Sequence[Passage]
    people: Sequence[Person]
    lost: Portrait
    best: Portrait
    standings: Sequence[Standing]
    is_bare: bool

    @classmethod
    def of(cls, asked: Asked) -> "Review":
        """Reckon it."""
        seen, period, context = asked.seen, asked.period, asked.context
        ledger = Ledger.of(seen, min(period.before.first, period.first.later(1 - SIX)))
        (work, each), former = work_of(seen, period), work_of_all(seen, period.before)
        now_won, now_lost = (ledger.became(period, kind) for kind in (CustomerType.WON, CustomerType.LOST))
        won = deals(now_won, period, context)
        won_before = deals(ledger.became(period.before, CustomerType.WON), period.before, context)
        staff = context.directory(STAFF)
        came = arrivals(ledger, period, asked.list)
        became = results(ledger, period, won, won_before, asked.list)
        last = min(period.last, Month.of(context.today))
        lost, best = _portraits(asked)
        return cls(
            [came, *became, *habits(work, former, won, won_before)],
            trend(ledger, last, timezone.now()),
            ledger.passages(period),
            people(now_won, now_lost, won, work, each, staff),
            lost,
            best,
            standings(asked.whose, period, context) if period.is_quarter else [],
            not ledger.present.total(),
        )


def _portraits(asked: Asked) -> tuple[Portrait, Portrait]:
    """What those lost in the period, and what valuable customers, have in common."""
    every = Customer.objects.visible_to(asked.seen)
    crowd = Crowd(every, asked.context)
    gone = every.filter(pk__in=turned(asked.seen, asked.period, CustomerType.LOST.value).values("customer"))
    of_lost = partial(_narrowed, asked.list(CustomerType.LOST.value))
    same = asked.whose.in_list
    of_best = partial(_narrowed, "" if same is None else list_url(view="team", grade=Grade.A.value, **same))
    lost = portrait(gone, crowd, of_lost)
    best = portrait(every.live().filter(grade=Grade.A), crowd, of_best, without="grade")
    return lost, best


def _narrowed(url: str, values: Mapping[str, Any]) -> str:
    return url and f"{url}&{urlencode(values)}"
