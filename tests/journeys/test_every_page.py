"""Every main page: nothing for axe to find, nothing too small for a thumb or wider than a phone, or heavy."""

import gzip
import json
from collections.abc import Iterator

import pytest
from playwright.sync_api import CDPSession, Page, Response

from tests.journeys.axe import found_by_axe
from tests.journeys.chrome import NARROW
from tests.journeys.conftest import DESK, PHONE, OpenAs
from tests.journeys.once import looks
from tests.journeys.pages import SCENES, Scene, open_scene
from tests.journeys.stage import Stage
from tests.journeys.targets import small_targets

pytestmark = [pytest.mark.journey, looks]


# Rows that a script dresses for the screen they are loaded on.
DRESSED = "table[data-columns-at]"
PLAIN = [scene for scene in SCENES if not scene.act and scene.widths == (DESK[0], PHONE[0])]
ACTED = [scene for scene in SCENES if scene not in PLAIN]


def walk(
    open_as: OpenAs, made: Stage, scenes: list[Scene], size: tuple[int, int] = DESK, scheme: str = "light"
) -> Iterator[tuple[Scene, Page]]:
    """These scenes as far as they are for this width, one browser for each person."""
    pages: dict[str, Page] = {}
    for scene in scenes:
        if scene.who not in pages:
            pages[scene.who] = open_as(scene.who, size=size, scheme=scheme)
        if open_scene(pages[scene.who], made, scene):
            yield scene, pages[scene.who]


def become_phone(page: Page) -> CDPSession:
    """Have the page that stands on the desk in light stand on a phone in dark; what it is undone by."""
    fingers = page.context.new_cdp_session(page)
    fingers.send("Emulation.setTouchEmulationEnabled", {"enabled": True})
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    if page.locator(DRESSED).count():
        page.reload()
    return fingers


def become_desk(page: Page, fingers: CDPSession) -> None:
    fingers.send("Emulation.setTouchEmulationEnabled", {"enabled": False})
    fingers.detach()
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    page.set_viewport_size({"width": DESK[0], "height": DESK[1]})


def found_on_phone(page: Page) -> list[str]:
    """What axe finds, what is too small to tap, and whether it is wider than a narrow phone."""
    found = found_by_axe(page) + small_targets(page)
    page.set_viewport_size({"width": NARROW[0], "height": NARROW[1]})
    wide = page.evaluate("document.documentElement.scrollWidth")
    page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    return found + ([f"{wide} px wide"] if wide > NARROW[0] else [])


def told(found: dict[str, list[str]]) -> str:
    return json.dumps({name: lines for name, lines in found.items() if lines}, ensure_ascii=False, indent=1)


def test_pages_as_they_are_loaded(open_as: OpenAs, made: Stage) -> None:
    """Each is loaded once: on the desk in light, then as it stands on a phone in dark."""
    found = {}
    for scene, page in walk(open_as, made, PLAIN):
        found[f"{scene.name}, desk"] = found_by_axe(page)
        fingers = become_phone(page)
        found[f"{scene.name}, phone"] = found_on_phone(page)
        become_desk(page, fingers)
    assert not any(found.values()), told(found)


def test_the_desk_in_light_after_an_act(open_as: OpenAs, made: Stage) -> None:
    found = {scene.name: found_by_axe(page) for scene, page in walk(open_as, made, ACTED)}
    assert not any(found.values()), told(found)


def test_the_phone_in_dark_after_an_act(open_as: OpenAs, made: Stage) -> None:
    found = {scene.name: found_on_phone(page) for scene, page in walk(open_as, made, ACTED, PHONE, "dark")}
    assert not any(found.values()), told(found)


def test_what_a_message_offers_can_be_met_by_a_thumb(open_as: OpenAs, made: Stage) -> None:
    """Messages come by themselves, over any page: the one that leads somewhere and the one to take back."""
    page = open_as("xiaoshou", size=PHONE)
    page.goto(made.at("/key-dates/"), wait_until="networkidle")
    for detail in ({"text": "明天回访", "url": "/plans/"}, {"text": "已改好", "undo": "/plans/"}):
        page.evaluate("detail => document.dispatchEvent(new CustomEvent('toast', { detail }))", detail)
    assert page.locator(".k-toast :is(a, button)").count() == 2
    assert not small_targets(page)


def test_weight_on_the_wire(open_as: OpenAs, made: Stage) -> None:
    """The cold list page with every asset ≤ 100 KB, the next page ≤ 15 KB, compressed as they travel."""
    page = open_as("zhuguan")
    sizes: list[tuple[str, int]] = []
    bodies: list[Response] = []
    page.on("response", lambda response: bodies.append(response))  # noqa: PLW0108 (the driver marks the function)
    page.goto(made.at("/customers/?view=team&sort=name"), wait_until="networkidle")
    for response in bodies:
        encoded = "content-encoding" in response.headers
        body = b"" if response.status in (204, 304) else response.body()
        sizes.append((response.url, len(gzip.compress(body, 6)) if encoded else len(body)))
    assert sum(size for _url, size in sizes) <= 100_000, sizes
    bodies.clear()
    with page.expect_response(lambda response: "cursor=" in response.url) as following:
        page.locator("a[rel=next]").click()
    assert len(gzip.compress(following.value.body(), 6)) <= 15_000
