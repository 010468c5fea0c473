"""Customers and their histories from a seed: pure data, nothing is written here."""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from kebu.base.kit.dates import SHANGHAI
from kebu.base.kit.money import AmountRange
from kebu.front.demo import places
from kebu.front.demo.judgement import judged
from kebu.front.demo.promises import promised_in
from kebu.front.demo.stories import SCENES, STAGE_ORDER, Scene

SPAN_DAYS = 540  # histories reach back 18 months
HANDED = (2, 3)  # from the end: given to the first seller these days, nobody has spoken to them yet
JUST = timedelta(minutes=20)  # the latest of what was told is not of this very moment
NOTHING_YET = -2  # wanted contacts: none, whatever chance adds
MOBILE_HEADS = ("138", "139", "136", "137", "158", "159", "186", "188", "177", "133")
TYPE_OF_STAGE = {"first_contact": "potential", "need_analysis": "prospect", "won": "won"}
BUDGETS: tuple[tuple[int | None, int | None], ...] = (
    (5, 10),
    (10, 20),
    (20, 30),
    (30, 50),
    (50, 80),
    (80, 90),
    (100, 200),
    (200, None),
    (None, 20),
)
HEADCOUNTS = ("lt50", "50_100", "100_500", "100_500", "500_1000", "gte1000")


@dataclass(slots=True)
class Episode:
    """One interaction to be written."""

    happened_at: datetime
    recorded_at: datetime
    values: dict[str, Any]


@dataclass(slots=True)
class Portrait:
    """One customer to be written: values by field name, contacts, the day it came, its history."""

    values: dict[str, Any]
    contacts: list[dict[str, Any]]
    came_at: datetime
    history: list[Episode] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Keys:
    """Keys of what the customers point at: stages by code, sources, owners (sellers) and the one who
    serves."""

    stages: Mapping[str, int]
    sources: Sequence[int]
    owners: Sequence[int]
    servant: int | None


def portraits(*, count: int, interactions: int, seed: int, now: datetime, keys: Keys) -> Iterator[Portrait]:
    """Yield ``count`` customers in the order they came, with ``interactions`` told in all until ``now``."""
    today = now.date()
    rng = random.Random(seed)  # noqa: S311  repeatable, nothing secret
    told = 0
    for position in range(count):
        came = today - timedelta(days=int(SPAN_DAYS * (1 - (position + 0.5) / count)))
        wanted = round(interactions * (position + 1) / count) - told
        is_handed = count - position in HANDED
        portrait = _portrait(rng, position, seed, came, now, keys, NOTHING_YET if is_handed else wanted)
        if is_handed:
            portrait.values["owner"] = keys.owners[0]
        told += wanted if is_handed else len(portrait.history)
        yield portrait


def _portrait(
    rng: random.Random, position: int, seed: int, came: date, now: datetime, keys: Keys, wanted: int
) -> Portrait:
    trade = rng.choice(places.TRADES)
    city = rng.choice(places.CITIES)
    today = now.date()
    age = (today - came).days
    stage = _stage(rng, age)
    lost = rng.random() < 0.12 and age > 40
    steps = _length(rng, wanted, lost)
    if (lost or stage != STAGE_ORDER[0]) and wanted != NOTHING_YET:
        steps = max(1, steps)  # nobody comes that far without a word
    portrait = Portrait(
        _company(rng, position, seed, trade, city, came), _people(rng, position), _moment(rng, came)
    )
    path = _path(stage, steps, lost)
    for place, scene in zip(path, _told_days(rng, came, now, len(path)), strict=True):
        portrait.history.append(_told(rng, place, scene, trade, portrait))
    values = portrait.values
    values["stage"] = keys.stages.get(stage)
    values["customer_type"] = "lost" if lost else TYPE_OF_STAGE.get(stage, "prospect")
    values["source"] = rng.choice(keys.sources)
    is_served = stage == "won" and keys.servant is not None and rng.random() < 0.1
    values["owner"] = keys.servant if is_served else rng.choice(keys.owners)
    values["grade"] = "" if rng.random() < 0.05 else _grade(rng, values)
    _settle(rng, portrait, today, lost)
    values.update(judged(values, stage == "won", lost, random.Random(f"{seed}-{position}")))  # noqa: S311
    return portrait


def _stage(rng: random.Random, age: int) -> str:
    """Older customers have come further."""
    reach = min(len(STAGE_ORDER) - 1, age // 35)
    return STAGE_ORDER[rng.randint(0, reach)] if reach < 6 else rng.choice((*STAGE_ORDER, "won", "won"))


def _length(rng: random.Random, wanted: int, lost: bool) -> int:
    """How many contacts: near what the total still needs; lost customers were followed little (S0-37)."""
    usual = max(0, wanted + rng.randint(-2, 2))
    return min(usual, rng.randint(1, 3)) if lost else min(usual, 14)


def _path(stage: str, steps: int, lost: bool) -> list[str]:
    """The stage of each contact, ending at the customer's stage."""
    last = STAGE_ORDER.index(stage)
    path = [STAGE_ORDER[min(last, i * (last + 1) // max(1, steps))] for i in range(steps)]
    if path:
        path[-1] = "lost" if lost else stage
    return path


def _moment(rng: random.Random, day: date) -> datetime:
    """A time in working hours."""
    return datetime.combine(day, time(rng.randint(9, 17), rng.randrange(0, 60, 5)), SHANGHAI)


def _told_days(rng: random.Random, came: date, now: datetime, count: int) -> list[datetime]:
    """Times of the contacts, oldest first, none in the future and none on a Sunday if it can be helped."""
    span = max(1, (now.date() - came).days)
    days = sorted(came + timedelta(days=int(span * rng.random() ** 1.3)) for _ in range(count))
    shifted = [day - timedelta(days=1) if day.weekday() == 6 and day > came else day for day in days]
    latest = min(datetime.combine(now.date(), time(8, 30), SHANGHAI), now - JUST)
    return sorted(min(_moment(rng, day), latest) for day in shifted)


def _told(rng: random.Random, place: str, at: datetime, trade: places.Trade, portrait: Portrait) -> Episode:
    scene: Scene = rng.choice(SCENES[place])
    words = {"need": portrait.values["need"], "business": portrait.values["main_business"]}
    values: dict[str, Any] = {
        name: text.format(**words) for name, text in scene._asdict().items() if text and name != "method"
    }
    values["method"] = scene.method
    values["happened_at"] = at
    for name in ("our_promise", "their_promise"):
        if name in values:
            values[f"{name}_on"] = at.date() + timedelta(days=promised_in(values[name]))
    values["status"] = "waiting" if scene.their_promise else "done"
    late = rng.random() < 0.08
    delay = timedelta(hours=rng.randint(26, 70)) if late else timedelta(minutes=rng.randint(3, 240))
    return Episode(at, at + delay, values)


def _company(
    rng: random.Random, position: int, seed: int, trade: places.Trade, city: places.City, came: date
) -> dict[str, Any]:
    low, high = rng.choice(BUDGETS)
    values: dict[str, Any] = {
        "name": f"{city.name}{_brand(position, seed)}{trade.word}{rng.choice(places.SUFFIXES)}",
        "industry": trade.industry,
        "region": city.code,
        "address": f"{city.name}市{rng.choice(city.streets)}{rng.randint(1, 899)}号",
        "phone": _phone(rng, position, city),
        "headcount": rng.choice(HEADCOUNTS),
        "main_business": rng.choice(trade.business),
        "need": rng.choice(trade.needs),
        "need_types": [rng.choice(("purchase", "service", "support"))],
        "urgency": rng.choice(("high", "medium", "medium", "low")),
        "first_contact_on": came,
    }
    if rng.random() < 0.75:
        values["budget"] = AmountRange(_wan(low), _wan(high))
    if rng.random() < 0.35:
        values["pain_points"] = rng.choice(places.PAINS)
    if rng.random() < 0.5:
        values["development_stage"] = rng.choice(("startup", "growth", "mature"))
    return values


def _wan(count: int | None) -> Decimal | None:
    return None if count is None else Decimal(count * 10_000)


def _brand(position: int, seed: int) -> str:
    """A two or three character brand; together with city and trade names stay different up to a million."""
    first, second = places.BRAND_FIRST, places.BRAND_SECOND
    code = (position * 1_000_003 + seed * 7_919) % (len(first) * len(second) * len(second))
    code, low = divmod(code, len(second))
    code, middle = divmod(code, len(first))
    third = second[code % len(second)] if position >= 1200 else ""
    return f"{first[middle]}{second[low]}{third}"


def _phone(rng: random.Random, position: int, city: places.City) -> str:
    """A number nobody else in the demo has: mobiles and landlines mixed."""
    tail = (position * 7_654_321 + 1_234_567) % 100_000_000
    if rng.random() < 0.3:
        return f"+86{city.area_code[1:]}{2 + tail % 7}{tail % 10_000_000:07d}"
    return f"+86{rng.choice(MOBILE_HEADS)}{tail:08d}"


def _people(rng: random.Random, position: int) -> list[dict[str, Any]]:
    people = []
    for index, (title, role) in enumerate(rng.sample(places.TITLES, rng.choice((1, 1, 2, 2, 3)))):
        person: dict[str, Any] = {
            "name": rng.choice(places.SURNAMES) + rng.choice(places.GIVEN),
            "title": title,
            "role": role,
            "phone": f"+86{MOBILE_HEADS[(position + index) % 10]}{_tail(position, index):08d}",
            "preference": rng.choice(("phone", "wechat", "meeting", "email")),
        }
        if rng.random() < 0.3:
            month, day = rng.randint(1, 12), rng.randint(1, 28)
            head = "L-" if rng.random() < 0.4 else str(rng.randint(1962, 1998))
            person["birthday"] = f"{head}-{month:02d}-{day:02d}"
        people.append(person)
    return people


def _tail(position: int, index: int) -> int:
    """Eight digits that no other person of the demo has with the same head."""
    return (position * 4_567_891 + index * 33_333_333) % 100_000_000


def _grade(rng: random.Random, values: Mapping[str, Any]) -> str:
    """Higher with budget and urgency."""
    budget = values.get("budget")
    points = 2 if budget and (budget.max or budget.min or 0) >= 500_000 else 0
    points += {"high": 2, "medium": 1}.get(values["urgency"], 0)
    return "A" if points >= 3 else "B" if points >= 1 + rng.randint(0, 1) else "C"


def _settle(rng: random.Random, portrait: Portrait, today: date, lost: bool) -> None:
    """The facts that follow from the history, and when to follow up next."""
    values, history = portrait.values, portrait.history
    values["interaction_count"] = len(history)
    if history:
        values["last_contact_at"] = history[-1].happened_at
        values["next_step"] = history[-1].values.get("next_step", "")
    if lost or not history:
        values.pop("next_step", None)
        return
    days = rng.choices((-6, -2, -1, 0, 1, 3, 6, 12, 25, 45, None), (1, 2, 2, 5, 5, 6, 6, 20, 25, 18, 10))[0]
    if days is not None:
        day = today + timedelta(days=days + (rng.randint(0, 4) if days > 6 else 0))
        hour = time(rng.choice((0, 9, 10, 14, 16)), 0)
        values["next_follow_up_at"] = datetime.combine(day, hour, SHANGHAI)
        history[-1].values["next_follow_up_at"] = values["next_follow_up_at"]
