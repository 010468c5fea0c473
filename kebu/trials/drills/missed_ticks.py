"""missed_ticks: the house was off for hours, days or a year; then two workers start, and are killed."""

import random
import time
from datetime import timedelta

from kebu.trials.drills.clockwork import moment
from kebu.trials.drills.crews import Crew
from kebu.trials.drills.ground import Ground
from kebu.trials.drills.ticking import Stretch, is_quiet, judge, last_job
from kebu.trials.drills.verdict import Verdict

NAME = "missed_ticks"
OFF = (
    timedelta(minutes=7),
    timedelta(hours=5),
    timedelta(days=1),
    timedelta(days=9, hours=13),
    timedelta(days=400),
)
CALM = timedelta(minutes=61)
CHANCE = random.Random(41)  # noqa: S311  repeatable, nothing secret


def hold(ground: Ground, rounds: int) -> Verdict:
    """Each round lets time pass while nothing runs, and counts what is made up for."""
    verdict = Verdict(NAME, rounds, ground.database.name)
    folder = ground.site.folder
    with Crew(ground, 1) as crew:  # the first start does every line once
        crew.wait(lambda: is_quiet(ground.database, moment(folder)), "a first quiet moment")
    for turn in ground.turns(verdict):
        off = OFF[turn % len(OFF)]
        one_round(ground, off, is_struck=turn % 2 == 1, verdict=verdict)
        verdict.count(f"off for {off}")
    return verdict


def one_round(ground: Ground, off: timedelta, *, is_struck: bool, verdict: Verdict) -> None:
    """Off, on again, perhaps struck down and on once more; then the hour that careful lines wait."""
    database, folder = ground.database, ground.site.folder
    since, before, start = last_job(database), moment(folder), time.monotonic()
    crew = Crew(ground, 2)
    crew.shift(off.total_seconds())
    with crew:
        if is_struck:
            crew.wait(lambda: last_job(database) > since, "a first job")
            time.sleep(CHANCE.uniform(0, 1.5))
            crew.kill()
            crew.start()
        crew.wait(lambda: is_quiet(database, moment(folder)), "the end of what was missed")
        after = Stretch(before, moment(folder), time.monotonic() - start)
        judge(database, since, after, verdict)
        crew.shift(CALM.total_seconds())
        crew.wait(lambda: is_quiet(database, moment(folder)), "the end of what had waited an hour")
        now = moment(folder)
    open_jobs = database.rows(  # what waits a while after a late start is not due yet
        "SELECT kind FROM jobs_job WHERE key LIKE 'tick:%%' AND id > %s AND run_at <= %s"
        " AND state NOT IN ('done', 'failed')",
        since,
        now,
    )
    for (kind,) in open_jobs:
        verdict.fault("lost", f"{kind} was asked for and never done")
