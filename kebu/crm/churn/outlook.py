"""What rules would come to: how many warnings of each level, before they take effect."""

from collections import Counter
from datetime import date
from typing import NamedTuple

from kebu.crm.churn.choices import Risk
from kebu.crm.churn.engine import foreseen
from kebu.crm.churn.signs import Rules, risk
from kebu.crm.customers.choices import CustomerType
from kebu.crm.customers.models import Customer

CHUNK, MOST = 2000, 10_000  # of more customers so many, evenly spread, stand for all


class Outlook(NamedTuple):
    """How many warnings, by level; ``looked`` of the ``total`` who bought were reckoned."""

    watch: int
    warn: int
    danger: int
    looked: int
    total: int

    @property
    def sum(self) -> int:
        return self.watch + self.warn + self.danger

    @property
    def is_estimate(self) -> bool:
        return self.looked < self.total


def outlook(rules: Rules, today: date) -> Outlook:
    """The warnings that these signals would make, whatever somebody has settled."""
    bought = Customer.objects.live().filter(customer_type=CustomerType.WON).order_by("pk")
    keys = list(bought.values_list("pk", flat=True))
    looked = keys[:: -(-len(keys) // MOST) or 1]
    found: Counter[Risk] = Counter()
    for start in range(0, len(looked), CHUNK):
        told = foreseen(looked[start : start + CHUNK], rules, today).values()
        found.update(risk(signals, rules) for signals in told if signals)
    share = len(keys) / len(looked) if looked else 1
    watch, warn, danger = (round(found[level] * share) for level in (Risk.WATCH, Risk.WARN, Risk.DANGER))
    return Outlook(watch, warn, danger, len(looked), len(keys))
