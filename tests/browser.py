"""One browser driver and one Chromium for all tests of a process: they take long to start."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Playwright


@pytest.fixture(scope="session")
def driver() -> "Iterator[Playwright]":
    """What drives browsers; one for a run, or it refuses."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as found:
        yield found


@pytest.fixture(scope="session")
def chrome(driver: "Playwright") -> "Iterator[Browser]":
    """Debian's Chromium."""
    from tests.journeys.chrome import launch_for_tests

    browser = launch_for_tests(driver)
    yield browser
    browser.close()
