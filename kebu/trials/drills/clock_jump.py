"""clock_jump: the clock is put forward and back while jobs run; workers live on, or die that moment."""

import random
import time
from datetime import timedelta

from kebu.trials.drills.clockwork import moment
from kebu.trials.drills.crews import Crew, shell
from kebu.trials.drills.ground import Ground
from kebu.trials.drills.tasks import TRACE
from kebu.trials.drills.ticking import Stretch, is_quiet, judge, last_job
from kebu.trials.drills.verdict import Verdict

NAME = "clock_jump"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
JUMPS = (3 * HOUR, -3 * HOUR, 40 * DAY, -40 * DAY, timedelta(minutes=20), -DAY, 400 * DAY, -399 * DAY)
JOBS, STEPS, PAUSE = 3, 60, 0.03
WORK = (
    "from kebu.base.jobs.models import Job; "
    "[Job.objects.enqueue('drills.count', {{'total': {steps}, 'pause': {pause}}}) for _ in range({jobs})]"
)
TRACES = "SELECT owner_id, progress_done, count(*) FROM jobs_job WHERE kind = %s AND id > %s GROUP BY 1, 2"
COUNTING = "SELECT id, state FROM jobs_job WHERE kind = 'drills.count' AND id > %s"
SWEPT = (
    "SELECT l.text FROM jobs_jobline l JOIN jobs_job j ON j.id = l.job_id "
    "WHERE l.level = 'warn' AND j.id > %s AND j.kind = 'drills.count'"
)
CHANCE = random.Random(43)  # noqa: S311  repeatable, nothing secret


def hold(ground: Ground, rounds: int) -> Verdict:
    """Each round puts the clock while three jobs run, and counts their steps and the schedule's jobs."""
    verdict = Verdict(NAME, rounds, ground.database.name)
    with Crew(ground, 2) as crew:
        crew.wait(lambda: is_quiet(ground.database, moment(ground.site.folder)), "a first quiet moment")
        for turn in ground.turns(verdict):
            jump = JUMPS[turn % len(JUMPS)]
            one_round(crew, jump, is_struck=turn % 3 == 2, verdict=verdict)
            verdict.count(f"{'back' if jump < timedelta(0) else 'forward'} {abs(jump)}")
    return verdict


def one_round(crew: Crew, jump: timedelta, *, is_struck: bool, verdict: Verdict) -> None:
    """Work, jump in the middle of it, let it end, count."""
    database, folder = crew.ground.database, crew.ground.site.folder
    since, before, start = last_job(database), moment(folder), time.monotonic()
    shell(crew.ground, WORK.format(steps=STEPS, pause=PAUSE, jobs=JOBS))
    crew.wait(lambda: bool(database.rows(TRACES, TRACE, since)), "a first step")
    time.sleep(CHANCE.uniform(0, 1))
    crew.shift(jump.total_seconds())
    if is_struck:
        crew.kill()
        crew.start()
    crew.wait(lambda: {row[1] for row in database.rows(COUNTING, since)} == {"done"}, "all steps")
    crew.wait(lambda: is_quiet(database, moment(folder)), "a quiet moment")
    judge(database, since, Stretch(before, moment(folder), time.monotonic() - start), verdict)
    judge_steps(crew, since, is_struck=is_struck, verdict=verdict)


def judge_steps(crew: Crew, since: int, *, is_struck: bool, verdict: Verdict) -> None:
    """Each step of each job is there once; no living worker has lost a job to the clock."""
    database = crew.ground.database
    jobs = database.rows(COUNTING, since)
    traces = {(job, step): count for job, step, count in database.rows(TRACES, TRACE, since)}
    for pk, _state in jobs:
        for step in range(STEPS):
            count = traces.get((pk, step), 0)
            if count != 1:
                words = f"step {step} of job {pk} is there {count} times"
                verdict.fault("doubled" if count else "lost", words)
    swept = database.rows(SWEPT, since) if not is_struck else []
    for (text,) in swept:
        verdict.fault("wrong", f"a living worker lost its job: {text}")
    verdict.count("steps", len(traces))
