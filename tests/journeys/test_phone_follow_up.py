"""Logging a follow-up with a thumb: three taps and twenty seconds from home, typing included."""

import re
import time

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import PHONE, OpenAs
from tests.journeys.once import looks
from tests.journeys.pages import customer_of
from tests.journeys.stage import Stage

pytestmark = [pytest.mark.journey, looks]
TAPS, SECONDS = 3, 20
A_KEY = 60  # milliseconds of a practised thumb
A_LOOK = 800  # milliseconds to find where the thumb goes next
COLOUR = "element => getComputedStyle(element).backgroundColor"
COUNTED = "addEventListener('pointerdown', () => { window.taps = (window.taps ?? 0) + 1 }, true)"


def home(open_as: OpenAs, made: Stage, path: str) -> Page:
    page = open_as(size=PHONE)
    page.add_init_script(COUNTED)
    page.goto(made.at(path), wait_until="networkidle")
    return page


def write(page: Page, line: str) -> None:
    """Type where the cursor is: a tap to put it there would count."""
    page.keyboard.type(line, delay=A_KEY)
    page.wait_for_timeout(A_LOOK)


def was_logged(made: Stage, line: str) -> bool:
    return made.rows("SELECT count(*) FROM interactions_interaction WHERE summary = %s", line) == [(1,)]


def test_from_home(open_as: OpenAs, made: Stage) -> None:
    line = "电话没接，明早再打"
    page = home(open_as, made, "/")
    started = time.monotonic()
    page.wait_for_timeout(A_LOOK)
    page.get_by_role("button", name="记跟进", exact=True).tap()
    page.wait_for_timeout(A_LOOK)
    page.locator("#sheet .k-choice-row").first.tap()
    write(page, line)
    page.locator("#sheet").get_by_role("button", name="保存").tap()
    expect(page.locator(".k-toast").last).to_contain_text("已记下")
    assert time.monotonic() - started <= SECONDS
    assert page.evaluate("window.taps") <= TAPS
    assert was_logged(made, line)


def test_on_the_customers_page(open_as: OpenAs, made: Stage) -> None:
    line = "下周二带样品上门"
    page = home(open_as, made, f"/customers/{customer_of(made)}/")
    started = time.monotonic()
    page.wait_for_timeout(A_LOOK)
    page.get_by_role("button", name="记跟进", exact=True).tap()
    write(page, line)
    page.locator("#composer").get_by_role("button", name="保存").tap()
    expect(page.locator("#timeline")).to_contain_text(line)
    assert time.monotonic() - started <= SECONDS
    assert page.evaluate("window.taps") <= TAPS
    assert was_logged(made, line)


def test_what_was_heard_is_mended_with_a_thumb(open_as: OpenAs, made: Stage) -> None:
    """One chip is put right, one taken away, the rest is kept as it was read."""
    line, number = "电话聊过，预算23万，下周三前发样品清单", customer_of(made)
    page = home(open_as, made, f"/customers/{number}/")
    page.get_by_role("button", name="记跟进", exact=True).tap()
    page.keyboard.type(line)
    heard = page.locator("#composer .k-heard")
    expect(heard).to_contain_text("发样品清单")
    heard.get_by_role("textbox", name=re.compile("预算")).fill("27万")
    heard.get_by_role("button", name="去掉下次跟进").tap()
    expect(heard).not_to_contain_text("下次跟进")
    expect(page.locator("#composer input[name=next_follow_up_at]")).to_have_value("")
    page.locator("#composer").get_by_role("button", name="保存").tap()
    expect(page.locator("#timeline")).to_contain_text(line)
    kept = "SELECT next_step, method FROM interactions_interaction WHERE summary = %s"
    assert made.rows(kept, line) == [("发样品清单", "phone")]
    assert made.rows("SELECT budget_min FROM customers_customer WHERE number = %s", number) == [(270_000,)]


def test_the_sheet_from_home_knows_the_customers_plans_and_people(open_as: OpenAs, made: Stage) -> None:
    """A tap on the customer brings them; the day of the sentence is shown as chosen, without a time."""
    page = home(open_as, made, "/")
    page.get_by_role("button", name="记跟进", exact=True).tap()
    page.locator("#sheet .k-choice-row").first.tap()
    expect(page.locator("#sheet #about select[name=contact]")).to_be_visible()
    number = page.locator("#sheet input[name=customer]:checked").input_value()
    expect(page.locator("#sheet input[name=about]")).to_have_value(number)
    page.keyboard.type("电话聊过，下周三发报价")
    expect(page.locator("#sheet .k-heard")).to_contain_text("发报价")
    exact = page.locator("#sheet input[name=next_follow_up_at]")
    expect(exact).to_have_attribute("type", "date")
    expect(exact).to_have_value(re.compile(r"^\d{4}-\d\d-\d\d$"))
    expect(page.locator("#sheet input[name=next_day]:checked")).to_have_count(0)
    assert page.locator("#sheet .k-option-date summary").evaluate(COLOUR) != "rgba(0, 0, 0, 0)"
    page.locator("#sheet .k-option", has_text="明天").tap()
    expect(exact).to_have_value("")
    page.locator("#sheet").get_by_role("button", name="保存").tap()
    expect(page.locator(".k-toast").last).to_contain_text("已记下")
    assert was_logged(made, "电话聊过，下周三发报价")
