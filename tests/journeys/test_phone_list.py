"""The customer list on the phone: cards chosen in a mode of their own, forms for thumbs, one to the next."""

import re

import pytest
from playwright.sync_api import Locator, Page, Position, expect

from tests.journeys.conftest import PHONE, OpenAs
from tests.journeys.once import looks
from tests.journeys.pages import customer_of
from tests.journeys.stage import MANAGER, REP, Stage

pytestmark = [pytest.mark.journey, looks]
TOUCH = 44
SPOT: Position = {"x": 220, "y": 20}
HOLD_MS = 700


def listed(open_as: OpenAs, made: Stage, who: str, view: str) -> tuple[Page, Locator]:
    page = open_as(who, size=PHONE)
    page.goto(made.at(f"/customers/?view={view}&sort=name"), wait_until="networkidle")
    return page, page.locator("#customer-list tbody tr")


def mode(page: Page) -> Locator:
    return page.locator("[data-select-mode]")


def test_the_mode_begins_counts_takes_all_and_ends(open_as: OpenAs, made: Stage) -> None:
    page, cards = listed(open_as, made, MANAGER, "team")
    address = page.url
    expect(page.locator("#bulk")).to_be_hidden()
    mode(page).tap()
    expect(page.locator("#bulk")).to_contain_text("已选0个")
    expect(page.get_by_role("button", name="分配")).to_be_disabled()
    cards.nth(0).tap(position=SPOT)  # on the name's link, which opens nothing now
    cards.nth(2).tap(position={"x": 300, "y": 60})
    expect(page.locator("#bulk")).to_contain_text("已选2个")
    cards.nth(2).tap(position=SPOT)
    expect(page.locator("#bulk")).to_contain_text("已选1个")
    expect(cards.nth(0)).to_have_attribute("aria-selected", "true")
    assert page.url == address
    page.locator("[data-pick-all]").tap()
    expect(page.locator("[data-picked]")).to_have_text(
        f"已选全部{page.locator('#bulk').get_attribute('data-total')}个"
    )
    mode(page).tap()
    expect(page.locator("#bulk")).to_be_hidden()
    assert page.locator("#customer-list [name=ids]:checked").count() == 0
    cards.nth(0).tap(position=SPOT)
    expect(page.locator("#customer-name")).to_be_visible()


def test_targets_of_the_bar(open_as: OpenAs, made: Stage) -> None:
    page, cards = listed(open_as, made, MANAGER, "team")
    mode(page).tap()
    cards.nth(1).tap(position=SPOT)
    shown = page.locator("#bulk button").filter(visible=True)
    assert shown.count() >= 4
    for button in [*shown.all(), mode(page)]:
        box = button.bounding_box()
        assert box is not None
        assert box["height"] >= TOUCH, button.inner_text()
        assert 0 <= box["x"] <= box["x"] + box["width"] <= PHONE[0], button.inner_text()
    bar, bottom = page.locator("#bulk").bounding_box(), page.locator(".k-bottom").bounding_box()
    assert bar is not None
    assert bottom is not None
    assert bar["y"] + bar["height"] <= bottom["y"] + 1


def test_a_long_press_begins_with_its_card(open_as: OpenAs, made: Stage) -> None:
    page, cards = listed(open_as, made, REP, "mine")
    address, box = page.url, cards.nth(1).bounding_box()
    assert box is not None
    finger = page.context.new_cdp_session(page)
    place = {"x": box["x"] + 150, "y": box["y"] + 20}
    finger.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [place]})
    page.wait_for_timeout(HOLD_MS)
    finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    expect(page.locator("#bulk")).to_contain_text("已选1个")
    expect(cards.nth(1).locator("[name=ids]")).to_be_checked()
    assert page.url == address
    cards.nth(0).tap(position=SPOT)
    expect(page.locator("#bulk")).to_contain_text("已选2个")


def test_what_is_done_ends_the_mode_and_can_be_taken_back(open_as: OpenAs, made: Stage) -> None:
    page, cards = listed(open_as, made, REP, "mine")
    name = cards.nth(0).locator(".k-name").inner_text()
    mode(page).tap()
    cards.nth(0).tap(position=SPOT)
    page.locator("#bulk").get_by_role("button", name="归档").tap()
    expect(page.locator(".k-toast").last).to_contain_text("已归档1个客户")
    expect(page.locator("#bulk")).to_be_hidden()
    expect(page.locator("#customer-list").get_by_text(name, exact=True)).to_have_count(0)
    page.locator(".k-toast").last.get_by_role("button", name="撤销").tap()
    expect(page.locator("#customer-list").get_by_text(name, exact=True)).to_be_visible()


@pytest.mark.parametrize(
    "path", ["/customers/new/", "/customers/{customer}/edit/", "/contacts/new/?customer={customer}"]
)
def test_forms_have_targets_of_a_thumb(open_as: OpenAs, made: Stage, path: str) -> None:
    """Controls and folds are 44 px high; a fold tells how many of its fields are filled."""
    page = open_as(REP, size=PHONE)
    page.goto(made.at(path.format(customer=customer_of(made))), wait_until="networkidle")
    while page.locator(".k-fold:not([open])").count():
        page.locator(".k-fold:not([open]) > summary").first.tap()
    controls = page.locator("main :is(summary, .btn, .form-control, .form-select, label.k-check)")
    small = controls.evaluate_all(
        "(all) => all.filter((one) => one.checkVisibility() && one.getBoundingClientRect().height < 43.5)"
        ".map((one) => one.outerHTML.slice(0, 120))"
    )
    assert not small
    if page.locator(".k-fold").count():
        fold = page.locator(".k-fold", has=page.locator("[name=main_business]"))
        fold.locator("[name=website]").fill("")
        fold.locator("[name=main_business]").fill("")
        fold.locator("[name=credit_code]").focus()
        before = int(fold.locator("[data-filled]").inner_text())
        fold.locator("[name=main_business]").fill("轴承")
        fold.locator("[name=credit_code]").focus()
        expect(fold.locator("[data-filled]")).to_have_text(str(before + 1))


def test_from_one_customer_to_the_next(open_as: OpenAs, made: Stage) -> None:
    page = open_as(REP)
    page.goto(made.at("/customers/?view=mine&sort=name"), wait_until="networkidle")
    links = page.locator("#customer-list a.k-name")
    first, second = links.nth(0).inner_text(), links.nth(1).inner_text()
    page.goto(made.at(links.nth(0).get_attribute("href") or ""))
    expect(page.locator("#customer-name")).to_have_text(first)
    page.keyboard.press("j")
    expect(page.locator("#customer-name")).to_have_text(second)
    page.evaluate("htmx.trigger(document.body, 'customer-changed')")  # the head is drawn anew, its place kept
    page.wait_for_load_state("networkidle")
    page.keyboard.press("k")
    expect(page.locator("#customer-name")).to_have_text(first)
    page.locator("#crumb a").first.click()
    expect(page).to_have_url(re.compile("/customers/\\?view=mine&sort=name#customer-"))


def test_the_pool_says_how_many_are_left_to_claim(open_as: OpenAs, made: Stage) -> None:
    page = open_as(REP, size=PHONE)
    page.goto(made.at("/pool/"), wait_until="networkidle")
    expect(page.locator("#pool .k-sentence")).to_be_visible()
    expect(page.locator("#pool .k-sentence")).to_contain_text("你现在还能领")
