"""Workers that never live longer than two seconds at one and the same work, until it is done nevertheless."""

import random
import time

from kebu.trials.drills.crews import Crew

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
