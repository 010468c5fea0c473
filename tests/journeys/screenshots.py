"""`make screenshots`: each main page at two widths, light and dark, with demo data, into screenshots/.

``python -m tests.journeys.screenshots [name …]`` takes only the pages named.
"""

import sys
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.journeys.chrome import DESK, PHONE, launch, look
from tests.journeys.pages import SCENES, Scene, open_scene
from tests.journeys.stage import ROOT, Stage, stage

FOLDER = ROOT / "screenshots"


def picture(page: Page, path: Path, scene: Scene) -> None:
    page.screenshot(path=path, full_page=scene.is_long, animations="disabled")
    print(path.name, flush=True)


def walk(browser: Browser, made: Stage, names: list[str]) -> None:
    """Take every scene in every look; a scene that cannot be reached is told and left out."""
    for size in (DESK, PHONE):
        for scheme in ("light", "dark"):
            for scene in (scene for scene in SCENES if not names or scene.name in names):
                options = look(made, scene.who, size, scheme) | {"is_mobile": size == PHONE}
                context = browser.new_context(**options)
                page = context.new_page()
                page.set_default_timeout(5_000)
                try:
                    if open_scene(page, made, scene):
                        picture(page, FOLDER / f"{scene.name}-{size[0]}-{scheme}.png", scene)
                except Exception as error:  # noqa: BLE001
                    print(f"{scene.name} {size[0]} {scheme}: {str(error).splitlines()[0]}", file=sys.stderr)
                context.close()


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    with stage("pictures") as made, sync_playwright() as driver:
        browser = launch(driver, "--font-render-hinting=none")
        walk(browser, made, sys.argv[1:])
        browser.close()


if __name__ == "__main__":
    main()
