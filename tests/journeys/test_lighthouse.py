"""What Lighthouse says of the customer list on both screens.

Speed is printed and never asserted: it depends on the machine (`make lighthouse`, docs/performance.md).
"""

import os

import pytest
from playwright.sync_api import Playwright

from tests.journeys.lighthouse import verdicts
from tests.journeys.stage import Stage

pytestmark = [
    pytest.mark.journey,
    pytest.mark.skipif(
        os.environ.get("KEBU_TEST_DATABASE") == "postgres",
        reason="a page looks the same from both databases; the run on SQLite judges it",
    ),
]


def test_the_list_has_full_marks_and_nothing_jumps(made: Stage, driver: Playwright) -> None:
    for verdict in verdicts(driver, made):
        print(verdict)
        assert verdict.scores["accessibility"] == 100, verdict.faults
        assert verdict.scores["best-practices"] == 100, verdict.faults
        assert verdict.shift == 0
