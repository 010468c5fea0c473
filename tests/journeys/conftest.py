"""A stage with demo data for all journeys of a run."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.journeys.chrome import DESK, PHONE, look
from tests.journeys.stage import REP, Stage, stage
from tests.ready import copied

__all__ = ["DESK", "PHONE", "OpenAs"]
OpenAs = Callable[..., Page]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Walk a journey that failed once more: a busy machine is slow enough for a browser to give up.

    The report tells of it (rerun), so that what fails now and then is looked into.
    """
    for item in items:
        if item.get_closest_marker("journey"):
            item.add_marker(pytest.mark.flaky(reruns=1))


@pytest.fixture(scope="session")
def made(django_db_setup: None) -> Iterator[Stage]:
    """A running installation with the demo team."""
    with stage("journeys", ready=copied("journeys", customers=80)) as found:
        yield found


@pytest.fixture
def open_as(made: Stage, chrome: Browser) -> Iterator[OpenAs]:
    """Return a function that opens a signed-in browser: open_as("zhuguan", size=PHONE, scheme="dark")."""
    contexts: list[BrowserContext] = []

    def open_page(who: str = REP, size: tuple[int, int] = DESK, scheme: str = "light") -> Page:
        context = chrome.new_context(**look(made, who, size, scheme))
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        return page

    yield open_page
    for context in contexts:
        context.close()
