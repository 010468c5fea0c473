"""``kebu bench``: speed of every page and write against its floor, in one run on one machine."""

import json
import platform
import sqlite3
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

import django
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.utils.translation import gettext as _

from kebu.trials.bench.filling import PLAIN, STEPS
from kebu.trials.bench.measure import Result
from kebu.trials.bench.runs import PARTS, kept, measure_size, start_and_memory


class Command(BaseCommand):
    """Measure the product."""

    help = _("测量各页面的速度：与同一模板加一条SQL的下限相比")

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--customers", type=int, action="append", help=_("客户数，可写几次，默认10000和100000")
        )
        parser.add_argument("--json", help=_("把结果写成JSON文件"))
        parser.add_argument(
            "--keep", type=Path, help=_("数据生成后留在这个文件夹，下次直接用；测量的总是它的副本")
        )
        parser.add_argument(
            "--only", action="append", choices=PARTS, help=_("只测这一部分，可写几次，默认全部")
        )
        parser.add_argument("--plain", action="store_true", help=_("不建自定义字段，不打标签"))
        parser.add_argument("--only-fill", action="store_true", help=_("只为 --keep 生成数据，先不测量"))

    def handle(self, *args: Any, **options: Any) -> None:
        sizes = options["customers"] or [10_000, 100_000]
        steps = PLAIN if options["plain"] else STEPS
        if options["only_fill"]:
            if not options["keep"]:
                raise CommandError(_("--only-fill 要和 --keep 文件夹 一起用，否则生成的数据没有地方留"))
            for customers in sizes:
                kept(customers, options["keep"], steps)
            return
        told: dict[str, Any] = {"cases": [], "versions": versions()}
        results: list[Result] = []
        for customers in sizes:
            self.stdout.write(_("客户 %(count)s：生成数据、测量…") % {"count": f"{customers:,}"})
            found, floors = measure_size(customers, options["keep"], options["only"] or PARTS, steps)
            results += found
            self._table(found, floors)
            told["cases"] += [one.as_json() for one in found]
            told["floors"] = {name: round(value, 3) for name, value in floors.items()}
            _write(told, options["json"])
        self._growth(results)
        if not options["only"]:
            told["start_s"], told["memory_mb"] = start_and_memory()
            words = _("再次启动到首页 %(start_s).1f秒；空闲内存（网页+后台） %(memory_mb).0f MB")
            self.stdout.write(words % told)
            _write(told, options["json"])

    def _table(self, results: list[Result], floors: dict[str, float]) -> None:
        self.stdout.write(_("空页面 %(empty_ms).1f ms；50行空白表 %(plain50_ms).1f ms") % floors)
        least, times, to_plain = _("下限"), _("倍"), _("对50行")
        self.stdout.write(f"{'':20}{'p50':>9}{'p95':>9}{least:>9}{times:>7}{to_plain:>8}{'SQL':>5}")
        for one in results:
            plain = one.p50_ms / floors["plain50_ms"]
            self.stdout.write(
                f"{one.name:20}{one.p50_ms:9.1f}{one.p95_ms:9.1f}{one.floor_ms:9.1f}"
                f"{one.ratio:7.2f}{plain:8.1f}{one.queries:5d}"
            )
            if one.slowest:
                self.stdout.write(f"{'':20}{one.slowest_ms:18.1f}  {one.slowest}")
                self.stdout.write(f"{'':20}{one.worst_ratio:34.2f}  {one.worst}")

    def _growth(self, results: list[Result]) -> None:
        """How much slower each case is with more customers."""
        sizes = sorted({one.customers for one in results})
        if len(sizes) < 2:
            return
        by_name = {(one.name, one.customers): one.p50_ms for one in results}
        for name in dict.fromkeys(one.name for one in results):
            growth = by_name[name, sizes[-1]] / by_name[name, sizes[0]]
            self.stdout.write(f"{name:20} {sizes[0]:,} → {sizes[-1]:,}: × {growth:.2f}")


def _write(told: dict[str, Any], path: str | None) -> None:
    if path:
        Path(path).write_text(json.dumps(told, ensure_ascii=False, indent=1))


def versions() -> dict[str, str]:
    """What was measured, and on what."""
    return {
        "python": platform.python_version(),
        "django": django.get_version(),
        "sqlite": sqlite3.sqlite_version,
        "database": _database(),
    }


def _database() -> str:
    """The database measured, with the server's version."""
    if connection.vendor != "postgresql":
        return "SQLite"
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        return f"PostgreSQL {cursor.fetchone()[0]}"
