"""The figures of a period beside those of the one before, and the curves of six months."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from statistics import median
from typing import NamedTuple

from django.utils.translation import gettext as _

from kebu.base.fields.choices import Use
from kebu.base.fields.directories import Context
from kebu.base.kit.dates import local_day
from kebu.crm.customers.choices import CustomerType
from kebu.crm.customers.fields import CUSTOMER_FIELDS
from kebu.crm.customers.models import Customer
from kebu.crm.lifecycle.models import TypeTurn
from kebu.front.reviews.ledger import Ledger, share
from kebu.front.reviews.periods import Month, Period
from kebu.front.reviews.working import Work

SIX = 6
Lists = Callable[[str], str]  # the address of the list behind a figure: new, won, lost


def in_words(number: float | None) -> str:
    """1,204 or 95.3."""
    return "" if number is None else f"{number:,.1f}".removesuffix(".0")


@dataclass(frozen=True, slots=True)
class Figure:
    """A number of the period and the one before; ``unit`` stands behind it, ``note`` explains it, ``url`` is
    the list of what it counts."""

    label: str
    number: float | None
    before: float | None
    unit: str = ""
    note: str = ""
    url: str = ""
    less_is_better: bool = False

    @property
    def told(self) -> str:
        return in_words(self.number)

    @property
    def told_before(self) -> str:
        return in_words(self.before)

    @property
    def told_change(self) -> str:
        return f"{'+' if (self.change or 0) > 0 else ''}{in_words(self.change)}"

    @property
    def change(self) -> float | None:
        if self.number is None or self.before is None:
            return None
        return round(self.number - self.before, 1)

    @property
    def tone(self) -> str:
        """Whether the change is good."""
        if not self.change:
            return ""
        return "won" if (self.change < 0) == self.less_is_better else "overdue"


def churned(ledger: Ledger, period: Period) -> float | None:
    """客户流失率: of the 成交客户 at the beginning of the period, how many were lost in it."""
    lost = [one for one in ledger.became(period, CustomerType.LOST) if one.before == CustomerType.WON]
    return share(len(lost), ledger.stock(CustomerType.WON, period.first))


def is_beginning_open(context: Context) -> bool:
    """Whether the reader may read 首次接触时间."""
    return CUSTOMER_FIELDS["first_contact_on"].allows(Use.READ, context)


def began_of(first_contact_on: date | None, created_at: datetime, *, is_open: bool) -> date:
    """From which day 成单周期 is counted: the first contact, where that is known and open, or the day the
    customer was made."""
    return (first_contact_on if is_open else None) or local_day(created_at)


class Cycles(NamedTuple):
    """成单周期 of those won in a period, by customer: days from 首次接触时间, or the day it was made."""

    days: Mapping[int, int]

    @classmethod
    def of(cls, ledger: Ledger, period: Period, context: Context) -> "Cycles":
        """Read when they began, in one statement; who may not read 首次接触时间 counts from the day they were
        made."""
        is_open = is_beginning_open(context)
        won = ledger.became(period, CustomerType.WON)
        turned = TypeTurn.objects.filter(after=CustomerType.WON, at__gte=period.start, at__lt=period.end)
        rows = Customer.objects.filter(pk__in=turned.values("customer"))
        began = {
            pk: began_of(first, made, is_open=is_open)
            for pk, first, made in rows.values_list("pk", "first_contact_on", "created_at")
        }
        ended = {one.customer_id: local_day(one.at) for one in won if one.customer_id in began}
        return cls({pk: max((day - began[pk]).days, 0) for pk, day in ended.items()})

    @property
    def mean(self) -> float | None:
        return round(sum(self.days.values()) / len(self.days), 1) if self.days else None

    @property
    def median(self) -> float | None:
        return round(float(median(self.days.values())), 1) if self.days else None


def arrivals(ledger: Ledger, period: Period, lists: Lists) -> Figure:
    """新增客户."""
    many, before = (ledger.arrived(one).total() for one in (period, period.before))
    return Figure(_("新增客户"), many, before, url=lists("new"))


def results(ledger: Ledger, period: Period, days: Cycles, context: Context, lists: Lists) -> list[Figure]:
    """What became of customers, and how long it took."""
    before = period.before
    days_before = Cycles.of(ledger, before, context)
    won, lost = (ledger.became(period, kind) for kind in (CustomerType.WON, CustomerType.LOST))
    won_before, lost_before = (ledger.became(before, kind) for kind in (CustomerType.WON, CustomerType.LOST))
    note = _("从首次接触到成交")
    if days.median is not None:
        note = _("从首次接触到成交，中位数%(days)s天") % {"days": in_words(days.median)}
    rates = churned(ledger, period), churned(ledger, before)
    whole, other = _("成交客户里流失的，除以期初的成交客户数"), _("从别的类型变成成交客户的")
    return [
        Figure(_("成交客户"), len(won), len(won_before), note=other, url=lists("won")),
        Figure(_("流失客户"), len(lost), len(lost_before), url=lists("lost"), less_is_better=True),
        Figure(_("客户流失率"), *rates, "%", whole, less_is_better=True),
        Figure(_("平均成单周期"), days.mean, days_before.mean, _("天"), note, less_is_better=True),
    ]


def habits(work: Work, former: Work) -> list[Figure]:
    """How people worked."""
    in_time = _("到期的跟进计划里，截止前完成的")
    return [
        Figure(_("跟进"), work.talks, former.talks, _("次")),
        Figure(_("24小时内记录"), work.on_time, former.on_time, "%"),
        Figure(_("跟进响应率"), work.answered, former.answered, "%", in_time),
        Figure(_("承诺兑现率"), work.kept, former.kept, "%", _("我方承诺，按期兑现的")),
    ]


class Point(NamedTuple):
    """A month of the curves."""

    month: Month
    came: int
    won: int
    churned: float | None
    is_unfinished: bool


def trend(ledger: Ledger, last: Month, now: datetime) -> list[Point]:
    """新增客户数, 成交客户数, 客户流失率 of the six months until then (S0-38)."""
    months = [Period(last.later(count), 1) for count in range(1 - SIX, 1)]
    return [
        Point(
            one.first,
            ledger.arrived(one).total(),
            len(ledger.became(one, CustomerType.WON)),
            churned(ledger, one),
            one.end > now,
        )
        for one in months
    ]
