"""``kebu journal verify``: say what was changed behind the journal's back; exit code 1 then."""

import json
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from kebu.base.journal.chain import seal_waiting
from kebu.base.journal.verifying import verify


class Command(BaseCommand):
    """Verify the chain of seals."""

    help = _("校验操作日志：有没有被改、被删、被插入、换序或截尾")
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("what", choices=["verify"], help=_("verify：校验整条日志链"))
        parser.add_argument("--json", action="store_true", help=_("按JSON输出"))

    def handle(self, *args: Any, **options: Any) -> None:
        seal_waiting()
        report = verify()
        if options["json"]:
            self.stdout.write(json.dumps(report.data(), ensure_ascii=False))
        else:
            self.stdout.write("\n".join(report.in_words()))
        if not report.is_clean:
            sys.exit(1)
