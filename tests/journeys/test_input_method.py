"""A real composition of the browser, as an input method makes it: keys are its own until a word is taken."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.journeys.conftest import OpenAs
from tests.journeys.once import looks
from tests.journeys.stage import Stage

pytestmark = [pytest.mark.journey, looks]
WORD = "有限"
WAIT = 600  # longer than any search waits for the next key


def compose(page: Page, field: Locator) -> Callable[[], object]:
    """Type pinyin, press Enter in the middle, then return what takes the word offered."""
    field.focus()
    keys = page.context.new_cdp_session(page)
    for typed in ("y", "you", "you xian"):
        keys.send(
            "Input.imeSetComposition",
            {"text": typed, "selectionStart": len(typed), "selectionEnd": len(typed)},
        )
    enter = {"key": "Enter", "code": "Enter", "windowsVirtualKeyCode": 229}
    keys.send("Input.dispatchKeyEvent", {"type": "rawKeyDown", **enter})
    page.keyboard.press("Enter")  # some input methods let the key itself through as well
    page.wait_for_timeout(WAIT)
    return lambda: keys.send("Input.insertText", {"text": WORD})


def watched(page: Page) -> list[str]:
    """The requests from here on."""
    found: list[str] = []
    page.on("request", lambda request: found.append(f"{request.method} {request.url}"))
    return found


def test_the_lists_search_waits_for_the_word(open_as: OpenAs, made: Stage) -> None:
    page = open_as()
    page.goto(made.at("/customers/"), wait_until="networkidle")
    box = page.locator("[data-list-search]")
    requests = watched(page)
    take = compose(page, box)
    assert not requests
    take()
    expect(box).to_have_value(WORD)
    expect(page).to_have_url(re.compile("q=%E6%9C%89%E9%99%90"))
    assert len([line for line in requests if "q=" in line]) == 1


def test_the_command_box_opens_nothing_early(open_as: OpenAs, made: Stage) -> None:
    page = open_as()
    page.goto(made.at("/customers/"), wait_until="networkidle")
    page.keyboard.press("Control+k")
    box = page.locator("#palette input")
    requests = watched(page)
    take = compose(page, box)
    assert not requests
    with page.expect_response(re.compile("q=%E6%9C%89%E9%99%90")):
        take()
    expect(page.locator("#hits [role=option]").first).to_contain_text(WORD)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/customers/CUS\d+/"))


def test_a_form_is_not_sent_by_choosing_a_word(open_as: OpenAs, made: Stage) -> None:
    page = open_as()
    page.goto(made.at("/customers/new/"), wait_until="networkidle")
    name = page.get_by_label("客户名称")
    requests = watched(page)
    take = compose(page, name)
    take()
    page.wait_for_timeout(WAIT)
    expect(name).to_have_value(WORD)
    assert not [line for line in requests if line.startswith("POST") and not line.endswith("/duplicates/")]
    expect(page).to_have_url(made.at("/customers/new/"))
    page.wait_for_timeout(100)
    page.keyboard.press("Enter")  # now it is the person's own
    expect(page.locator("main [role=alert]").first).to_be_visible()
