"""What one looks for is never the same twice: cases over many addresses, each asked for the first time."""

import json
from dataclasses import replace
from statistics import median
from urllib.parse import quote

from kebu.trials.bench.cases import Cases
from kebu.trials.bench.measure import Result, alternating, checked, compared, summed
from kebu.trials.site.browser import Answer
from kebu.trials.site.installation import Installation

SLICES = 36
SEARCHES = 40


def slices(site: Installation, cases: Cases) -> list[Result]:
    """Two conditions and an order, drawn from all that the office can ask; and the board beside the list."""
    paths = json.loads(site.command("bench_slices", str(SLICES)))
    listed = cases.pages["list"]
    timings = alternating(
        lambda _: cases.browser.get(f"{listed}&look=board"), lambda _: cases.browser.get(listed)
    )
    board = compared("board", cases.customers, *timings)
    return [asked_once("list_filter2", cases, paths), board]


def searches(site: Installation, cases: Cases) -> list[Result]:
    """Many searches of each sort in the list, and all sorts in the command box."""
    texts: dict[str, list[str]] = json.loads(site.command("bench_searches", str(SEARCHES)))
    found = [
        asked_once(name, cases, [f"/customers/?view=team&q={quote(text)}" for text in some])
        for name, some in texts.items()
    ]
    mixed = [f"/search/?q={quote(text)}" for some in texts.values() for text in some[::3]]
    return [*found, asked_once("palette", cases, mixed)]


def asked_once(name: str, cases: Cases, paths: list[str]) -> Result:
    """Percentiles of the first time each address is asked; asked again, each beside its floor."""
    samples: list[Answer] = []
    ratios: list[float] = []
    floors: list[Answer] = []
    for path in paths:
        floor = f"/bench/page/?path={quote(path, safe='')}"
        samples.append(checked(cases.browser.get(path)))
        checked(cases.browser.get(floor))  # sees what the page shows
        floors.append(checked(cases.browser.get(floor)))
        ratios.append(checked(cases.browser.get(path)).ms / floors[-1].ms)
    worst, slowest = max(zip(ratios, paths, strict=True)), max(zip(samples, paths, strict=True), key=_ms)
    found = replace(compared(name, cases.customers, summed(samples), summed(floors)), ratio=median(ratios))
    return replace(found, worst_ratio=worst[0], worst=worst[1], slowest_ms=slowest[0].ms, slowest=slowest[1])


def _ms(asked: tuple[Answer, str]) -> float:
    return asked[0].ms
