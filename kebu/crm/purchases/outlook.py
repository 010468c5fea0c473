"""What a rule would come to: of how many customers it finds that they buy more, before it takes effect."""

from datetime import date
from typing import NamedTuple

from kebu.crm.purchases.growth import Rule
from kebu.crm.purchases.rises import windows
from kebu.crm.purchases.tasks import CHUNK, concerned

MOST = 10_000  # of more customers so many, evenly spread, stand for all


class Outlook(NamedTuple):
    """How many customers buy more as of today; ``looked`` of the ``total`` who bought were reckoned."""

    found: int
    looked: int
    total: int

    @property
    def is_estimate(self) -> bool:
        return self.looked < self.total


def outlook(rule: Rule, today: date) -> Outlook:
    """Of whom it finds today that they buy more, whether it was found before or not."""
    keys = list(concerned(rule, today).order_by("pk").values_list("pk", flat=True))
    looked, found = keys[:: -(-len(keys) // MOST) or 1], 0
    for start in range(0, len(looked), CHUNK):
        part = [(pk, today) for pk in looked[start : start + CHUNK]]
        found += sum(one.grown(rule.percent) is not None for one in windows(part, rule.days).values())
    share = len(keys) / len(looked) if looked else 1
    return Outlook(round(found * share), len(looked), len(keys))
