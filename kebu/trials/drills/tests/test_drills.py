"""Each drill, held for a moment with real processes on an installation of its own."""

import pytest

from kebu.trials.drills import access_revoked, bulk_undo, import_kill, pool_kill, restore
from kebu.trials.drills.ground import ground
from kebu.trials.drills.program import DRILLS
from tests.ready import copied

pytestmark = [pytest.mark.slow, pytest.mark.django_db]
FEW = {
    "double_submit": 36,  # each door once
    "concurrent_edit": 30,
    "import_kill": 1,
    "restore": 1,
    "journal_tamper": 40,
    "bulk_undo": 1,
    "access_revoked": 1,
    "clock_jump": 2,
    "missed_ticks": 1,
    "reminders_kill": 2,
    "notices_kill": 1,
    "pool_kill": 1,
}
# A moment needs less of everything than a drill: what is judged is the same.
SMALLER = (
    (import_kill, "ROWS", 300),
    (restore, "WRITERS", 6),
    (restore, "DAMAGED", 2),
    (restore, "PAUSE", 2.0),
    (bulk_undo, "ROWS", 300),
    (access_revoked, "ROWS", 150),
    (access_revoked, "LOST", 5),
    (pool_kill, "THOUSAND", 300),
)


@pytest.mark.parametrize("name", DRILLS)
def test_nothing_is_lost_doubled_or_wrong(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for drill, constant, small in SMALLER:
        monkeypatch.setattr(drill, constant, small)
    with ground(name, copied(name)) as made:
        verdict = DRILLS[name].hold(made, FEW[name])
    assert verdict.is_clean, "\n".join(verdict.faults)
    assert verdict.tally
