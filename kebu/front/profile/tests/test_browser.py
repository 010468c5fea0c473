"""In a real browser: edit in place by keyboard, a conflict in its place, the phone's tabs, axe."""

from collections.abc import Iterator

import pytest
from django.utils import timezone
from playwright.sync_api import Dialog, Page, expect
from pytest_django.live_server_helper import LiveServer

from kebu.base.fields.directories import Context
from kebu.base.journal.authors import Author
from kebu.base.journal.choices import Door
from kebu.base.ui.build import FRONTEND
from kebu.crm.customers.actions import change_customer
from kebu.crm.customers.models import Customer
from kebu.office.staff.models import User
from tests.browser import SignIn
from tests.cast import MakeCustomer
from tests.journeys.once import looks

AXE = FRONTEND / "node_modules" / "axe-core" / "axe.min.js"
pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True), looks]


@pytest.fixture
def customer(rep: User, make_customer: MakeCustomer) -> Customer:
    people = [{"name": "郑国栋", "title": "采购经理", "phone": "+8613800138000"}]
    return make_customer(rep, people, remark="原来的", grade="A", customer_type="prospect")


@pytest.fixture
def page(live_server: LiveServer, rep: User, customer: Customer, signed_in_page: SignIn) -> Page:
    """A signed-in browser on the customer's page."""
    shown = signed_in_page(rep)
    shown.goto(live_server.url + customer.get_absolute_url())
    return shown


@pytest.fixture
def phone(page: Page) -> Iterator[Page]:
    """The same on a phone: narrow, touched, and with a layout that grows with what hangs over its edge."""
    browser, address = page.context.browser, page.url
    assert browser
    context = browser.new_context(
        storage_state=page.context.storage_state(),
        reduced_motion="reduce",
        viewport={"width": 390, "height": 844},
        is_mobile=True,
        has_touch=True,
    )
    shown = context.new_page()
    shown.set_default_timeout(10_000)
    shown.goto(address)
    yield shown
    context.close()


def findings(page: Page) -> object:
    """What axe-core complains about; it is put in by the driver, past the page's policy."""
    session = page.context.new_cdp_session(page)
    session.send("Runtime.evaluate", {"expression": AXE.read_text()})
    run = "axe.run().then((found) => found.violations.map(({ id, nodes }) => [id, nodes[0].html]))"
    asked = {"expression": run, "awaitPromise": True, "returnByValue": True}
    return session.send("Runtime.evaluate", asked)["result"]["value"]


def test_tab_saves_and_goes_on_and_the_history_tells(page: Page, customer: Customer) -> None:
    page.locator(".k-blanks > summary").click()
    page.click(f"#fact-{customer.pk}-decision_cycle")
    page.locator("[name=decision_cycle]").press_sequentially("两个月")
    page.keyboard.press("Tab")
    expect(page.locator(f"#fact-{customer.pk}-decision_cycle")).to_have_text("两个月")
    expect(page.locator("[name=decision_chain]")).to_be_focused()
    expect(page.locator("#timeline ins").first).to_have_text("两个月")
    page.keyboard.press("Escape")
    assert findings(page) == []


def test_conflict_is_decided_in_place(page: Page, customer: Customer, admin: User) -> None:
    fact = page.locator(f"#fact-{customer.pk}-remark")
    fact.click()
    page.fill("[name=remark]", "我写的")
    by, at = Author.for_user(admin, Door.PAGE), timezone.now()
    change_customer(customer, {"remark": "他写的"}, version=customer.version, by=by, at=at, context=Context())
    page.keyboard.press("Control+Enter")
    expect(fact).to_contain_text("他写的")
    expect(page.locator("[name=remark]")).to_have_value("我写的")
    assert findings(page) == []
    fact.get_by_role("button", name="用我的").click()
    expect(fact).to_have_text("我写的")


def test_phone_shows_one_part_at_a_time(page: Page, customer: Customer) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    facts, story = page.locator(".k-rec-facts"), page.locator("#timeline")
    expect(story).to_be_visible()
    expect(facts).to_be_hidden()
    page.get_by_role("link", name="资料", exact=True).click()
    expect(facts).to_be_visible()
    expect(story).to_be_hidden()
    page.get_by_role("link", name="计划和联系人", exact=True).click()
    expect(page.locator("#people")).to_contain_text("郑国栋")
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    assert findings(page) == []


def test_the_menu_stays_on_the_screen_of_a_phone(phone: Page) -> None:
    phone.locator(".k-rec-title .k-drop > summary").tap()
    menu = phone.locator(".k-rec-title .k-menu")
    expect(menu).to_be_visible()
    phone.wait_for_function("document.documentElement.scrollWidth === 390")
    box = menu.bounding_box()
    assert box
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390


def test_choosing_leaving_and_following_a_link_save(page: Page, customer: Customer) -> None:
    grade = page.locator(f"#fact-{customer.pk}-grade")
    grade.click()
    page.locator("[name=grade]").select_option("B")
    expect(page.locator(".k-toast", has_text="已改客户分级")).to_be_visible()
    expect(grade).to_contain_text("B")
    remark = page.locator(f"#fact-{customer.pk}-remark")
    remark.click()
    page.fill("[name=remark]", "点到别处")
    page.locator("h1").click()
    expect(remark).to_have_text("点到别处")
    page.locator(".k-toast", has_text="已改备注").get_by_role("button", name="撤销").click()
    expect(remark).to_have_text("原来的")
    remark.click()
    page.fill("[name=remark]", "去别的页")
    page.locator(".k-crumb a").first.click()
    page.wait_for_url("**/customers/")
    customer.refresh_from_db()
    assert customer.remark == "去别的页"


def test_leaving_the_page_with_an_unsaved_field_asks(page: Page, customer: Customer) -> None:
    asked: list[str] = []

    def answer(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", answer)
    page.click(f"#fact-{customer.pk}-remark")
    page.locator("[name=remark]").press_sequentially("没存")
    page.evaluate("location.reload()")
    page.wait_for_function("document.querySelector('[name=remark]') === null")
    assert asked == ["beforeunload"]


def test_a_phone_has_buttons_to_save_and_to_give_up(phone: Page, customer: Customer) -> None:
    phone.get_by_role("link", name="资料", exact=True).tap()
    fact = phone.locator(f"#fact-{customer.pk}-remark")
    fact.tap()
    phone.fill("[name=remark]", "不要")
    box = fact.get_by_role("button", name="取消").bounding_box()
    assert box
    assert min(box["width"], box["height"]) >= 44
    fact.get_by_role("button", name="取消").tap()
    expect(fact).to_have_text("原来的")
    fact.tap()
    phone.fill("[name=remark]", "要的")
    fact.get_by_role("button", name="保存").tap()
    expect(fact).to_have_text("要的")


def test_on_a_phone_the_stage_has_its_name_and_is_chosen_by_name(phone: Page, customer: Customer) -> None:
    chooser = phone.get_by_role("combobox", name="跟进阶段")
    expect(phone.locator(".k-steps")).to_be_hidden()
    expect(chooser.locator("option:checked")).to_have_text("还没定阶段")
    box = chooser.bounding_box()
    assert box
    assert box["height"] >= 44
    chooser.select_option(label="报价")
    expect(phone.locator(".k-toast", has_text="跟进阶段已改为报价")).to_be_visible()
    expect(chooser.locator("option:checked")).to_have_text("报价")
    customer.refresh_from_db()
    assert customer.stage
    assert customer.stage.name == "报价"
    assert findings(phone) == []


def test_on_a_phone_what_to_remember_stands_above_the_composer(phone: Page, customer: Customer) -> None:
    expect(phone.locator("#reminders")).to_be_hidden()
    phone.fill("#composer textarea", "问了账期")
    phone.locator("#composer").get_by_role("button", name="保存").tap()
    expect(phone.locator("#reminders")).to_contain_text("问了账期")
    above = "document.getElementById('reminders')?.getBoundingClientRect()"
    composer = "document.getElementById('composer')?.getBoundingClientRect()"
    phone.wait_for_function(f"() => {above}?.height && {above}.bottom <= {composer}?.top")
    expect(phone.locator("#people")).to_be_hidden()
