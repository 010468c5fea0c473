"""Keeping turns and their plans true, a chunk of customers at a time: a fixed number of statements per chunk.

What stands and still fits stays where it is, so settling twice changes nothing. A plan that somebody has
changed by hand is his, and its turn waits until he ends it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from kebu.base.bulk.fresh import fresh
from kebu.base.bulk.rows import insert_many, write_many
from kebu.base.fields.directories import Context
from kebu.base.kit.dates import SHANGHAI, local_day
from kebu.crm.cadence.loads import Loads
from kebu.crm.cadence.models import Turn
from kebu.crm.cadence.placing import Need, chosen, days_for, target
from kebu.crm.cadence.rulebook import Rulebook, rulebook
from kebu.crm.cadence.seen import Made, Seen
from kebu.crm.cadence.wanting import Wanted, ended_on, wanted
from kebu.crm.followups.making import Draft, drop_untouched, make_many
from kebu.office.workdays.calendars import WorkCalendar
from kebu.office.workdays.queries import calendar

AHEAD = timedelta(days=28)  # plans are made that long before their day
START, END = time(9), time(18)
UPDATE = (
    "owner_id", "rule_id", "base_on", "is_first", "due_on", "day", "ended_on", "number", "has_plan",
)  # fmt: skip


@lru_cache(maxsize=4096)
def moment(day: date, clock: time) -> datetime:
    """A time of a Shanghai day."""
    return datetime.combine(day, clock, SHANGHAI)


@dataclass(slots=True)
class World:
    """What is the same for all customers of a run."""

    today: date
    rules: Rulebook
    calendar: WorkCalendar
    loads: Loads

    @classmethod
    def now(cls, at: datetime, context: Context | None = None) -> "World":
        """As it stands at a moment."""
        context, today = context or Context(), local_day(at)
        rules = rulebook(context)
        return cls(today, rules, calendar(context), Loads(today, rules))


@dataclass(slots=True)
class Settled:
    """What is to be written of a chunk."""

    come: list[Turn] = field(default_factory=list)
    moved: list[Turn] = field(default_factory=list)
    gone: list[int] = field(default_factory=list)
    dropped: list[int] = field(default_factory=list)
    drafts: list[tuple[Turn, Seen, Wanted]] = field(default_factory=list)

    @property
    def changed(self) -> int:
        """How many turns came, moved or went."""
        return len(self.come) + len(self.moved) + len(self.gone)


def place(seen: Seen, want: Wanted, world: World) -> date:
    """The day for a turn, not that of the customer's other one while there is another; its owner's days count
    it from now on."""
    need = Need(want.base, want.due, want.step.slack_days, want.is_first)
    owner_id = seen.owner_id or 0
    load = world.loads.of(owner_id)
    days = list(days_for(need, world.today, world.calendar))
    taken = {turn.day for turn in seen.turns.values() if turn.rhythm != want.step.rhythm}
    free = [day for day in days if day not in taken]
    day = chosen(free or days, load, world.loads.share(owner_id))
    load[day] += 1
    return day


def settle(found: Sequence[Seen], world: World, *, at: datetime) -> int:
    """Make turns and plans of customers, seen closely and held by the caller's transaction, what the rules
    ask for; counts the turns that changed."""
    settled = Settled()
    for seen in found:
        _revive(seen, settled)
        wishes = wanted(seen, world.rules, world.today)
        for rhythm, turn in seen.turns.items():
            if rhythm not in wishes:
                _end(seen, turn, world, settled)
        for rhythm, want in wishes.items():
            _settle(seen, rhythm, want, world, settled)
    _write(settled, world, at)
    return settled.changed


def is_settled(seen: Seen, world: World) -> bool:
    """Whether everything of a customer, seen closely, is already as the rules ask for; nothing is written."""
    if seen.revived or seen.rivals:
        return False
    wishes = wanted(seen, world.rules, world.today)
    for rhythm, turn in seen.turns.items():
        plan = seen.plans.get(rhythm)
        if rhythm in wishes or (plan and plan.is_own):
            continue
        if turn.day is not None or (plan and plan.is_open) or ended_on(seen, rhythm) != turn.ended_on:
            return False
    return all(_stands(seen, rhythm, want, world) for rhythm, want in wishes.items())


def _stands(seen: Seen, rhythm: str, want: Wanted, world: World) -> bool:
    turn, plan = seen.turns.get(rhythm), seen.plans.get(rhythm)
    if turn is None or turn.owner_id != seen.owner_id:
        return False
    if plan and plan.is_own:
        return True
    return _fits(turn, want, plan, world) and not _wants_plan(turn, seen, want, plan, world)


def _wants_plan(turn: Turn, seen: Seen, want: Wanted, plan: Made | None, world: World) -> bool:
    """Whether a turn that stands lacks its plan, or has one that says something else."""
    if not turn.has_plan and planned(turn) > world.today + AHEAD:
        return False
    return not (plan and plan.is_open and _says_so(plan, turn, seen, want, world))


def _revive(seen: Seen, settled: Settled) -> None:
    """A plan whose end was taken back is its turn's again, and not the one made since."""
    for rhythm, number in seen.revived.items():
        turn = seen.turns[rhythm]
        turn.number, turn.ended_on, turn.has_plan = number, None, True
        turn.day = local_day(seen.plans[rhythm].starts_at)
        settled.moved.append(turn)
    for plan in seen.rivals:
        _drop(plan, settled)


def _end(seen: Seen, turn: Turn, world: World, settled: Settled) -> None:
    """A rhythm that the customer does not have now; a plan that somebody made his own stays, and when the
    last one ended is remembered."""
    plan = seen.plans.get(turn.rhythm)
    if plan and plan.is_own:
        return
    _drop(plan, settled)
    ended = ended_on(seen, turn.rhythm)
    if turn.day is None and ended == turn.ended_on:
        return
    _leave(turn, world)
    if ended is None:
        settled.gone.append(turn.pk)
        return
    turn.day, turn.has_plan, turn.ended_on = None, False, ended
    settled.moved.append(turn)


def _leave(turn: Turn, world: World) -> None:
    """Its day has room for another."""
    if turn.day is not None:
        world.loads.of(turn.owner_id)[turn.day] -= 1


def _drop(plan: Made | None, settled: Settled) -> None:
    if plan and plan.is_untouched:
        settled.dropped.append(plan.pk)


def _settle(seen: Seen, rhythm: str, want: Wanted, world: World, settled: Settled) -> None:
    turn, plan = seen.turns.get(rhythm), seen.plans.get(rhythm)
    if turn is None:
        day = place(seen, want, world)
        turn = fresh(Turn, customer_id=seen.pk, rhythm=rhythm, day=day)
        _say(turn, seen, want)
        seen.turns[rhythm] = turn
        settled.come.append(turn)
        settled.drafts.append((turn, seen, want))
        return
    if plan and plan.is_own:
        if turn.owner_id != seen.owner_id:
            turn.owner_id = seen.owner_id or 0
            settled.moved.append(turn)
        return
    if turn.owner_id == seen.owner_id and _fits(turn, want, plan, world):
        if _wants_plan(turn, seen, want, plan, world):
            _drop(plan, settled)
            settled.moved.append(turn)
            settled.drafts.append((turn, seen, want))
        return
    _drop(plan, settled)
    _leave(turn, world)
    _say(turn, seen, want)
    turn.day = place(seen, want, world)
    settled.moved.append(turn)
    settled.drafts.append((turn, seen, want))


def _say(turn: Turn, seen: Seen, want: Wanted) -> None:
    turn.owner_id, turn.rule_id = seen.owner_id or 0, want.step.pk
    turn.base_on, turn.is_first, turn.due_on, turn.ended_on = want.base, want.is_first, want.due, want.ended


def _fits(turn: Turn, want: Wanted, plan: Made | None, world: World) -> bool:
    """Whether the turn still stands where the rules may put it."""
    told = turn.rule_id, turn.base_on, turn.due_on, turn.is_first, turn.ended_on
    if turn.day is None or told != (want.step.pk, want.base, want.due, want.is_first, want.ended):
        return False
    if turn.day < world.today:
        return plan is not None and plan.is_open
    return world.calendar.is_workday(turn.day)


def planned(turn: Turn) -> date:
    """The day of a turn that has one."""
    return turn.day or date.max


def draft(turn: Turn, seen: Seen, want: Wanted, world: World) -> Draft:
    """The plan of a turn."""
    need, day = Need(want.base, want.due, want.step.slack_days, want.is_first), planned(turn)
    last = day if want.due < day else max(day, target(need, day, world.calendar))
    return Draft(
        customer_id=seen.pk,
        executor_ids=(turn.owner_id,),
        goal=want.step.name,
        expected=want.step.expected,
        starts_at=moment(day, START),
        due_at=moment(last, END),
        source_key=turn.source_key,
        method=want.step.method,
        requirement=world.rules.requirement(seen.need_stage),
    )


def _says_so(plan: Made, turn: Turn, seen: Seen, want: Wanted, world: World) -> bool:
    """Whether the plan would be made the same now; one whose day has passed stays as it is."""
    if planned(turn) < world.today:
        return True
    one = draft(turn, seen, want, world)
    said = plan.goal, plan.expected, plan.starts_at, plan.due_at, plan.method, plan.requirement
    return said == (one.goal, one.expected, one.starts_at, one.due_at, one.method, one.requirement)


def _write(settled: Settled, world: World, at: datetime) -> None:
    if settled.dropped:
        drop_untouched(settled.dropped)
    if settled.gone:
        Turn.objects.filter(pk__in=settled.gone).delete()
    horizon, near = world.today + AHEAD, []
    for turn, seen, want in settled.drafts:
        turn.has_plan = planned(turn) <= horizon
        if turn.has_plan:
            turn.number += 1
            near.append((turn, seen, want))
    insert_many(settled.come)
    told = [(turn.pk, *(getattr(turn, name) for name in UPDATE)) for turn in settled.moved]
    write_many(Turn, UPDATE, told)
    make_many([draft(turn, seen, want, world) for turn, seen, want in near], at=at)
