"""``kebu industries FILE --edition 2017``: replace the industry table by another edition of GB/T 4754."""

from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from kebu.base.journal.authors import Author
from kebu.base.journal.choices import Door
from kebu.base.kit.errors import KitError
from kebu.office.vocabulary.editions import read_edition, replace_edition


class Command(BaseCommand):
    """Replace the industry table."""

    help = _("换行业表：kebu industries 文件 --edition 版本")
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", help=_("xlsx 或 csv 文件，列名 code、name、parent、level"))
        parser.add_argument("--edition", required=True, help=_("标准的年号，如 2017"))

    def handle(self, *args: Any, **options: Any) -> None:
        path = Path(options["file"])
        if not path.is_file():
            raise CommandError(_("没有这个文件：%(path)s") % {"path": path})
        try:
            rows = read_edition(str(path))
        except KitError as fault:
            raise CommandError(fault.message) from fault
        by = Author(None, _("命令行"), Door.COMMAND)
        result = replace_edition(rows, options["edition"][:20], by=by, at=timezone.now())
        self.stdout.write(
            _("新增%(added)s类，改名%(changed)s类，停用%(retired)s类，删除%(removed)s类") % asdict(result)
        )
