"""`make screenshots`: each main page at two widths, light and dark, with demo data, into screenshots/.

``python -m tests.journeys.screenshots [name …]`` takes only the pages named.
"""

import sys
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.journeys.pages import SCENES, Scene, open_scene
from tests.journeys.stage import ROOT, Stage, chromium, stage

FOLDER = ROOT / "screenshots"
SIZES = {1440: (1440, 900), 390: (390, 844)}
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"]
FLAGS += ["--disable-background-networking", "--disable-component-update", "--font-render-hinting=none"]


def picture(page: Page, path: Path, scene: Scene) -> None:
    page.screenshot(path=path, full_page=scene.is_long, animations="disabled")
    print(path.name, flush=True)


def walk(browser: Browser, made: Stage, names: list[str]) -> None:
    """Take every scene in every look; a scene that cannot be reached is told and left out."""
    sessions = {scene.who: made.session(scene.who) if scene.who else None for scene in SCENES}
    for width, (w, h) in SIZES.items():
        for scheme in ("light", "dark"):
            for scene in (scene for scene in SCENES if not names or scene.name in names):
                context = browser.new_context(
                    viewport={"width": w, "height": h},
                    color_scheme="dark" if scheme == "dark" else "light",
                    reduced_motion="reduce",
                    has_touch=width < 768,
                    is_mobile=width < 768,
                    locale="zh-CN",
                    timezone_id="Asia/Shanghai",
                    storage_state=sessions[scene.who],  # type: ignore[arg-type]
                )
                page = context.new_page()
                page.set_default_timeout(5_000)
                try:
                    if open_scene(page, made, scene):
                        picture(page, FOLDER / f"{scene.name}-{width}-{scheme}.png", scene)
                except Exception as error:  # noqa: BLE001
                    print(f"{scene.name} {width} {scheme}: {str(error).splitlines()[0]}", file=sys.stderr)
                context.close()


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    with stage("pictures") as made, sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium(), args=FLAGS)
        walk(browser, made, sys.argv[1:])
        browser.close()


if __name__ == "__main__":
    main()
