"""Which drills there are, and how many rounds each has when nobody says."""

from collections.abc import Callable
from dataclasses import dataclass

from kebu.trials.drills import (
    access_revoked,
    bulk_undo,
    clock_jump,
    concurrent_edit,
    double_submit,
    import_kill,
    journal_tamper,
    missed_ticks,
    notices_kill,
    pool_kill,
    reminders_kill,
    restore,
)
from kebu.trials.drills.ground import Ground
from kebu.trials.drills.verdict import Verdict


@dataclass(frozen=True, slots=True)
class Drill:
    """``hold(ground, rounds)`` brings the fault about and judges what is left."""

    hold: Callable[[Ground, int], Verdict]
    rounds: int


DRILLS = {
    import_kill.NAME: Drill(import_kill.hold, 50),
    double_submit.NAME: Drill(double_submit.hold, 1_000),
    concurrent_edit.NAME: Drill(concurrent_edit.hold, 1_000),
    restore.NAME: Drill(restore.hold, 50),
    journal_tamper.NAME: Drill(journal_tamper.hold, 1_000),
    bulk_undo.NAME: Drill(bulk_undo.hold, 30),
    access_revoked.NAME: Drill(access_revoked.hold, 50),
    clock_jump.NAME: Drill(clock_jump.hold, 40),
    missed_ticks.NAME: Drill(missed_ticks.hold, 20),
    notices_kill.NAME: Drill(notices_kill.hold, 40),
    reminders_kill.NAME: Drill(reminders_kill.hold, 100),  # thousand reminders
    pool_kill.NAME: Drill(pool_kill.hold, 30),  # thousand customers
}
