"""Every main page: nothing for axe to find, nothing too small for a thumb or wider than a phone, or heavy."""

import gzip
import json
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, Response

from tests.journeys.axe import found_by_axe
from tests.journeys.chrome import NARROW
from tests.journeys.conftest import DESK, PHONE, OpenAs
from tests.journeys.once import looks
from tests.journeys.pages import SCENES, Scene, open_scene
from tests.journeys.stage import Stage
from tests.journeys.targets import small_targets

pytestmark = [pytest.mark.journey, looks]


def walk(open_as: OpenAs, made: Stage, size: tuple[int, int], scheme: str) -> Iterator[tuple[Scene, Page]]:
    """Every scene of this width, one browser for each person."""
    pages: dict[str, Page] = {}
    for scene in SCENES:
        if scene.who not in pages:
            pages[scene.who] = open_as(scene.who, size=size, scheme=scheme)
        if open_scene(pages[scene.who], made, scene):
            yield scene, pages[scene.who]


def told(found: dict[str, list[str]]) -> str:
    return json.dumps({name: lines for name, lines in found.items() if lines}, ensure_ascii=False, indent=1)


def test_the_desk_in_light_under_axe(open_as: OpenAs, made: Stage) -> None:
    found = {scene.name: found_by_axe(page) for scene, page in walk(open_as, made, DESK, "light")}
    assert not any(found.values()), told(found)


def test_the_phone_in_dark_under_axe_and_under_the_thumb(open_as: OpenAs, made: Stage) -> None:
    """One walk, three looks: what axe finds, what is too small to tap, what is wider than a narrow phone."""
    found, small, wide = {}, {}, []
    for scene, page in walk(open_as, made, PHONE, "dark"):
        found[scene.name] = found_by_axe(page)
        small[scene.name] = small_targets(page)
        page.set_viewport_size({"width": NARROW[0], "height": NARROW[1]})
        if page.evaluate("document.documentElement.scrollWidth") > NARROW[0]:
            wide.append(scene.name)
        page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    assert not any(found.values()), told(found)
    assert not any(small.values()), told(small)
    assert not wide


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
