"""One size at a time: fill an installation, serve it, measure it."""

import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from kebu.trials.bench.cases import Cases
from kebu.trials.bench.desks import desks
from kebu.trials.bench.filling import STEPS
from kebu.trials.bench.many import changed_and_taken_back, imported, planned_anew, taken_out
from kebu.trials.bench.measure import WARM_UP, Result
from kebu.trials.bench.people import EVERYBODYS, PASSWORD, ruled
from kebu.trials.bench.rights import with_rights
from kebu.trials.bench.slices import searches, slices
from kebu.trials.site.browser import Browser
from kebu.trials.site.installation import KEBU, Site, memory_mb
from kebu.trials.site.kept import Kept, Steps

Measured = tuple[list[Result], dict[str, float]]


def kept(customers: int, folder: Path, steps: Steps) -> Kept:
    """The installation with that many customers in that folder, filled as far as it is not."""
    one = Kept(folder, customers, "" if steps is STEPS else "plain")
    one.fill(steps)
    return one


@contextmanager
def filled(customers: int, keep: Path | None, steps: Steps) -> Iterator[Site]:
    """A throw-away installation with that many customers; with ``keep`` a copy of the one in that folder."""
    if keep:
        with kept(customers, keep, steps).copy("bench") as site:
            yield site
        return
    with Site("bench") as site:
        for step in steps.values():
            step(site, customers)
        site.settle()
        yield site


def measure_size(customers: int, keep: Path | None, only: Sequence[str], steps: Steps = STEPS) -> Measured:
    """Measure every case at one number of customers; returns results and the fixed floors."""
    with filled(customers, keep, steps) as site:
        site.command("prepare", "--static")
        results: list[Result] = []
        with site.serving():
            browser = Browser.signed_in(site.port, EVERYBODYS, PASSWORD)
            stranger = Browser(site.port)  # the yardsticks read no session, so nobody is signed in
            floors = {
                "empty_ms": _typical(stranger, "/bench/empty/"),
                "plain50_ms": _typical(stranger, "/bench/plain/"),
            }
            cases = Cases(browser, customers)
            for name, measure in SERVED.items():
                results += measure(site, cases) if name in only else []
        for name, command in ALONE.items():
            results += command(site, customers) if name in only else []
    return results, floors


SERVED: dict[str, Callable[[Site, Cases], list[Result]]] = {
    "pages": lambda _site, cases: cases.run(),
    "desks": desks,
    "rights": lambda site, cases: with_rights(cases.pages, cases.customers, *ruled(site.port)),
    "slices": slices,
    "searches": searches,
    "writes": lambda _site, cases: cases.write(),
}
ALONE: dict[str, Callable[[Site, int], list[Result]]] = {
    "import": imported,
    "batches": changed_and_taken_back,
    "cadence": planned_anew,
    "exports": taken_out,
}
PARTS = (*SERVED, *ALONE)


def _typical(browser: Browser, path: str) -> float:
    return statistics.median([browser.get(path).ms for _ in range(WARM_UP + 60)][WARM_UP:])


def start_and_memory() -> tuple[float, float]:
    """Seconds of a second start until the first answer, and MB of web and worker when idle."""
    with Site("start") as site:
        environ = site.environ | {"DJANGO_SETTINGS_MODULE": "kebu.project.settings"}
        site.environ = environ
        with site.serving(*KEBU, "run"):
            pass
        begin = time.monotonic()
        with site.serving(*KEBU, "run") as process:
            seconds = time.monotonic() - begin
            time.sleep(5)
            return round(seconds, 2), round(memory_mb(process), 1)
