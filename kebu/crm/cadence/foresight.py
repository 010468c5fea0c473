"""What a change of rules would come to, reckoned on paper: nothing is written."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from kebu.crm.cadence.choices import Rhythm
from kebu.crm.cadence.engine import World, place
from kebu.crm.cadence.loads import Loads, shares
from kebu.crm.cadence.rhythms import Step
from kebu.crm.cadence.rulebook import NAMES, Rulebook
from kebu.crm.cadence.seen import Seen, chunks, look_closer
from kebu.crm.cadence.wanting import Wanted, wanted
from kebu.crm.customers.models import Customer

WEEKS = 6
CHUNK = 1000
Progress = Callable[[int], None]


def imagined(rules: Rulebook, wish: Mapping[str, Any]) -> Rulebook:
    """The rules as they would be with the wish."""
    if wish["kind"] == "types":
        return rules.with_types(wish["types"])
    if wish["kind"] == "removal":
        return rules.without(wish["rule"])
    told = {name: wish[name] for name in NAMES} | {"valid_from": date.fromisoformat(wish["valid_from"])}
    return rules.with_step(Step(pk=0, **told))


@dataclass(slots=True)
class Tally:
    """Plans by owner and week under one set of rules, and when each customer comes next."""

    world: World
    weeks: dict[int, list[int]] = field(default_factory=lambda: defaultdict(lambda: [0] * WEEKS))
    customers: int = 0

    def count(self, seen: Seen) -> tuple[tuple[str, date], ...]:
        """Plan a customer on paper; the rhythms with their days."""
        wishes = wanted(seen, self.world.rules, self.world.today)
        if not wishes:
            return ()
        self.customers += 1
        days = {rhythm: place(seen, want, self.world) for rhythm, want in wishes.items()}
        for rhythm, day in days.items():
            self._note(seen, day, wishes[rhythm].step)
        if Rhythm.CONTACT not in wishes:
            self._after(seen, days[Rhythm.DEEP], wishes[Rhythm.DEEP])
        return tuple(sorted(days.items()))

    def _after(self, seen: Seen, day: date, want: Wanted) -> None:
        """The contacts that follow where a deep one stands for the next."""
        step = self.world.rules.in_effect(seen.grade, Rhythm.CONTACT.value, self.world.today)
        if step and step.is_active:
            self._note(seen, step.after(day), step)

    def _note(self, seen: Seen, day: date, step: Step) -> None:
        """A contact that day, and again each time its rhythm comes round within the weeks."""
        weeks = self.weeks[seen.owner_id or 0]
        while (week := (day - monday(self.world.today)).days // 7) < WEEKS:
            weeks[week] += 1
            day = step.after(day)


def monday(day: date) -> date:
    """The first day of its week."""
    return day - timedelta(days=day.weekday())


def foresee(wish: Mapping[str, Any], *, world: World, progress: Progress) -> dict[str, Any]:
    """Plan every customer under the rules that stand and those that are wished for; what it comes to."""
    after_rules = imagined(world.rules, wish)
    tallies = [
        Tally(World(world.today, rules, world.calendar, on_paper(rules, world.today)))
        for rules in (world.rules, after_rules)
    ]
    moved = done = 0
    for found in chunks(Customer.objects.live(), CHUNK):
        look_closer(found)
        for seen in found:
            before, after = (tally.count(seen) for tally in tallies)
            moved += before != after
        done += len(found)
        progress(done)
    return told(tallies, moved)


def on_paper(rules: Rulebook, today: date) -> Loads:
    """Empty days, with the shares that these rules come to."""
    found = {owner_id: per_day for owner_id, (_count, per_day) in shares(rules, today).items()}
    return Loads(today, rules).on_paper(found)


def told(tallies: Sequence[Tally], moved: int) -> dict[str, Any]:
    """As it is kept with the change."""
    before, after = tallies
    today = before.world.today
    owners = sorted(before.weeks.keys() | after.weeks.keys())
    counts = [shares(tally.world.rules, _settled(tally.world.rules, today)) for tally in tallies]
    return {
        "weeks": [(monday(today) + timedelta(weeks=number)).isoformat() for number in range(WEEKS)],
        "customers": [before.customers, after.customers],
        "moved": moved,
        "owners": [
            {
                "owner": owner_id,
                "customers": [found.get(owner_id, (0, 0))[0] for found in counts],
                "per_day": [found.get(owner_id, (0, 0))[1] for found in counts],
                "before": before.weeks.get(owner_id, [0] * WEEKS),
                "after": after.weeks.get(owner_id, [0] * WEEKS),
            }
            for owner_id in owners
        ],
    }


def _settled(rules: Rulebook, today: date) -> date:
    """A day on which every step that is known has begun."""
    return max([today, *(step.valid_from for steps in rules.steps.values() for step in steps)])
