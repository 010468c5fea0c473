"""The figures of a period beside those of the one before, and the curves of six months."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.utils.translation import gettext as _

from kebu.crm.customers.choices import CustomerType
from kebu.front.reviews.deals import Deal, mean_days, mean_talks, median_days
from kebu.front.reviews.ledger import Ledger, share
from kebu.front.reviews.periods import Month, Period
from kebu.front.reviews.working import Work

SIX = 6
Won = Mapping[int, Deal]
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


def arrivals(ledger: Ledger, period: Period, lists: Lists) -> Figure:
    """新增客户."""
    many, before = (ledger.arrived(one).total() for one in (period, period.before))
    return Figure(_("新增客户"), many, before, url=lists("new"))


def results(ledger: Ledger, period: Period, won: Won, won_before: Won, lists: Lists) -> list[Figure]:
    """What became of customers, and how long it took."""
    before = period.before
    lost, lost_before = (len(ledger.became(one, CustomerType.LOST)) for one in (period, before))
    days, days_before = mean_days(won.values()), mean_days(won_before.values())
    note, middle = _("从首次接触到成交"), median_days(won.values())
    if middle is not None:
        note = _("从首次接触到成交，中位数%(days)s天") % {"days": in_words(middle)}
    rates = churned(ledger, period), churned(ledger, before)
    whole, other = _("成交客户里流失的，除以期初的成交客户数"), _("从别的类型变成成交客户的")
    return [
        Figure(_("成交客户"), len(won), len(won_before), note=other, url=lists("won")),
        Figure(_("流失客户"), lost, lost_before, url=lists("lost"), less_is_better=True),
        Figure(_("客户流失率"), *rates, "%", whole, less_is_better=True),
        Figure(_("平均成单周期"), days, days_before, _("天"), note, less_is_better=True),
    ]


def habits(work: Work, former: Work, won: Won, won_before: Won) -> list[Figure]:
    """How people worked."""
    in_time, until = _("到期的跟进计划里，截止前完成的"), _("一单成交以前一共跟进的次数")
    talks, talks_before = mean_talks(won.values()), mean_talks(won_before.values())
    return [
        Figure(_("跟进"), work.talks, former.talks, _("次")),
        Figure(_("每单跟进"), talks, talks_before, _("次"), until, less_is_better=True),
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
