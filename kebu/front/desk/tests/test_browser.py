"""In a real browser: a follow-up logged in a line of the desk is opened and closed by keys."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from kebu.base.ui.build import build_frontend
from kebu.office.staff.models import User
from tests.cast import ClientOf, MakeCustomer
from tests.journeys.once import looks

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True), looks]


@pytest.fixture
def page(
    live_server: LiveServer,
    rep: User,
    client_of: ClientOf,
    make_customer: MakeCustomer,
    chrome: Browser,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Page]:
    """A signed-in browser on the desk, where one customer is overdue."""
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # the browser driver runs an event loop of its own
    build_frontend(dev=True)
    make_customer(rep, next_follow_up_at=timezone.now() - timedelta(days=2))
    session = client_of(rep).cookies["sessionid"].value
    context = chrome.new_context(reduced_motion="reduce", viewport={"width": 1440, "height": 900})
    context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    shown = context.new_page()
    shown.set_default_timeout(10_000)
    shown.goto(live_server.url)
    yield shown
    context.close()


def test_esc_closes_what_was_opened_in_a_line_and_keeps_what_was_typed(page: Page) -> None:
    row = page.locator(".k-due")
    opening, text = row.get_by_role("button", name="记跟进"), row.locator("textarea[name=summary]")
    opening.click()
    expect(text).to_be_focused()
    page.keyboard.press("Escape")
    expect(text).to_have_count(0)
    expect(opening).to_be_focused()
    opening.click()
    text.fill("来电问交期")
    page.keyboard.press("Escape")
    expect(text).to_have_value("来电问交期")
