"""A stage with demo data for all journeys of a run, and browsers to walk on it."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.journeys.stage import REP, Stage, chromium, stage

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"]
FLAGS += ["--disable-background-networking", "--disable-component-update"]
DESK, PHONE = (1440, 900), (390, 844)
OpenAs = Callable[..., Page]


@pytest.fixture(scope="session")
def made() -> Iterator[Stage]:
    """A running installation with the demo team."""
    with stage("journeys", size=("--customers", "80", "--interactions", "320", "--users", "4")) as found:
        yield found


@pytest.fixture(scope="session")
def chrome() -> Iterator[Browser]:
    """Debian's Chromium."""
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium(), args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def open_as(made: Stage, chrome: Browser) -> Iterator[OpenAs]:
    """Return a function that opens a signed-in browser: open_as("zhuguan", size=PHONE, scheme="dark")."""
    contexts: list[BrowserContext] = []

    def open_page(who: str = REP, size: tuple[int, int] = DESK, scheme: str = "light") -> Page:
        context = chrome.new_context(
            viewport={"width": size[0], "height": size[1]},
            color_scheme=scheme,  # type: ignore[arg-type]
            reduced_motion="reduce",
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            has_touch=size[0] < 768,
            storage_state=made.session(who) if who else None,  # type: ignore[arg-type]
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        return page

    yield open_page
    for context in contexts:
        context.close()
