"""Debian's Chromium as the journeys and the pictures use it: in Chinese, without calls home.

Tests take the one without windows where it is installed: with the parts of a window each of their contexts
takes several times as long. It speaks English in date fields, so pictures are taken with the whole one.
"""

import os
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Playwright

from tests.journeys.stage import REP, Stage

DESK, PHONE, NARROW = (1440, 900), (390, 844), (360, 740)
CHROMIUM = ("/usr/bin/chromium", "/usr/bin/chromium-browser")
WINDOWLESS = "/usr/bin/chromium-headless-shell"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"]
FLAGS += ["--disable-background-networking", "--disable-component-update", "--lang=zh-CN"]
# What a script of a page gains by being compiled well comes after the test has left the page.
BRIEF = "--js-flags=--no-opt --no-maglev"
CHINESE = {"LANGUAGE": "zh_CN"}  # date fields follow the browser's own language


def chromium(*preferred: str) -> str:
    known = (*preferred, *CHROMIUM)
    return os.environ.get("CHROMIUM") or next((path for path in known if Path(path).exists()), CHROMIUM[0])


def launch(driver: Playwright, *flags: str) -> Browser:
    return driver.chromium.launch(
        executable_path=chromium(), args=[*FLAGS, *flags], env={**os.environ, **CHINESE}
    )


def launch_for_tests(driver: Playwright) -> Browser:
    """The one that costs least."""
    return driver.chromium.launch(
        executable_path=chromium(WINDOWLESS), args=[*FLAGS, BRIEF], env={**os.environ, **CHINESE}
    )


def launch_with_door(driver: Playwright, folder: Path, port: int, made: Stage, who: str) -> BrowserContext:
    """A signed-in browser that other programs may drive through a debugging port."""
    context = driver.chromium.launch_persistent_context(
        folder,
        executable_path=chromium(),
        args=[*FLAGS, f"--remote-debugging-port={port}"],
        env={**os.environ, **CHINESE},
    )
    context.add_cookies(made.session(who)["cookies"])
    return context


def look(made: Stage, who: str = REP, size: tuple[int, int] = DESK, scheme: str = "light") -> dict[str, Any]:
    """Options of a browser context: who is signed in, on which screen; nobody for an empty name."""
    return {
        "viewport": {"width": size[0], "height": size[1]},
        "color_scheme": scheme,
        "reduced_motion": "reduce",
        "locale": "zh-CN",
        "timezone_id": "Asia/Shanghai",
        "has_touch": size[0] < 768,
        "storage_state": made.session(who) if who else None,
    }
