"""``kebu demo``: fill the installation with a believable sales team, or take it away again."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from kebu.front.demo.actions import Size, fill, remove


class Command(BaseCommand):
    """Make or remove demo data."""

    help = _("生成演示数据（--customers --interactions --users --seed），或用 --remove 删除")
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--customers", type=int, default=300, help=_("客户数，0表示只建员工和字典"))
        parser.add_argument("--interactions", type=int, default=None, help=_("跟进记录数，默认是客户数的4倍"))
        parser.add_argument("--users", type=int, default=12, help=_("五个演示账号以外的销售人数"))
        parser.add_argument("--seed", type=int, default=2026, help=_("同一个种子在同一天生成同样的数据"))
        parser.add_argument("--remove", action="store_true", help=_("删除演示数据，别的数据不动"))

    def handle(self, *args: Any, **options: Any) -> None:
        if options["remove"]:
            counts = remove(self._progress(options, _("删除")))
            self.stdout.write(_("已删除演示客户%(customer)s个、演示账号%(user)s个") % counts)
            return
        self._fill(options)

    def _fill(self, options: dict[str, Any]) -> None:
        customers = options["customers"]
        told = customers * 4 if options["interactions"] is None else options["interactions"]
        if min(customers, told, options["users"]) < 0:
            raise CommandError(_("数量不能是负数"))
        if not settings.KEBU_DEMO_PASSWORD:
            raise CommandError(_("没有演示账号的密码：请用 kebu demo 运行，或设置 KEBU_DEMO_PASSWORD"))
        fill(
            Size(customers, told, options["users"]),
            seed=options["seed"],
            password=settings.KEBU_DEMO_PASSWORD,
            at=timezone.now(),
            progress=self._progress(options, _("生成")),
        )
        if options["verbosity"]:
            self.stdout.write(
                _("演示数据已生成：客户%(customers)s个，跟进约%(told)s条")
                % {"customers": f"{customers:,}", "told": f"{told:,}"}
            )

    def _progress(self, options: dict[str, Any], verb: str) -> Any:
        def show(done: int, total: int) -> None:
            if options["verbosity"] and total >= 5_000 and done % 20_000 < 400:
                self.stdout.write(f"{verb} {done:,} / {total:,}")

        return show
