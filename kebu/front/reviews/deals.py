"""What the deals of a period took: days from the first contact, and follow-ups."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from statistics import median
from typing import NamedTuple

from django.db.models import Count, F, Q

from kebu.base.fields.choices import Use
from kebu.base.fields.directories import Context
from kebu.base.kit.dates import local_day
from kebu.crm.customers.choices import CustomerType
from kebu.crm.customers.fields import CUSTOMER_FIELDS
from kebu.crm.lifecycle.models import TypeTurn
from kebu.front.reviews.ledger import Turn
from kebu.front.reviews.periods import Period


class Deal(NamedTuple):
    """A customer won: 成单周期 in days, and how often somebody spoke to it until then."""

    days: int
    talks: int


def is_beginning_open(context: Context) -> bool:
    """Whether the reader may read 首次接触时间."""
    return CUSTOMER_FIELDS["first_contact_on"].allows(Use.READ, context)


def began_of(first_contact_on: date | None, created_at: datetime, *, is_open: bool) -> date:
    """From which day 成单周期 is counted: the first contact, where that is known and open, or the day the
    customer was made."""
    return (first_contact_on if is_open else None) or local_day(created_at)


def deals(won: Sequence[Turn], period: Period, context: Context) -> Mapping[int, Deal]:
    """By customer, in one statement; who may not read 首次接触时间 counts from the day they were made."""
    if not won:
        return {}
    is_open, ended = is_beginning_open(context), {(one.customer_id, one.at) for one in won}
    rows = TypeTurn.objects.filter(after=CustomerType.WON, at__gte=period.start, at__lt=period.end)
    until = Q(customer__interactions__happened_at__lte=F("at"))
    talks = Count("customer__interactions", filter=until)
    names = ("customer_id", "at", "customer__first_contact_on", "customer__created_at")
    found = {}
    for pk, at, first, made, many in rows.order_by().values_list(*names).annotate(talks=talks):
        if (pk, at) in ended:
            began = began_of(first, made, is_open=is_open)
            found[pk] = Deal(max((local_day(at) - began).days, 0), many)
    return found


def mean_days(some: Collection[Deal]) -> float | None:
    """平均成单周期; None of nothing."""
    return round(sum(one.days for one in some) / len(some), 1) if some else None


def median_days(some: Collection[Deal]) -> float | None:
    """The same in the middle."""
    return round(float(median(one.days for one in some)), 1) if some else None


def mean_talks(some: Collection[Deal]) -> float | None:
    """每单跟进: follow-ups until the deal, on average."""
    return round(sum(one.talks for one in some) / len(some), 1) if some else None
