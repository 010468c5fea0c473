"""Hands on the keyboard: drafts, edits in place, two editors of one form, the command box."""

import re

import pytest
from playwright.sync_api import Dialog, Locator, Page, Route, expect

from tests.journeys.conftest import OpenAs
from tests.journeys.once import looks
from tests.journeys.pages import customer_of, settle
from tests.journeys.stage import Stage

pytestmark = [pytest.mark.journey, looks]
NAME, SUMMARY = "湖州蔺氏竹业有限公司", "老板出差，周五回来再约时间"
IS_KEPT = "(key) => Object.keys(localStorage).some((name) => name.endsWith(':' + key))"


def fact(page: Page, name: str) -> Locator:
    return page.locator(f'dd[data-edit$="/field/{name}/"]').filter(visible=True)


def leave(dialog: Dialog) -> None:
    """Answer the browser's «leave the page?»."""
    dialog.accept()


def test_a_new_customers_draft_survives_a_reload_and_goes_when_saved(open_as: OpenAs, made: Stage) -> None:
    page = open_as()
    page.on("dialog", leave)
    page.goto(made.at("/customers/new/"))
    page.get_by_label("客户名称").press_sequentially(NAME)
    page.get_by_label("电话", exact=True).press_sequentially("13757200317")
    page.wait_for_function(IS_KEPT, arg="customer-new")
    page.reload()
    expect(page.get_by_text("草稿已恢复")).to_be_visible()
    expect(page.get_by_label("客户名称")).to_have_value(NAME)
    expect(page.get_by_label("电话", exact=True)).to_have_value("13757200317")
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.get_by_role("heading", name=NAME)).to_be_visible()
    page.goto(made.at("/customers/new/"))
    expect(page.get_by_label("客户名称")).to_have_value("")
    assert not page.evaluate(IS_KEPT, "customer-new")


def test_a_follow_ups_draft_survives_a_reload_and_goes_when_saved(open_as: OpenAs, made: Stage) -> None:
    number = customer_of(made)
    page = open_as()
    page.on("dialog", leave)
    page.goto(made.at(f"/customers/{number}/"))
    line = page.locator("#composer textarea").first
    line.press_sequentially(SUMMARY)
    page.locator("#composer").get_by_label("微信", exact=True).check()
    page.wait_for_function(IS_KEPT, arg=f"interaction-{number}")
    page.reload()
    expect(line).to_have_value(SUMMARY)
    expect(page.locator("#composer").get_by_label("微信", exact=True)).to_be_checked()
    line.press("Control+Enter")
    expect(page.locator("#timeline")).to_contain_text(SUMMARY)
    page.reload()
    expect(line).to_have_value("")
    assert not page.evaluate(IS_KEPT, f"interaction-{number}")


def test_facts_are_edited_by_keys_alone(open_as: OpenAs, made: Stage) -> None:
    """Enter opens and saves, Tab saves and opens the next, Esc gives the old text back."""
    number = customer_of(made)
    stored = "SELECT address, source_detail, main_business FROM customers_customer WHERE number = %s"
    page = open_as()
    page.goto(made.at(f"/customers/{number}/?tab=facts"))
    business = fact(page, "main_business")
    before = made.rows(stored, number)[0]
    business.focus()
    page.keyboard.press("Enter")
    expect(business.locator("input[name=main_business]")).to_be_focused()
    page.keyboard.type("不要了的字")
    page.keyboard.press("Escape")
    expect(business).to_be_focused()
    expect(business).not_to_contain_text("不要了的字")
    page.keyboard.press("Enter")
    expect(business.locator("input[name=main_business]")).to_be_focused()
    page.keyboard.type("速冻面点")
    page.keyboard.press("Tab")
    expect(business).to_have_text("速冻面点")
    following = page.locator("dd[data-edit] form")
    expect(following).to_have_count(1)
    expect(following.locator("input, select, textarea").and_(page.locator(":focus"))).to_have_count(1)
    page.keyboard.press("Escape")
    expect(following).to_have_count(0)
    settle(page)
    address = fact(page, "address")
    address.focus()
    page.keyboard.press("Enter")
    expect(address.locator("[name=address]")).to_be_focused()
    page.keyboard.press("Control+a")
    page.keyboard.type("兴业路3号")
    page.keyboard.press("Enter")
    expect(address).to_contain_text("兴业路3号")
    assert made.rows(stored, number) == [("兴业路3号", before[1], "速冻面点")]


def test_two_editors_of_one_form(open_as: OpenAs, made: Stage) -> None:
    """Different fields merge; the same field is asked for, with mine, now and before side by side."""
    number = customer_of(made)
    slow, quick = open_as(), open_as()
    for page in (slow, quick):
        page.goto(made.at(f"/customers/{number}/edit/"))
        page.eval_on_selector_all("main details", "(all) => all.forEach((one) => { one.open = true })")
    quick.locator("[name=source_detail]").fill("老客户介绍")
    quick.locator("[name=remark]").fill("只在上午接电话")
    quick.get_by_role("button", name="保存", exact=True).click()
    quick.wait_for_url(re.compile(r"/customers/CUS\d+/(\?.*)?$"))
    slow.locator("[name=remark]").fill("下午三点以后打")
    slow.locator("[name=wechat]").fill("heyue_cai")
    slow.get_by_role("button", name="保存", exact=True).click()
    asked = slow.locator(".k-three-way")
    for word in ("我的", "现在", "原来", "下午三点以后打", "只在上午接电话"):
        expect(asked).to_contain_text(word)
    expect(asked.locator("tbody tr")).to_have_count(1)
    stored = "SELECT remark, wechat, source_detail FROM customers_customer WHERE number = %s"
    assert made.rows(stored, number)[0][0] == "只在上午接电话"
    asked.get_by_label("下午三点以后打").check()
    slow.get_by_role("button", name="保存", exact=True).click()
    slow.wait_for_url(re.compile(r"/customers/CUS\d+/(\?.*)?$"))
    assert made.rows(stored, number) == [("下午三点以后打", "heyue_cai", "老客户介绍")]


def test_the_list_by_keys_alone(open_as: OpenAs, made: Stage) -> None:
    """The first stop skips to the content; then bar, views, search, rows, in reading order."""
    page = open_as()
    page.goto(made.at("/customers/"), wait_until="networkidle")
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_text("跳到正文")
    order = [
        ".k-side",
        ".k-top",
        ".k-head, #views",
        "#filter",
        "#customer-list thead",
        "#customer-list tbody",
    ]
    reached: list[int] = []
    for _ in range(60):
        page.keyboard.press("Tab")
        place = page.evaluate(
            "(order) => order.findIndex((area) => document.activeElement.closest(area))", order
        )
        if place >= 0 and (not reached or reached[-1] != place):
            reached.append(place)
        if place == len(order) - 1:
            break
    assert reached == sorted(reached)
    assert set(reached) >= {0, 1, 2, 3, 5}
    page.keyboard.press("/")
    expect(page.locator("[data-list-search]")).to_be_focused()


def test_the_command_box_by_pinyin(open_as: OpenAs, made: Stage) -> None:
    """Ctrl+K, the initials of a name, the arrows, Enter; Esc gives the focus back."""
    page = open_as()
    page.goto(made.at("/customers/"))
    page.locator("[data-list-search]").focus()
    page.keyboard.press("Control+k")
    expect(page.locator("#palette input")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("[data-list-search]")).to_be_focused()
    page.keyboard.press("Control+k")
    with page.expect_response(re.compile(r"q=sh\b")):
        page.keyboard.type("sh")
    settle(page)  # those of "s" may have stood there meanwhile
    hits = page.locator("#hits [role=option]")
    expect(hits.nth(1)).to_be_visible()
    expect(hits.nth(0)).to_have_attribute("aria-selected", "true")
    wanted = hits.nth(1).get_attribute("data-href")
    page.keyboard.press("ArrowDown")
    expect(hits.nth(1)).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{wanted}")


def test_a_field_can_be_given_up_while_its_form_still_loads(open_as: OpenAs, made: Stage) -> None:
    page = open_as()
    page.goto(made.at(f"/customers/{customer_of(made)}/"))

    def slowly(route: Route) -> None:
        page.wait_for_timeout(300)
        route.continue_()

    page.route("**/field/need/", slowly)
    need = fact(page, "need")
    shown = need.inner_text()
    need.focus()
    page.keyboard.press("Enter")
    expect(need).to_have_class(re.compile("htmx-request"))
    page.keyboard.press("Escape")
    page.wait_for_timeout(600)
    expect(need.locator("form")).to_have_count(0)
    assert need.inner_text() == shown


def test_a_password_can_be_looked_at(open_as: OpenAs, made: Stage) -> None:
    page = open_as("")
    page.goto(made.at("/sign-in/"))
    password = page.locator("input[name=password]")
    page.get_by_role("button", name="显示明文").click()
    expect(password).to_have_attribute("type", "text")
    page.get_by_role("button", name="显示明文").click()
    expect(password).to_have_attribute("type", "password")
