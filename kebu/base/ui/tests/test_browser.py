"""In a real browser: typing Chinese starts nothing early, every component is accessible, the CSP holds."""

import pytest
from playwright.sync_api import ConsoleMessage, Page, expect
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer

from kebu.base.ui.build import FRONTEND
from kebu.office.staff.models import User
from tests.browser import SignIn
from tests.journeys.once import looks

AXE = FRONTEND / "node_modules" / "axe-core" / "axe.min.js"
SIZES = {"desk": (1440, 900), "phone": (390, 844)}
pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True), looks]


@pytest.fixture
def page(rep: User, settings: Settings, signed_in_page: SignIn) -> Page:
    """A signed-in browser, for the component gallery."""
    settings.KEBU_DEMO_PASSWORD = "demo"
    return signed_in_page(rep)


def until(page: Page, expression: str) -> None:
    """Wait for a condition; the browser's own waiting would need eval, which the policy forbids."""
    for _ in range(200):
        if page.evaluate(expression):
            return
        page.wait_for_timeout(25)
    pytest.fail(f"never true: {expression}")


def test_no_shortcut_and_no_submit_while_composing(page: Page, live_server: LiveServer) -> None:
    page.goto(f"{live_server.url}/ui/gallery/")
    page.evaluate(
        """() => {
          const form = document.createElement('form')
          form.innerHTML = '<input name="q">'
          form.addEventListener('submit', (event) => {
            event.preventDefault()
            window.sent = (window.sent || 0) + 1
          })
          form.addEventListener('input', () => { window.typed = (window.typed || 0) + 1 })
          document.querySelector('main').prepend(form)
        }"""
    )
    page.locator("main form input[name=q]").first.focus()
    keyboard = page.context.new_cdp_session(page)
    keyboard.send("Input.imeSetComposition", {"selectionStart": 2, "selectionEnd": 2, "text": "ha"})
    keyboard.send(
        "Input.dispatchKeyEvent",
        {"type": "rawKeyDown", "key": "Enter", "code": "Enter", "windowsVirtualKeyCode": 229},
    )
    assert page.evaluate("[window.sent, window.typed]") == [None, None]
    keyboard.send("Input.insertText", {"text": "海"})
    until(page, "window.typed >= 1")
    page.wait_for_timeout(50)
    page.keyboard.press("Enter")
    until(page, "window.sent === 1")
    page.locator("h1").click()
    keyboard.send("Input.dispatchKeyEvent", {"type": "rawKeyDown", "key": "?", "windowsVirtualKeyCode": 229})
    expect(page.locator("#keys")).not_to_be_visible()
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_visible()


def test_the_dialog_keeps_the_focus_and_gives_it_back(page: Page, live_server: LiveServer) -> None:
    page.goto(f"{live_server.url}/ui/gallery/")
    opener = page.get_by_role("button", name="打开对话框")
    opener.click()
    dialog = page.locator("#sample-dialog")
    expect(dialog).to_be_visible()
    for _ in range(6):
        page.keyboard.press("Tab")
        assert page.evaluate(
            "document.activeElement === document.body || !!document.activeElement.closest('dialog')"
        )
    page.keyboard.press("Escape")
    expect(dialog).not_to_be_visible()
    expect(opener).to_be_focused()


def test_a_long_list_is_searched_by_characters_pinyin_and_initials(
    page: Page, live_server: LiveServer
) -> None:
    page.goto(f"{live_server.url}/ui/gallery/")
    trade, kept = page.get_by_label("所属行业"), page.locator("select[name=sample-industry]")
    offered = page.locator(".k-finder:popover-open [role=option]")
    expect(kept).to_be_hidden()
    for typed, found in (("通用", 1), ("sbzz", 2), ("zhuany", 1), ("yaopin", 1), ("饭店", 1), ("xyz", 0)):
        trade.fill("")
        trade.press_sequentially(typed)
        expect(offered.locator("visible=true").filter(has_not_text="没有符合的")).to_have_count(found)
    keyboard = page.context.new_cdp_session(page)
    trade.fill("")
    keyboard.send("Input.imeSetComposition", {"selectionStart": 2, "selectionEnd": 2, "text": "jc"})
    page.wait_for_timeout(50)
    expect(offered).to_have_count(5)  # what is being composed searches nothing
    keyboard.send("Input.insertText", {"text": "机床"})
    expect(offered).to_have_count(1)
    page.wait_for_timeout(200)  # an Enter on the heels of a composed word belongs to the input method
    trade.press("Enter")
    expect(trade).to_have_value("通用设备制造业")
    expect(kept).to_have_value("c34")
    trade.fill("没有这一行")
    trade.press("Tab")
    expect(trade).to_have_value("通用设备制造业")
    trade.fill("")
    trade.press("Tab")
    expect(kept).to_have_value("")


def test_the_theme_is_kept_and_drawn_by_the_server(page: Page, live_server: LiveServer) -> None:
    page.goto(f"{live_server.url}/ui/gallery/")
    page.locator(".k-top details summary").click()
    page.locator("[data-theme-set=dark]").click()
    assert 'data-bs-theme="dark"' in page.request.get(f"{live_server.url}/ui/gallery/").text()


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_and_nothing_scrolls_sideways(
    page: Page, live_server: LiveServer, size: str, scheme: str
) -> None:
    complaints: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text:
            complaints.append(message.text)

    page.on("console", note)
    width, height = SIZES[size]
    page.set_viewport_size({"width": width, "height": height})
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page.goto(f"{live_server.url}/ui/gallery/")
    assert not complaints
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")
    page.get_by_label("所属行业").click()
    expect(page.locator(".k-finder:popover-open")).to_be_visible()
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    assert [(rule["id"], [node["html"] for node in rule["nodes"]]) for rule in found["violations"]] == []
