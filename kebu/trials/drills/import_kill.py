"""import_kill: web, worker, both or the whole family die in the middle of an import, which then goes on."""

import random
import threading
import time

from kebu.trials.drills.aftermath import judge
from kebu.trials.drills.ground import Ground
from kebu.trials.drills.server import Server
from kebu.trials.drills.sheets import sheet
from kebu.trials.drills.strikes import Victim
from kebu.trials.drills.verdict import Verdict
from kebu.trials.drills.wizard import Wizard

NAME = "import_kill"
USER = "zhuguan"
ROWS = 1_200
CHANCE = random.Random(11)  # noqa: S311  repeatable, nothing secret


def hold(ground: Ground, rounds: int) -> Verdict:
    """Import a file per round and strike at a random moment of it; count after each round.

    The first import runs undisturbed and tells how long one takes.
    """
    verdict = Verdict(NAME, rounds, ground.database.name)
    with Server(ground) as server:
        usual = bring_in(server, 0, None, 0, verdict)
        for turn in ground.turns(verdict):
            victim = CHANCE.choice(list(Victim))
            bring_in(server, turn + 1, victim, CHANCE.uniform(0, usual), verdict)
    return verdict


def bring_in(server: Server, turn: int, victim: Victim | None, moment: float, verdict: Verdict) -> float:
    """One import from the upload to the word that it is done, with a strike ``moment`` seconds into it.

    Returns how many seconds it took.
    """
    ground, prefix = server.ground, f"演练{turn:03d}"
    file = sheet(prefix, turn, ROWS, CHANCE)
    wizard = Wizard(server, ground.browser(USER), f"{prefix}.csv", file.content)
    timer = threading.Timer(moment, server.suffer, [victim])
    start = time.monotonic()
    if victim:
        timer.start()
        verdict.count(victim.value)
    told = wizard.carry_through()
    seconds = time.monotonic() - start
    if victim:
        timer.join()
    ground.log.note(turn=turn, victim=victim, moment=round(moment, 2), **told)
    judge(ground.database, prefix, file, told, verdict)
    return seconds
