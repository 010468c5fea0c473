"""What some customers have in common, held against all of them (S0-37, S1-22)."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from kebu.base.fields.choices import Use
from kebu.base.fields.directories import Context
from kebu.crm.customers.fields import CUSTOMER_FIELDS
from kebu.crm.customers.models import Customer, CustomerQuerySet

BY = ("industry", "source", "region", "headcount", "grade")
LEAST = 5  # of fewer nothing is claimed
FEW_TALKS, ENOUGH, MORE = 3, 3, 10  # talks; customers of a trait; points of a hundred above all the others
SHOWN = 6
Address = Callable[[Mapping[str, Any]], str]  # of a list narrowed by a trait


class Trait(NamedTuple):
    """A value that stands out: 零售业, 45% of these and 18% of all."""

    label: str
    value: str
    many: int
    share: int
    share_of_all: int
    url: str


@dataclass(frozen=True, slots=True)
class Portrait:
    """What a set of customers looks like; nothing is claimed of few."""

    count: int
    traits: Sequence[Trait] = ()
    few_talks: int = 0  # hundredths with fewer than three follow-ups
    few_talks_of_all: int = 0

    @property
    def is_enough(self) -> bool:
        return self.count >= LEAST


def portrait(
    some: QuerySet[Customer], every: CustomerQuerySet, context: Context, url: Address, *, without: str = ""
) -> Portrait:
    """Hold ``some`` customers against ``every``; fields that are closed to the reader tell nothing. ``url``
    leads to those of them with a trait."""
    count = some.count()
    if count < LEAST:
        return Portrait(count)
    whole = every.count()
    found: list[Trait] = []
    for name in BY:
        item = CUSTOMER_FIELDS[name]
        if name == without or not item.allows(Use.FILTER, context):
            continue
        all_of = _counts(every, name)
        for value, many in _counts(some, name).items():
            shares = round(100 * many / count), round(100 * all_of[value] / whole)
            if value in (None, "") or many < ENOUGH or shares[0] - shares[1] < MORE:
                continue
            told = (item.label, item.shown(value, context), many, *shares)
            found.append(Trait(*told, url({name: value})))
    found.sort(key=lambda one: (one.share_of_all - one.share, one.label, one.value))
    return Portrait(count, found[:SHOWN], _few_talks(some, count), _few_talks(every, whole))


def _counts(rows: QuerySet[Customer], name: str) -> Counter[Any]:
    return Counter(dict(rows.order_by().values_list(name).annotate(many=Count("pk"))))


def _few_talks(rows: QuerySet[Customer], whole: int) -> int:
    few: int = rows.aggregate(few=Count("pk", filter=Q(interaction_count__lt=FEW_TALKS)))["few"]
    return round(100 * few / whole)


def sentence(found: Portrait) -> str:
    """主要来自零售业（占45%，全部客户里18%）；62%的跟进次数少于3次."""
    parts = [
        _("%(label)s%(value)s占%(share)d%%（全部客户里%(all)d%%）")
        % {"label": one.label, "value": one.value, "share": one.share, "all": one.share_of_all}
        for one in found.traits[:2]
    ]
    if not parts:
        parts = [_("行业、来源、地区、规模和全部客户没有明显差别")]
    return "；".join([*parts, _("%(share)d%%的跟进次数少于3次") % {"share": found.few_talks}])
