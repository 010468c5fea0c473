"""Every main page: nothing for axe to find, nothing wider than a phone, nothing heavy on the wire."""

import gzip
import json

import pytest
from playwright.sync_api import Page, Response

from tests.journeys.axe import found_by_axe
from tests.journeys.chrome import NARROW
from tests.journeys.conftest import DESK, PHONE, OpenAs
from tests.journeys.pages import SCENES, customer_of, open_scene
from tests.journeys.stage import ADMIN, MANAGER, REP, Stage

pytestmark = pytest.mark.journey


@pytest.mark.parametrize(("size", "scheme"), [(DESK, "light"), (PHONE, "dark")], ids=["desk", "phone"])
def test_axe_finds_nothing(open_as: OpenAs, made: Stage, size: tuple[int, int], scheme: str) -> None:
    pages: dict[str, Page] = {}
    found: dict[str, list[str]] = {}
    for scene in SCENES:
        page = pages.get(scene.who) or pages.setdefault(
            scene.who, open_as(scene.who, size=size, scheme=scheme)
        )
        if open_scene(page, made, scene) and (violations := found_by_axe(page)):
            found[scene.name] = violations
    assert not found, json.dumps(found, ensure_ascii=False, indent=1)


def test_nothing_scrolls_sideways_on_a_narrow_phone(open_as: OpenAs, made: Stage) -> None:
    pages: dict[str, Page] = {}
    wide = []
    for scene in SCENES:
        page = pages.get(scene.who) or pages.setdefault(scene.who, open_as(scene.who, size=NARROW))
        if scene.act is None:
            path = scene.path.format(customer=customer_of(made)) if "{" in scene.path else scene.path
            page.goto(made.at(path), wait_until="networkidle")
            if page.evaluate("document.documentElement.scrollWidth") > NARROW[0]:
                wide.append(scene.name)
    assert not wide


@pytest.mark.parametrize(
    ("path", "who"),
    [
        ("/", REP),
        ("/", MANAGER),
        ("/customers/", REP),
        ("/customers/{customer}/", REP),
        ("/dictionaries/", ADMIN),
        ("/sign-in/", ""),
    ],
)
def test_targets_on_the_phone_are_big_enough(open_as: OpenAs, made: Stage, path: str, who: str) -> None:
    """Buttons of the page's own bars are at least 44 px high, or have a hit area that is."""
    page = open_as(who, size=PHONE)
    page.goto(made.at(path.format(customer=customer_of(made))), wait_until="networkidle")
    small = page.evaluate(
        """() => {
            const bars = '.k-bottom a, .k-bottom button, .k-acts .btn, .k-head .btn, #composer .btn, .k-cmd, '
                + '.k-team a, .k-due-what p:first-child a, .k-seg > *, .k-sign .k-check'
            return [...document.querySelectorAll(bars)]
                .filter((one) => one.offsetParent && one.getBoundingClientRect().height < 43.5)
                .map((one) => one.outerHTML.slice(0, 120))
        }"""
    )
    assert not small


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
