"""Whether a customer buys more than before: pure functions over what it bought.

Two stretches of equally many days lie side by side: the last ``days`` with the day itself, and as many before
them. They are compared by what all purchases of both tell: by the amounts in 元 where each has one, else by
the quantities where each has one and all are of one unit; else not at all. Sums are exact (Decimal).
"""

from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from django.utils.translation import gettext as _

from kebu.base.fields.numbers import canonical
from kebu.base.kit.money import currency, format_amount
from kebu.crm.purchases.choices import Measure

WHOLE = Decimal(100)


class Rule(NamedTuple):
    """What counts as growth: more than ``percent`` % within ``days`` days against as many before."""

    percent: int = 20
    days: int = 90


class Bought(NamedTuple):
    """One purchase as growth looks at it: on which day, how much in 元, how many of which unit."""

    on: date
    amount: Decimal | None
    quantity: Decimal | None
    unit: str


@dataclass(slots=True)
class Stretch:
    """What was bought within a stretch of days: a sum is None once a purchase has no part of it."""

    many: int = 0
    amount: Decimal | None = Decimal(0)
    quantity: Decimal | None = Decimal(0)
    unit: str = ""

    def add(self, one: Bought) -> None:
        """Reckon one purchase in."""
        is_other = self.many > 0 and one.unit != self.unit
        self.amount = _sum(self.amount, one.amount)
        self.quantity = None if is_other else _sum(self.quantity, one.quantity)
        self.unit = one.unit
        self.many += 1


def _sum(so_far: Decimal | None, more: Decimal | None) -> Decimal | None:
    return None if so_far is None or more is None else so_far + more


class Compared(NamedTuple):
    """Two stretches of ``days`` days by one measure: the sum before and the sum now, in 元 or in the unit."""

    measure: Measure
    unit: str
    before: Decimal
    now: Decimal
    days: int

    def exceeds(self, percent: int) -> bool:
        """Whether it grew by more than so many percent; exactly so many is not more, and from nothing nothing
        grows."""
        return self.before > 0 and self.now * WHOLE > self.before * (WHOLE + percent)

    def sentence(self, percent: int) -> str:
        """The two sums and what lies between them: 近90天采购52.4万元，之前90天40万元，多31%. The percentage
        is rounded as coarsely as it can be and still stand on its side of ``percent``."""
        told = {"days": self.days, "now": self._told(self.now), "before": self._told(self.before)}
        if not self.now:
            return _("近%(days)d天没有采购，之前%(days)d天%(before)s") % told
        if not self.before:
            return _("近%(days)d天采购%(now)s，之前%(days)d天没有采购") % told
        if self.now == self.before:
            return _("近%(days)d天采购%(now)s，和之前%(days)d天一样多") % told
        if self.now < self.before:
            told["share"] = self._share(0)
            return _("近%(days)d天采购%(now)s，之前%(days)d天%(before)s，少%(share)s%%") % told
        told["share"] = self._share(percent)
        return _("近%(days)d天采购%(now)s，之前%(days)d天%(before)s，多%(share)s%%") % told

    def _told(self, value: Decimal) -> str:
        if self.measure == Measure.QUANTITY:
            return f"{canonical(value):,f}{self.unit}"
        text = format_amount(value)
        return text if text.endswith(currency()) else text + currency()

    def _share(self, percent: int) -> str:
        """How many percent lie between the sums, whichever is the larger."""
        share = abs(self.now - self.before) * WHOLE / self.before
        for places in range(8):
            rounded = share.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
            if (rounded > percent) == (share > percent):
                return f"{canonical(rounded):,f}"
        return f"{share:,f}"


@dataclass(slots=True)
class Window:
    """The two stretches that end on ``day``, that day included; it takes no more room for more purchases."""

    day: date
    days: int
    before: Stretch = field(default_factory=Stretch)
    now: Stretch = field(default_factory=Stretch)

    def add(self, one: Bought) -> None:
        """Reckon one purchase into the stretch in which it lies, if it lies in one."""
        age = (self.day - one.on).days
        if 0 <= age < self.days:
            self.now.add(one)
        elif self.days <= age < 2 * self.days:
            self.before.add(one)

    @property
    def is_empty(self) -> bool:
        """Whether nothing was bought in either."""
        return not (self.before.many or self.now.many)

    @property
    def compared(self) -> Compared | None:
        """One held against the other; None where nothing was bought, or nothing is told of all."""
        before, now = self.before, self.now
        if self.is_empty:
            return None
        if before.amount is not None and now.amount is not None:
            return Compared(Measure.AMOUNT, "", before.amount, now.amount, self.days)
        is_one_unit = before.unit == now.unit or not (before.many and now.many)
        if before.quantity is None or now.quantity is None or not is_one_unit:
            return None
        return Compared(Measure.QUANTITY, now.unit or before.unit, before.quantity, now.quantity, self.days)

    def grown(self, percent: int) -> Compared | None:
        """The comparison, where it grew by more than so many percent."""
        found = self.compared
        return found if found is not None and found.exceeds(percent) else None

    @property
    def reason(self) -> str:
        """Why the stretches cannot be compared; "" where they can, or there is nothing to compare."""
        if self.is_empty or self.compared is not None:
            return ""
        told = {"days": self.days}
        return _("近%(days)d天和之前%(days)d天的采购有的没写金额，数量也不是同一个单位，比不出增减") % told
