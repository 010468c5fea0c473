"""One browser driver and one Chromium for all tests of a process: they take long to start."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Playwright
    from pytest_django.live_server_helper import LiveServer

SignIn = Callable[[Any], "Page"]


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


@pytest.fixture
def signed_in_page(
    live_server: "LiveServer", client_of: "Callable[[Any], Any]", chrome: "Browser"
) -> Iterator[SignIn]:
    """Return a function that opens a tab of a user on the live server, on a wide screen that keeps still."""
    from kebu.base.ui.build import build_frontend

    build_frontend(dev=True)
    contexts = []

    def sign_in(user: Any) -> "Page":
        session = client_of(user).cookies["sessionid"].value
        context = chrome.new_context(reduced_motion="reduce", viewport={"width": 1440, "height": 900})
        contexts.append(context)
        context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
        page = context.new_page()
        page.set_default_timeout(10_000)
        return page

    yield sign_in
    for context in contexts:
        context.close()
