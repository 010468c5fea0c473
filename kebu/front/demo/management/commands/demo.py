"""``kebu demo``: fill the installation with a believable sales team, or take it away again."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from kebu.front.demo.actions import Size, fill, remove


class Command(BaseCommand):
    """Make or remove demo data."""

    help = "生成演示数据（--customers --interactions --users --seed），或用 --remove 删除"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--customers", type=int, default=300, help="客户数，0表示只建员工和字典")
        parser.add_argument("--interactions", type=int, default=None, help="跟进记录数，默认是客户数的4倍")
        parser.add_argument("--users", type=int, default=12, help="五个演示账号以外的销售人数")
        parser.add_argument("--seed", type=int, default=2026, help="同一个种子在同一天生成同样的数据")
        parser.add_argument("--remove", action="store_true", help="删除演示数据，别的数据不动")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["remove"]:
            counts = remove(self._progress(options, "删除"))
            self.stdout.write(f"已删除演示客户{counts['customer']}个、演示账号{counts['user']}个")
            return
        self._fill(options)

    def _fill(self, options: dict[str, Any]) -> None:
        customers = options["customers"]
        told = customers * 4 if options["interactions"] is None else options["interactions"]
        if min(customers, told, options["users"]) < 0:
            raise CommandError("数量不能是负数")
        if not settings.KEBU_DEMO_PASSWORD:
            raise CommandError("没有演示账号的密码：请用 kebu demo 运行，或设置 KEBU_DEMO_PASSWORD")
        fill(
            Size(customers, told, options["users"]),
            seed=options["seed"],
            password=settings.KEBU_DEMO_PASSWORD,
            at=timezone.now(),
            progress=self._progress(options, "生成"),
        )
        if options["verbosity"]:
            self.stdout.write(f"演示数据已生成：客户{customers:,}个，跟进约{told:,}条")

    def _progress(self, options: dict[str, Any], verb: str) -> Any:
        def show(done: int, total: int) -> None:
            if options["verbosity"] and total >= 5_000 and done % 20_000 < 400:
                self.stdout.write(f"{verb} {done:,} / {total:,}")

        return show
