"""axe-core on a page: what keeps people out who read by ear, by keys, or with weak eyes."""

from collections.abc import Iterator

from playwright.sync_api import Page

from kebu.base.ui.build import FRONTEND
from tests.journeys.chrome import DESK, PHONE

AXE = FRONTEND / "node_modules" / "axe-core" / "axe.min.js"
ALIKE = "tbody tr:nth-child(n + 13)"  # rows of a list are alike: the first twelve speak for all

RUN = """
async (alike) => {
  const report = await axe.run({ exclude: [alike] }, { resultTypes: ['violations'] })
  return report.violations.map((one) => [one.id, one.nodes[0].html])
}
"""


def found_by_axe(page: Page) -> list[str]:
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text())
    found: list[list[str]] = page.evaluate(RUN, ALIKE)
    return [f"{rule}: {html[:160]}" for rule, html in found]


def looks(page: Page) -> Iterator[str]:
    """Show the page as it stands in light on the desk, then in dark on the phone."""
    for size, scheme in ((DESK, "light"), (PHONE, "dark")):
        page.set_viewport_size({"width": size[0], "height": size[1]})
        page.emulate_media(color_scheme="dark" if scheme == "dark" else "light", reduced_motion="reduce")
        yield f"{size[0]} {scheme}"
    page.set_viewport_size({"width": DESK[0], "height": DESK[1]})
    page.emulate_media(color_scheme="light", reduced_motion="reduce")


def is_fit_for_all(page: Page, step: str) -> bool:
    """True, or an AssertionError that names the step and what was found."""
    for look in looks(page):
        assert not (found := found_by_axe(page)), f"{step}, {look}: {found}"
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, f"{step}, {look}: {wide} px wider than the screen"
    return True
