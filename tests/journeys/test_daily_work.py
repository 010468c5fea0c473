"""The main job from end to end: first run, a messy file, search, the follow-up, tomorrow's desk."""

import re
from datetime import UTC, datetime, time
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.axe import is_fit_for_all
from tests.journeys.conftest import OpenAs
from tests.journeys.pages import customer_of
from tests.journeys.spreadsheet import NEW_IN_ROWS, write_sheet
from tests.journeys.stage import SHANGHAI, Stage, stage, today
from tests.ready import migrated

pytestmark = pytest.mark.journey


def test_from_the_first_run_to_tomorrows_desk(chrome: Browser, tmp_path: Path, django_db_setup: None) -> None:
    with stage("first-run", "--no-demo", ready=migrated("first-run")) as empty:
        context = chrome.new_context(locale="zh-CN", timezone_id="Asia/Shanghai", reduced_motion="reduce")
        page = context.new_page()
        page.set_default_timeout(20_000)
        found_company(page, empty)
        import_file(page, empty, write_sheet(tmp_path))
        log_follow_up(page, empty)
        page.goto(empty.at("/"))
        expect(page.locator(".k-due", has_text="发样品检测报告")).to_be_visible()
        expect(page.locator("#g-week")).to_have_text("7天内")
        turn_the_calendar(empty)
        page.goto(empty.at("/"))
        expect(page.locator("#g-today")).to_have_text("今天")
        expect(page.locator("[id^=due-today]")).to_contain_text("宁波单氏精密机械有限公司")
        context.close()


def found_company(page: Page, empty: Stage) -> None:
    page.goto(empty.at("/"))
    expect(page).to_have_url(re.compile("/setup/"))
    assert is_fit_for_all(page, "the first page ever")
    filled = {"name": "方蔚然", "username": "fang", "password": "tidy-harbour-9"}
    for name, text in filled.items():
        page.locator(f"[name={name}]").fill(text)
    page.locator("form button.btn-primary").click()
    page.get_by_role("link", name="从空的开始").click()
    expect(page.get_by_role("link", name="导入客户表格")).to_be_visible()


def import_file(page: Page, empty: Stage, sheet: Path) -> None:
    page.goto(empty.at("/imports/"))
    page.set_input_files("input[type=file]", sheet)
    start = page.get_by_role("button", name="开始导入")
    expect(start).to_be_visible(timeout=30_000)
    expect(page.locator("main")).to_contain_text("号")
    start.click()
    expect(page.locator("main")).to_contain_text("新建", timeout=30_000)
    for _ in range(100):
        if empty.rows("SELECT count(*) FROM customers_customer")[0][0] == NEW_IN_ROWS:
            return
        page.wait_for_timeout(100)
    pytest.fail("the rows that can come in did not")


def log_follow_up(page: Page, empty: Stage) -> None:
    """By two characters in the list, by a contact's initials (单 is shàn) in the box; then one line."""
    page.goto(empty.at("/customers/?q=单氏"))
    expect(page.locator("#customer-list tbody tr")).to_have_count(1)
    page.keyboard.press("Control+k")
    page.locator("#palette input").press_sequentially("sgj")
    hit = page.locator("#hits [role=option]").first
    expect(hit).to_contain_text("宁波单氏精密机械有限公司")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/customers/CUS\d+/"))
    form = page.locator("#composer")
    form.locator("textarea").first.fill("单总电话，对在线检测感兴趣，先看样品检测报告")
    form.get_by_label("明天", exact=True).check()
    form.get_by_label("下一步").fill("发样品检测报告")
    form.get_by_role("button", name="保存").click()
    expect(page.locator("#timeline")).to_contain_text("先看样品检测报告")


def turn_the_calendar(empty: Stage) -> None:
    """Instead of waiting a day: what was due tomorrow is due today."""
    day = datetime.combine(today(), time(12), SHANGHAI).astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")
    empty.change(
        "UPDATE customers_customer SET next_follow_up_at = %s WHERE next_follow_up_at IS NOT NULL", day
    )


def test_two_editors_of_one_field(open_as: OpenAs, made: Stage) -> None:
    """我的 / 现在 / 原来, and what was typed is kept."""
    number = customer_of(made)
    mine, other = open_as(), open_as()
    for page in (mine, other):
        page.goto(made.at(f"/customers/{number}/"))
        page.locator('dd[data-edit$="/field/main_business/"]').click()
    other.locator('dd[data-edit$="/field/main_business/"] input[name=main_business]').fill("丝杠加工")
    other.keyboard.press("Enter")
    expect(other.locator('dd[data-edit$="/field/main_business/"]')).to_contain_text("丝杠加工")
    mine.locator('dd[data-edit$="/field/main_business/"] input[name=main_business]').fill("轴承加工")
    mine.keyboard.press("Enter")
    fact = mine.locator('dd[data-edit$="/field/main_business/"]')
    for word in ("我的", "现在", "原来", "轴承加工", "丝杠加工"):
        expect(fact).to_contain_text(word)
    assert made.rows("SELECT main_business FROM customers_customer WHERE number = %s", number) == [
        ("丝杠加工",)
    ]


def test_bulk_assign_and_take_back(open_as: OpenAs, made: Stage) -> None:
    page = open_as("zhuguan")
    page.goto(made.at("/customers/?view=team&sort=name"))
    boxes = page.locator("#customer-list tbody [name=ids]")
    picked = [boxes.nth(place).get_attribute("value") for place in range(2)]
    sql = f"SELECT owner_id FROM customers_customer WHERE id IN ({', '.join(map(str, picked))}) ORDER BY id"
    before = made.rows(sql)
    for place in range(2):
        boxes.nth(place).check()
    page.locator("#bulk").get_by_text("分配").click()
    dialog = page.locator("#dialog")
    dialog.get_by_label("分配给").select_option(label="林知遥")
    dialog.get_by_role("button", name="分配").click()
    undo = page.get_by_role("button", name="撤销")
    expect(undo).to_be_visible()
    assert made.rows(sql) != before
    undo.click()
    expect(page.locator(".k-toast").last).to_contain_text("撤销")
    assert made.rows(sql) == before
