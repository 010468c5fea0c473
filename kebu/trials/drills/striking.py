"""Workers that never live longer than two seconds at one and the same work, until it is done nevertheless."""

import random
import time
from collections.abc import Callable
from datetime import datetime, timedelta

from kebu.trials.drills.clockwork import moment
from kebu.trials.drills.crews import Crew, shell
from kebu.trials.drills.ground import Ground
from kebu.trials.drills.ticking import is_quiet, last_job
from kebu.trials.drills.verdict import Verdict

WORKERS = 2
STRIKE_SECONDS, PATIENCE, GLANCE = 2.0, 7_200.0, 0.05
STATE = "SELECT state FROM jobs_job WHERE kind = %s AND id > %s ORDER BY id LIMIT 1"
AT_WORK = "SELECT lease_holder FROM jobs_job WHERE kind = %s AND state = 'running'"
CHANCE = random.Random(47)  # noqa: S311  repeatable, nothing secret


def strike_until_done(crew: Crew, kind: str, since: int) -> int:
    """Kill all workers of the crew within two seconds whenever one has taken the first job of that kind after
    number ``since`` in hand, and start others; how often that was. Raises RuntimeError when it never ends."""
    database, start, deaths, struck = crew.ground.database, time.monotonic(), 0, ""
    while (state := database.rows(STATE, kind, since)) != [("done",)]:
        if state == [("failed",)] or time.monotonic() - start > PATIENCE:
            raise RuntimeError(f"{kind} never ended, its workers were killed {deaths} times")
        holders = [holder for (holder,) in database.rows(AT_WORK, kind) if holder != struck]
        if not holders:
            time.sleep(GLANCE)
            continue
        time.sleep(CHANCE.uniform(0.2, STRIKE_SECONDS))  # it works no longer than that
        crew.kill()
        crew.start()
        struck, deaths = holders[0], deaths + 1
    return deaths


def strike_at(
    kind: str, ground: Ground, verdict: Verdict, *, fill: str, ahead: Callable[[datetime], timedelta]
) -> None:
    """Once all is quiet, run ``fill`` in the installation, put its clock ahead to when the schedule asks for
    that kind of job, and let its workers be struck until it is done."""
    database, folder = ground.database, ground.site.folder
    with Crew(ground, 1) as crew:  # what the first start does is done
        crew.wait(lambda: is_quiet(database, moment(folder)), "a first quiet moment")
    shell(ground, fill)
    since, start = last_job(database), time.monotonic()
    crew = Crew(ground, WORKERS)
    crew.shift(ahead(moment(folder)).total_seconds())
    with crew:
        deaths = strike_until_done(crew, kind, since)
    verdict.count("times all workers were killed", deaths)
    verdict.count("seconds until it was done", round(time.monotonic() - start))
