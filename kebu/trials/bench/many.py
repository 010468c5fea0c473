"""What is done to thousands of rows in one go: by commands, while the installation serves nobody."""

import csv
import json
import random
from pathlib import Path

from kebu.trials.bench.measure import Result, lasting
from kebu.trials.site.installation import Site

ROWS, TAGGED, EXPORTED = 10_000, 100_000, 100_000
HEAD = "客户公司名称 所属行业 规模 关键决策人 职位 联系方式 预算范围 来源 首次接触日期 地址".split()  # noqa: SIM905


def imported(site: Site, customers: int) -> list[Result]:
    """Import a file of 10,000 rows by command; the floor inserts the same rows bare."""
    path = site.folder / "import.csv"
    _write_file(path)
    summary = site.folder / "import.json"
    site.command("import", str(path), "--as", "xiaoshou", "--summary", str(summary))
    seconds, floor = (
        float(json.loads(summary.read_text())["seconds"]),
        float(site.command("bench_import_floor", str(ROWS))),
    )
    return [lasting("import", customers, ROWS, seconds, floor)]


def _write_file(path: Path) -> None:
    """A spreadsheet as offices keep them: nine columns, every row a new customer."""
    rng = random.Random(5)  # noqa: S311  repeatable, nothing secret
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEAD)
        for i in range(ROWS):
            day = f"2025/{rng.randint(1, 12)}/{rng.randint(1, 28)}"
            name = f"苏州导入{i:05d}精密机械有限公司"
            fixed = ["通用设备制造", "100-500人", "王磊", "采购经理", f"1500{i:07d}", "50-80万", "展会"]
            writer.writerow([name, *fixed, day, f"苏州市吴中区临湖路{i}号"])


def changed_and_taken_back(site: Site, customers: int) -> list[Result]:
    """Change three fields of 10,000 customers, tag 100,000, and take each back."""
    return [*_batch(site, customers, "edit", ROWS), *_batch(site, customers, "tag", TAGGED)]


def _batch(site: Site, customers: int, what: str, rows: int) -> list[Result]:
    """What is not exact when it is taken back is no result."""
    told = json.loads(site.command("bench_batch", what, str(rows)))
    if not told["is_exact"]:
        raise RuntimeError(f"taken back, and not as it was: {told}")
    seconds = {f"bulk_{what}": told["seconds"], f"bulk_{what}_undo": told["undo_seconds"]}
    return [lasting(name, customers, told["rows"], spent, told["floor"]) for name, spent in seconds.items()]


def taken_out(site: Site, customers: int) -> list[Result]:
    """Take 100,000 customers out as a workbook; a file that lacks some is no result."""
    told = json.loads(site.command("bench_export", str(min(EXPORTED, customers))))
    if not told["is_exact"]:
        raise RuntimeError(f"rows are missing in the file: {told}")
    return [lasting("export", customers, told["rows"], told["seconds"], told["floor"])]


def planned_anew(site: Site, customers: int) -> list[Result]:
    """Plan every customer by the cadence, from nothing and once more, and single ones whose grade changes."""
    told = json.loads(site.command("bench_cadence"))
    if told["again_changed"]:
        raise RuntimeError(f"planned again, and not the same: {told}")
    one = told["single_ms"]
    return [
        lasting("cadence", customers, told["customers"], told["seconds"], told["floor"]),
        lasting("cadence_again", customers, told["customers"], told["again_seconds"], told["floor"]),
        Result("cadence_one", customers, one["median"], one["p95"], one["median"], 1.0, 0),
    ]
