"""The customer list as a grid: walked and edited by keys, chosen over pages, looked through in the panel."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.journeys.axe import found_by_axe
from tests.journeys.conftest import OpenAs
from tests.journeys.once import looks
from tests.journeys.stage import MANAGER, REP, Stage

pytestmark = [pytest.mark.journey, looks]


def cell(page: Page, row: int, name: str) -> Locator:
    return page.locator("#customer-list tbody tr").nth(row).locator(f"td[data-col={name}]")


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def test_cells_are_reached_edited_and_left_by_keys(open_as: OpenAs, made: Stage) -> None:
    page = open_as(REP)
    page.goto(made.at("/customers/?view=mine&sort=name"), wait_until="networkidle")
    grid = page.get_by_role("grid")
    assert grid.locator("tbody [tabindex='0']").count() == 1  # one stop of Tab
    grid.locator("tbody [tabindex='0']").focus()
    press(page, "ArrowDown", "ArrowRight")
    expect(cell(page, 1, "grade")).to_be_focused()
    press(page, "F2")
    expect(cell(page, 1, "grade").locator("select")).to_be_focused()
    assert not found_by_axe(page)
    cell(page, 1, "grade").locator("select").select_option("C")
    press(page, "Tab")
    expect(cell(page, 1, "grade")).to_have_text("客户分级C")
    expect(cell(page, 1, "customer_type").locator("select")).to_be_focused()
    press(page, "Escape")
    expect(cell(page, 1, "customer_type")).to_be_focused()
    before = cell(page, 2, "budget").inner_text()
    cell(page, 2, "budget").dblclick()
    box = cell(page, 2, "budget").locator("input.form-control")
    expect(box).to_be_focused()
    expect(page.locator("#panel")).to_be_hidden()
    box.fill("不是钱")
    press(page, "Enter")
    expect(cell(page, 2, "budget").locator(".k-error")).to_be_visible()
    box.fill("77万")
    press(page, "Enter")
    expect(cell(page, 2, "budget")).to_contain_text("77")
    expect(cell(page, 3, "budget")).to_be_focused()
    page.locator(".k-toast").last.get_by_role("button", name="撤销").click()
    expect(cell(page, 2, "budget")).to_have_text(before)


def test_a_choice_lasts_over_pages_and_the_panel_steps_over_their_ends(open_as: OpenAs, made: Stage) -> None:
    page = open_as(MANAGER)
    page.goto(made.at("/customers/?view=team&sort=name"), wait_until="networkidle")
    rows = page.locator("#customer-list tbody tr")
    rows.nth(0).locator("[name=ids]").check()
    rows.last.locator("a.k-name").click()
    expect(page.locator("#panel")).to_contain_text("第50个")
    page.locator("[data-panel-step='1']").click()
    expect(page.locator("#panel")).to_contain_text("第51个")
    expect(page.locator("[data-picked]")).to_have_text("已选1个，1个不在这一页")
    rows.nth(1).locator("[name=ids]").check()
    page.locator("[data-list-search]").fill("科技")
    expect(page.locator("#sentence")).to_contain_text("科技")
    assert page.locator("#bulk input[name=ids]").input_value().count(",") == 1
    page.locator("#panel").get_by_role("link", name="打开全页").click()
    expect(page.locator("#crumb")).to_contain_text("列表第51个")
    number = page.url.split("/")[4]
    page.locator("#crumb a").first.click()
    expect(page.locator(f"#customer-{number}")).to_be_in_viewport()
    expect(page.locator("[data-picked]")).to_contain_text("已选2个")
