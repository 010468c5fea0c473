"""One size at a time: fill an installation, serve it, measure it."""

import csv
import json
import random
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kebu.trials.bench.cases import Cases, Result
from kebu.trials.bench.filling import STEPS
from kebu.trials.bench.measure import WARM_UP
from kebu.trials.site.browser import Browser
from kebu.trials.site.installation import KEBU, Site, memory_mb
from kebu.trials.site.kept import Kept

PASSWORD = "bench-on-loopback-only"  # noqa: S105  of a throw-away installation
IMPORT_ROWS = 10_000
HEAD = "客户公司名称 所属行业 规模 关键决策人 职位 联系方式 预算范围 来源 首次接触日期 地址".split()  # noqa: SIM905


def kept(customers: int, folder: Path) -> Kept:
    """The installation with that many customers in that folder, filled as far as it is not."""
    one = Kept(folder, customers)
    one.fill(STEPS)
    return one


@contextmanager
def filled(customers: int, keep: Path | None) -> Iterator[Site]:
    """A throw-away installation with that many customers; with ``keep`` a copy of the one in that folder."""
    if keep:
        with kept(customers, keep).copy("bench") as site:
            yield site
        return
    with Site("bench") as site:
        for step in STEPS.values():
            step(site, customers)
        site.settle()
        yield site


def measure_size(customers: int, keep: Path | None = None) -> tuple[list[Result], dict[str, float]]:
    """Measure every case at one number of customers; returns results and the fixed floors."""
    with filled(customers, keep) as site:
        site.command("prepare", "--static")
        with site.serving():
            browser = Browser.signed_in(site.port, "admin", PASSWORD)
            stranger = Browser(site.port)  # the yardsticks read no session, so nobody is signed in
            floors = {
                "empty_ms": _typical(stranger, "/bench/empty/"),
                "plain50_ms": _typical(stranger, "/bench/plain/"),
            }
            results = Cases(browser, customers).run()
        results.append(_import(site, customers))
    return results, floors


def _typical(browser: Browser, path: str) -> float:
    return statistics.median([browser.get(path).ms for _ in range(WARM_UP + 60)][WARM_UP:])


def _import(site: Site, customers: int) -> Result:
    """Import a file of 10,000 rows by command; the floor inserts the same rows bare."""
    path = site.folder / "import.csv"
    _write_file(path)
    summary = site.folder / "import.json"
    site.command("import", str(path), "--as", "xiaoshou", "--summary", str(summary))
    seconds, floor = (
        float(json.loads(summary.read_text())["seconds"]),
        float(site.command("bench_import_floor", str(IMPORT_ROWS))),
    )
    return Result(
        "import",
        customers,
        seconds * 1000,
        seconds * 1000,
        floor * 1000,
        seconds / floor,
        0,
        IMPORT_ROWS / seconds,
    )


def _write_file(path: Path) -> None:
    """A spreadsheet as offices keep them: nine columns, every row a new customer."""
    rng = random.Random(5)  # noqa: S311  repeatable, nothing secret
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEAD)
        for i in range(IMPORT_ROWS):
            day = f"2025/{rng.randint(1, 12)}/{rng.randint(1, 28)}"
            name = f"苏州导入{i:05d}精密机械有限公司"
            fixed = ["通用设备制造", "100-500人", "王磊", "采购经理", f"1500{i:07d}", "50-80万", "展会"]
            writer.writerow([name, *fixed, day, f"苏州市吴中区临湖路{i}号"])


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
            return seconds, memory_mb(process)
