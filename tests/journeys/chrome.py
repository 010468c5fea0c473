"""Debian's Chromium as the journeys and the pictures use it: in Chinese, without calls home."""

import os
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Playwright

from tests.journeys.stage import REP, Stage

DESK, PHONE, NARROW = (1440, 900), (390, 844), (360, 740)
CHROMIUM = ("/usr/bin/chromium", "/usr/bin/chromium-browser")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"]
FLAGS += ["--disable-background-networking", "--disable-component-update", "--lang=zh-CN"]
CHINESE = {"LANGUAGE": "zh_CN"}  # date fields follow the browser's own language


def chromium() -> str:
    return os.environ.get("CHROMIUM") or next((path for path in CHROMIUM if Path(path).exists()), CHROMIUM[0])


def launch(driver: Playwright, *flags: str) -> Browser:
    return driver.chromium.launch(
        executable_path=chromium(), args=[*FLAGS, *flags], env={**os.environ, **CHINESE}
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
