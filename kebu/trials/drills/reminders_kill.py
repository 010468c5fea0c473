"""reminders_kill: thousands of reminders are due at once; no worker lives longer than two seconds at them.

Two seconds of work, that is: the drill waits until one is at it again, however long its start takes.
"""

from collections import Counter
from datetime import timedelta

from django.utils import timezone

from kebu.base.bulk.rows import insert_many
from kebu.crm.followups.models import Plan
from kebu.office.staff.models import User
from kebu.trials.drills.ground import Ground
from kebu.trials.drills.striking import strike_at
from kebu.trials.drills.verdict import Verdict
from kebu.trials.site.database import Database

NAME = "reminders_kill"
THOUSAND, CHUNK = 1_000, 1_000
NEAR, FAR, NEXT_SLOT = timedelta(minutes=50), timedelta(days=20), timedelta(minutes=6)
FILL = "from kebu.trials.drills.reminders_kill import fill; fill({count})"
WANTED = """
    SELECT p.id, p.goal, e.user_id FROM followups_plan p JOIN followups_planexecutor e ON e.plan_id = p.id
"""
TOLD = "SELECT user_id, key FROM notices_notice WHERE kind = 'reminders.plan_due'"


def hold(ground: Ground, rounds: int) -> Verdict:
    """``rounds`` thousand plans come near, a tenth of them with two executors; some more are far off."""
    verdict = Verdict(NAME, rounds, ground.database.name)
    fill_in = FILL.format(count=rounds * THOUSAND)
    strike_at("reminders.due", ground, verdict, fill=fill_in, ahead=lambda _now: NEXT_SLOT)
    judge(ground.database, verdict)
    return verdict


def judge(database: Database, verdict: Verdict) -> None:
    """Everybody was told of each of his near plans once, and of no other."""
    told = Counter((user, int(key.split(":")[1])) for user, key in database.rows(TOLD))
    for plan, goal, user in database.rows(WANTED):
        count, wanted = told.pop((user, plan), 0), 0 if goal == "far" else 1
        if count < wanted:
            verdict.fault("lost", f"plan {plan}: user {user} was not told")
        elif count > wanted:
            words = f"plan {plan}: user {user} was told {count} times"
            verdict.fault("doubled" if wanted else "wrong", words, count - wanted)
        verdict.count("reminders", wanted)
    for user, plan in told:
        verdict.fault("wrong", f"plan {plan}: user {user} has nothing to do with it")


def fill(count: int) -> None:
    """In the installation itself: the plans, a thousand a time."""
    users = list(User.objects.filter(is_active=True).order_by("pk").values_list("pk", flat=True))
    now = timezone.now()
    for first in range(0, count + count // 100, CHUNK):
        plans = [
            plan_of(number, users, far=number >= count)
            for number in range(first, min(first + CHUNK, count + count // 100))
        ]
        for plan in plans:
            plan.created_at = plan.updated_at = now
        insert_many(plans)
        insert_many([row for plan in plans for row in plan.carried_out_by(plan.executor_ids)])


def plan_of(number: int, users: list[int], *, far: bool) -> Plan:
    """One plan; every tenth has two who carry it out."""
    starts_at = timezone.now() + (FAR if far else NEAR * ((number % 997) / 997))
    executors = [users[(number + more) % len(users)] for more in range(2 if number % 10 == 0 else 1)]
    return Plan(
        goal="far" if far else "near",
        expected="x",
        first_at=starts_at,
        starts_at=starts_at,
        due_at=starts_at + timedelta(hours=1),
        executor_ids=executors,
    )
