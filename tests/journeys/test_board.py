"""The board: cards moved by mouse, finger and keys; the keyboard and its table."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.journeys.conftest import PHONE, OpenAs
from tests.journeys.once import looks
from tests.journeys.stage import REP, Stage

pytestmark = [pytest.mark.journey, looks]
BOARD = "/customers/?look=board&by=grade"
HOLD_MS = 500


def lane(page: Page, letter: str) -> Locator:
    return page.locator(f"#column-{letter}")


def first_name(column: Locator) -> str:
    return column.locator(".k-card h3 a").first.inner_text()


def counted(column: Locator) -> int:
    return int(column.locator("header data").inner_text())


def middle(column: Locator) -> tuple[float, float]:
    box = column.bounding_box()
    assert box is not None
    return box["x"] + min(60, box["width"] / 2), box["y"] + 120


def test_a_card_is_dragged_taken_back_and_moved_by_keys(open_as: OpenAs, made: Stage) -> None:
    page = open_as(REP)
    page.goto(made.at(BOARD), wait_until="networkidle")
    name, before = first_name(lane(page, "B")), counted(lane(page, "A"))
    page.mouse.move(*middle(lane(page, "B")))
    page.mouse.down()
    page.mouse.move(*middle(lane(page, "C")), steps=4)
    expect(lane(page, "C")).to_have_attribute("data-over", "")
    page.mouse.move(*middle(lane(page, "A")), steps=4)
    page.mouse.up()
    expect(page.locator("#toasts")).to_contain_text(f"{name}已移到“A级”")
    expect(lane(page, "A").locator("header data")).to_have_text(str(before + 1))
    page.get_by_role("button", name="撤销").click()
    expect(lane(page, "A").locator("header data")).to_have_text(str(before))
    assert page.url.endswith(BOARD)

    card = lane(page, "B").locator(".k-card").first
    card.locator("h3 a").focus()
    page.keyboard.press("Shift+ArrowRight")
    expect(lane(page, "C").locator(".k-card").first).to_contain_text(name)
    expect(page.locator("#toasts")).to_contain_text(f"{name}已移到“C级”")
    expect(page.locator(":focus")).to_have_text(name)
    page.keyboard.press("m")
    page.locator("#move").get_by_role("button", name="B级").press("Enter")
    expect(page.locator("#toasts")).to_contain_text(f"{name}已移到“B级”")


def test_on_the_phone_a_card_is_held_and_dragged_or_sent(open_as: OpenAs, made: Stage) -> None:
    page = open_as(REP, size=PHONE)
    page.goto(made.at(BOARD), wait_until="networkidle")
    name = first_name(lane(page, "A"))
    touch = page.context.new_cdp_session(page)
    x, y = middle(lane(page, "A"))
    touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
    page.wait_for_timeout(HOLD_MS)
    expect(page.locator(".k-card[data-lift]")).to_contain_text(name)
    for step in (120, 240, 370):
        touch.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [{"x": step, "y": y}]})
    expect(lane(page, "B")).to_have_attribute("data-over", "")
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    expect(page.locator("#toasts")).to_contain_text(re.compile("已移到“[BC]级”"))
    page.locator(".k-card", has_text=name).locator("[data-move]").tap()
    page.locator("#move").get_by_role("button", name="A级").tap()
    expect(page.locator("#toasts")).to_contain_text(f"{name}已移到“A级”")


def test_letters_lead_everywhere_unless_somebody_wants_none(open_as: OpenAs, made: Stage) -> None:
    page = open_as(REP)
    page.goto(made.at("/"), wait_until="networkidle")
    page.keyboard.type("gc")
    page.wait_for_url("**/customers/")
    page.keyboard.type("jjo")
    expect(page.locator("#panel h2").first).to_be_visible()
    page.keyboard.press("o")
    expect(page.locator("#customer-name")).to_be_visible()
    name = page.locator("#customer-name").inner_text()
    page.keyboard.press("]")
    expect(page.locator("#customer-name")).not_to_have_text(name)
    page.keyboard.press("?")
    expect(page.locator("#keys-list")).to_contain_text("下一个客户")
    page.locator("[data-keys-on]").uncheck()
    page.keyboard.press("Escape")
    here = page.url
    page.keyboard.type("gc?")
    expect(page.locator("#keys")).to_be_hidden()
    assert page.url == here
