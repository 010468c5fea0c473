"""What Lighthouse says of the customer list on both screens.

Speed is printed and never asserted: it depends on the machine (`make lighthouse`, docs/performance.md).
"""

import pytest
from playwright.sync_api import Playwright

from tests.journeys.lighthouse import verdicts
from tests.journeys.once import looks
from tests.journeys.stage import Stage

pytestmark = [pytest.mark.journey, looks]


def test_the_list_has_full_marks_and_nothing_jumps(made: Stage, driver: Playwright) -> None:
    for verdict in verdicts(driver, made):
        print(verdict)
        assert verdict.scores["accessibility"] == 100, verdict.faults
        assert verdict.scores["best-practices"] == 100, verdict.faults
        assert verdict.shift == 0
