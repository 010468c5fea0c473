"""What a customer's cadence asks for: pure, from what is seen of the customer and the rules."""

from dataclasses import dataclass
from datetime import date, timedelta

from kebu.base.kit.dates import local_day
from kebu.crm.cadence.choices import Rhythm
from kebu.crm.cadence.rhythms import Step
from kebu.crm.cadence.rulebook import Rulebook
from kebu.crm.cadence.seen import Seen
from kebu.crm.followups.choices import PlanStatus


@dataclass(frozen=True, slots=True)
class Wanted:
    """The next contact of a rhythm: by which step, counted from when, due when."""

    step: Step
    base: date
    is_first: bool
    due: date
    ended: date | None


def ended_on(seen: Seen, rhythm: str) -> date | None:
    """When the last plan of the rhythm was done, or given up for this time, if that is a contact's worth."""
    turn, plan = seen.turns.get(rhythm), seen.plans.get(rhythm)
    found = turn.ended_on if turn else None
    if turn is None or plan is None or plan.completed_at is None:
        return found
    done = local_day(plan.completed_at)
    now = done if plan.status == PlanStatus.DONE else turn.day or done
    return max(found, now) if found else now


def wanted(seen: Seen, rules: Rulebook, today: date) -> dict[str, Wanted]:
    """What the customer's rhythms ask for.

    A deep contact is a contact too: where one falls due before the other, or so soon after the day on which
    that can still be made that it may come as early, the deep one stands for both.
    """
    if seen.is_archived or seen.owner_id is None or not rules.takes_part(seen.grade, seen.customer_type):
        return {}
    deep = _asked(seen, Rhythm.DEEP.value, seen.deep_on, rules, today)
    talked = seen.last_on, deep.ended if deep else None
    last = max([day for day in talked if day is not None], default=None)
    contact = _asked(seen, Rhythm.CONTACT.value, last, rules, today)
    if deep is None or contact is None:
        return {kind: one for kind, one in (("deep", deep), ("contact", contact)) if one}
    if deep.due <= max(contact.due, today) + timedelta(days=deep.step.slack_days):
        due = min(deep.due, contact.due)
        return {"deep": Wanted(deep.step, deep.base, deep.is_first, due, deep.ended)}
    return {"contact": contact, "deep": deep}


def _asked(seen: Seen, rhythm: str, last: date | None, rules: Rulebook, today: date) -> Wanted | None:
    ended = ended_on(seen, rhythm)
    known = [day for day in (last, ended) if day]
    base = max(known) if known else seen.since_on
    found = rules.due(seen.grade, rhythm, base, today)
    return Wanted(found.step, base, not known, found.day, ended) if found else None
