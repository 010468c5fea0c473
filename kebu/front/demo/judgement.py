"""What the sellers of the demo think a customer is worth, from what is known of it: tier and potential."""

import random
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

BUDGET_POINTS = ((1_000_000, 30), (500_000, 24), (200_000, 16), (1, 8))
PEOPLE_POINTS = {"lt50": 4, "50_100": 8, "100_500": 14, "500_1000": 18, "gte1000": 22}
URGENCY_POINTS = {"high": 14, "medium": 9, "low": 3}
GROWTH_POINTS = {"growth": 12, "startup": 7, "mature": 4}
PROMISING = 70
VIP_BUDGET, ORDINARY_BUDGET = 300_000, 100_000


def judged(values: Mapping[str, Any], is_won: bool, is_lost: bool, rng: random.Random) -> dict[str, Any]:
    """The fields a seller fills in after some talks: nothing of somebody nobody has spoken to yet."""
    talks = values["interaction_count"]
    if not talks:
        return {}
    score = _score(values, talks, is_lost) + rng.randint(-8, 8)
    score = max(5, min(98, score))
    told: dict[str, Any] = {} if rng.random() < 0.2 else {"potential_score": score}
    tier = _tier(_budget(values), score, is_won, is_lost, rng)
    return told | ({"value_tier": tier} if tier else {})


def _budget(values: Mapping[str, Any]) -> Decimal:
    budget = values.get("budget")
    return (budget.max or budget.min or Decimal(0)) if budget else Decimal(0)


def _score(values: Mapping[str, Any], talks: int, is_lost: bool) -> int:
    amount = _budget(values)
    points = next((given for least, given in BUDGET_POINTS if amount >= least), 10)
    points += PEOPLE_POINTS.get(values["headcount"], 8) + URGENCY_POINTS.get(values["urgency"], 5)
    points += GROWTH_POINTS.get(values.get("development_stage", ""), 6) + 2 * min(talks, 7)
    return points // 2 if is_lost else points


def _tier(budget: Decimal, score: int, is_won: bool, is_lost: bool, rng: random.Random) -> str:
    """Who buys is known by what he spends; who does not yet, by what may come of it."""
    if is_won and not is_lost:
        if budget >= VIP_BUDGET:
            return "vip" if rng.random() < 0.85 else "middle"
        return "middle" if budget >= ORDINARY_BUDGET or rng.random() < 0.5 else "ordinary"
    if score >= PROMISING and not is_lost:
        return "promise"
    return "ordinary" if is_lost or rng.random() < 0.25 else ""
