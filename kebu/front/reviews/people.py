"""Who of the team works how, and whose way stands out (S0-36)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from kebu.front.reviews.ledger import Turn
from kebu.front.reviews.working import Work

CASES, PLANS = 3, 5  # of fewer deals, plans or talks nothing is said
QUICKER, POINTS = 0.2, 15  # a fifth of the days; points of a hundred


@dataclass(frozen=True, slots=True)
class Person:
    """One of the team: what he did, and what stands out against all together."""

    pk: int
    name: str
    work: Work
    good: Sequence[str]
    bad: Sequence[str]


def people(
    won: Sequence[Turn],
    days: Mapping[int, int],
    every: Work,
    found: Mapping[int, Work],
    names: Mapping[int, str],
) -> list[Person]:
    """Who did something, most deals first, then most talks. Deals count for whose the customer was then;
    ``days`` tells how long each of them took."""
    works = dict(found)
    for one in won:
        if one.customer_id in days:
            every.days.append(days[one.customer_id])
            if one.owner_id is not None:
                works.setdefault(one.owner_id, Work()).days.append(days[one.customer_id])
    rows = [Person(pk, names[pk], work, *_told(work, every)) for pk, work in works.items() if pk in names]
    return sorted(rows, key=lambda one: (-one.work.won, -one.work.talks, one.name))


def _told(work: Work, every: Work) -> tuple[list[str], list[str]]:
    """What is better and what is worse than with all together, each with both figures."""
    good: list[str] = []
    bad: list[str] = []
    if work.won >= CASES and work.cycle is not None and every.cycle:
        told = {"own": f"{work.cycle:g}", "all": f"{every.cycle:g}"}
        if work.cycle <= every.cycle * (1 - QUICKER):
            good.append(_("成单平均%(own)s天，快于团队的%(all)s天") % told)
        elif work.cycle >= every.cycle * (1 + QUICKER):
            bad.append(_("成单平均%(own)s天，慢于团队的%(all)s天") % told)
    for own, all_, count, label in (
        (work.answered, every.answered, work.due, _("响应率")),
        (work.on_time, every.on_time, work.talks, _("24小时内记录")),
    ):
        if own is None or all_ is None or count < PLANS:
            continue
        told = {"label": label, "own": f"{own:g}", "all": f"{all_:g}"}
        if own >= all_ + POINTS:
            good.append(_("%(label)s%(own)s%%，高于团队的%(all)s%%") % told)
        elif own <= all_ - POINTS:
            bad.append(_("%(label)s%(own)s%%，低于团队的%(all)s%%") % told)
    return good, bad
