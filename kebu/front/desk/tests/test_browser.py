"""In a real browser: a follow-up logged in a line of the desk is opened and closed by keys."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from kebu.office.staff.models import User
from tests.browser import SignIn
from tests.cast import MakeCustomer
from tests.journeys.once import looks

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True), looks]


@pytest.fixture
def page(live_server: LiveServer, rep: User, make_customer: MakeCustomer, signed_in_page: SignIn) -> Page:
    """A signed-in browser on the desk, where one customer is overdue."""
    make_customer(rep, next_follow_up_at=timezone.now() - timedelta(days=2))
    shown = signed_in_page(rep)
    shown.goto(live_server.url)
    return shown


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
