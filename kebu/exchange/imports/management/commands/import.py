"""``kebu import FILE --as USER``: the wizard's check and import in one go, through the same code."""

import json
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from kebu.base.access.choices import Permission
from kebu.base.kit.errors import KitError
from kebu.exchange.imports.actions import Overtaken, begin, begin_check, check_all, commit_all
from kebu.exchange.imports.choices import Decision, Outcome, State
from kebu.exchange.imports.correcting import decide_rest
from kebu.exchange.imports.models import Import
from kebu.exchange.imports.queries import tally
from kebu.exchange.imports.reports import lines
from kebu.exchange.imports.taking import take_file
from kebu.office.staff.models import User


class Command(BaseCommand):
    """Import a spreadsheet."""

    help = _("导入客户表格：kebu import 文件 --as 账号")
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", help=_("xlsx 或 csv 文件"))
        parser.add_argument("--as", dest="username", required=True, help=_("以哪个账号导入"))
        parser.add_argument("--report", help=_("把每一行的结果写成一行JSON"))
        parser.add_argument("--summary", help=_("把总数和秒数写成一个JSON"))
        parser.add_argument("--sheet", default="", help=_("工作表，默认自己找"))
        parser.add_argument(
            "--duplicates", choices=Decision.values, default=Decision.SKIP, help=_("已有的客户怎么办")
        )

    def handle(self, *args: Any, **options: Any) -> None:
        path, user = Path(options["file"]), self._user(options["username"])
        if not path.is_file():
            raise CommandError(_("没有这个文件：%(path)s") % {"path": path})
        start = time.monotonic()
        try:
            with path.open("rb") as file:
                source = take_file(file, path.name, owner=user, at=timezone.now(), sheet=options["sheet"])
            source.save(force_insert=True)
            self._bring_in(source, Decision(options["duplicates"]))
        except KitError as error:
            raise CommandError(error.message) from error
        except Overtaken as overtaken:
            raise CommandError(_("这次导入在别处重新开始了，或者删掉了")) from overtaken
        seconds = time.monotonic() - start
        if options["report"]:
            self._report(source, Path(options["report"]))
        if options["summary"]:
            self._summary(source, seconds, Path(options["summary"]))
        self._tell(source, seconds)

    def _bring_in(self, source: Import, duplicates: Decision) -> None:
        begin_check(source)
        for _done in check_all(source):
            pass
        source.refresh_from_db()
        decide_rest(source, duplicates)
        begin(source, State.COMMITTING)
        for _done in commit_all(source):
            pass

    def _user(self, username: str) -> User:
        user = User.objects.filter(username=username, is_active=True).first()
        if user is None:
            raise CommandError(_("没有这个账号：%(name)s") % {"name": username})
        if not user.can(Permission.CUSTOMER_IMPORT):
            raise CommandError(_("账号%(name)s没有导入客户的权限") % {"name": username})
        return user

    def _report(self, source: Import, path: Path) -> None:
        with path.open("w", encoding="utf-8") as out:
            for line in lines(source):
                out.write(json.dumps(line, ensure_ascii=False) + "\n")

    def _summary(self, source: Import, seconds: float, path: Path) -> None:
        counts = tally(source)
        figures = {code: getattr(counts, code) for code in Outcome.values} | {"seconds": round(seconds, 3)}
        path.write_text(json.dumps({"file": source.file_name, "rows": counts.total} | figures) + "\n")

    def _tell(self, source: Import, seconds: float) -> None:
        counts = tally(source)
        named = [(Outcome(code).label, getattr(counts, code)) for code in Outcome.values]
        rows = [
            _("%(label)s%(count)s行") % {"label": label, "count": count} for label, count in named if count
        ]
        self.stdout.write(
            _("%(file)s：%(rows)s。用时%(seconds).2f秒，每秒%(speed)s行")
            % {
                "file": source.file_name,
                "rows": _("，").join(rows) or _("没有数据行"),
                "seconds": seconds,
                "speed": f"{counts.total / seconds:,.0f}",
            }
        )
