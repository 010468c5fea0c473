"""Who of the team works how, and whose way stands out (S0-36)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from kebu.base.fields.directories import Directory
from kebu.front.reviews.deals import Deal
from kebu.front.reviews.ledger import Turn
from kebu.front.reviews.working import Work

CASES, PLANS = 3, 5  # of fewer deals, plans or talks nothing is said
QUICKER, POINTS = 0.2, 15  # a fifth of the days; points of a hundred


@dataclass(frozen=True, slots=True)
class Person:
    """One of the team, or who was: what he did, and what stands out against all together."""

    pk: int
    name: str
    is_active: bool
    work: Work
    good: Sequence[str]
    bad: Sequence[str]


def people(
    won: Sequence[Turn],
    lost: Sequence[Turn],
    deals: Mapping[int, Deal],
    every: Work,
    found: Mapping[int, Work],
    staff: Directory,
) -> list[Person]:
    """Who did something, most deals first, then most talks. Deals and losses count for whose the customer was
    then; ``deals`` tells what each of them took."""
    works = dict(found)
    for one in won:
        if one.customer_id in deals:
            every.deals.append(deals[one.customer_id])
            if one.owner_id is not None:
                works.setdefault(one.owner_id, Work()).deals.append(deals[one.customer_id])
    for one in lost:
        if one.owner_id is not None:
            works.setdefault(one.owner_id, Work()).lost += 1
    rows = [
        Person(pk, entry.name, entry.is_active, work, *_told(work, every))
        for pk, work in works.items()
        if (entry := staff.by_key.get(pk)) is not None
    ]
    return sorted(rows, key=lambda one: (-one.work.won, -one.work.talks, one.name))


def _told(work: Work, every: Work) -> tuple[list[str], list[str]]:
    """What is better and what is worse than with all together, each with both figures."""
    good: list[str] = []
    bad: list[str] = []
    if work.won >= CASES:
        _tell_deals(work, every, good, bad)
    _tell_shares(work, every, good, bad)
    return good, bad


def _tell_deals(work: Work, every: Work, good: list[str], bad: list[str]) -> None:
    """Days and follow-ups of a deal: fewer is better."""
    for own, all_, better, worse in (
        (
            work.cycle,
            every.cycle,
            _("成单平均%(own)s天，快于团队的%(all)s天"),
            _("成单平均%(own)s天，慢于团队的%(all)s天"),
        ),
        (
            work.per_deal,
            every.per_deal,
            _("每单跟进%(own)s次，少于团队的%(all)s次"),
            _("每单跟进%(own)s次，多于团队的%(all)s次"),
        ),
    ):
        if own is None or not all_:
            continue
        told = {"own": f"{own:g}", "all": f"{all_:g}"}
        if own <= all_ * (1 - QUICKER):
            good.append(better % told)
        elif own >= all_ * (1 + QUICKER):
            bad.append(worse % told)


def _tell_shares(work: Work, every: Work, good: list[str], bad: list[str]) -> None:
    """Plans, promises, records in time: more is better."""
    for own, all_, count, label in (
        (work.answered, every.answered, work.due, _("响应率")),
        (work.kept, every.kept, work.promised, _("承诺兑现率")),
        (work.on_time, every.on_time, work.talks, _("24小时内记录")),
    ):
        if own is None or all_ is None or count < PLANS:
            continue
        told = {"label": label, "own": f"{own:g}", "all": f"{all_:g}"}
        if own >= all_ + POINTS:
            good.append(_("%(label)s%(own)s%%，高于团队的%(all)s%%") % told)
        elif own <= all_ - POINTS:
            bad.append(_("%(label)s%(own)s%%，低于团队的%(all)s%%") % told)
