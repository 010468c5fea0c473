"""Each drill, held for a moment with real processes on an installation of its own."""

import pytest

from kebu.trials.drills.ground import ground
from kebu.trials.drills.program import DRILLS

pytestmark = [pytest.mark.slow, pytest.mark.django_db]
FEW = {
    "double_submit": 6,
    "concurrent_edit": 30,
    "import_kill": 1,
    "restore": 1,
    "journal_tamper": 40,
    "bulk_undo": 1,
    "access_revoked": 1,
    "clock_jump": 2,
    "missed_ticks": 1,
    "notices_kill": 1,
}


@pytest.mark.parametrize("name", DRILLS)
def test_nothing_is_lost_doubled_or_wrong(name: str) -> None:
    with ground(name) as made:
        verdict = DRILLS[name].hold(made, FEW[name])
    assert verdict.is_clean, "\n".join(verdict.faults)
    assert verdict.tally
