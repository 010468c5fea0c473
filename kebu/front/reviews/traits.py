"""What some customers have in common, held against all of them (S0-37, S1-22)."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
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
CHUNK = 2_000
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


@dataclass(frozen=True)
class Crowd:
    """All customers, counted by what they are held against: read once for several portraits."""

    rows: CustomerQuerySet
    context: Context

    @cached_property
    def names(self) -> list[str]:
        """The fields by which customers are told apart; those that are closed to the reader tell nothing."""
        return [name for name in BY if CUSTOMER_FIELDS[name].allows(Use.FILTER, self.context)]

    @cached_property
    def counts(self) -> Mapping[str, Mapping[Any, int]]:
        """How many there are of each value."""
        rows = self.rows.order_by()
        return {name: dict(rows.values_list(name).annotate(many=Count("pk"))) for name in self.names}

    @cached_property
    def few_and_all(self) -> tuple[int, int]:
        """With how many somebody spoke seldom, and how many there are."""
        few = Count("pk", filter=Q(interaction_count__lt=FEW_TALKS))
        found = self.rows.aggregate(few=few, every=Count("pk"))
        return found["few"], found["every"]


def portrait(some: QuerySet[Customer], crowd: Crowd, url: Address, *, without: str = "") -> Portrait:
    """Hold ``some`` customers against all. ``url`` leads to those of them with a trait."""
    names = [name for name in crowd.names if name != without]
    counts: dict[str, Counter[Any]] = {name: Counter() for name in names}
    few = count = 0
    for talks, *values in some.order_by().values_list("interaction_count", *names).iterator(CHUNK):
        count += 1
        few += talks < FEW_TALKS
        for name, value in zip(names, values, strict=True):
            counts[name][value] += 1
    if count < LEAST:
        return Portrait(count)
    few_of_all, whole = crowd.few_and_all
    found = [trait for name in names for trait in _traits(name, counts[name], count, crowd, url)]
    found.sort(key=lambda one: (one.share_of_all - one.share, one.label, one.value))
    return Portrait(count, found[:SHOWN], round(100 * few / count), round(100 * few_of_all / whole))


def _traits(name: str, counts: Counter[Any], count: int, crowd: Crowd, url: Address) -> Iterator[Trait]:
    """The values of a field that stand out."""
    item, whole = CUSTOMER_FIELDS[name], crowd.few_and_all[1]
    for value, many in counts.items():
        shares = round(100 * many / count), round(100 * crowd.counts[name].get(value, 0) / whole)
        if value in (None, "") or many < ENOUGH or shares[0] - shares[1] < MORE:
            continue
        yield Trait(item.label, item.shown(value, crowd.context), many, *shares, url({name: value}))


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
