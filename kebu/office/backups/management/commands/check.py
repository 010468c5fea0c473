"""``kebu check``: look this installation through; ``kebu check ARCHIVE``: look a backup through."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from kebu.office.backups.checking import refuse_newer, verify
from kebu.office.backups.refusals import EXPECTED, Unusable, in_words
from kebu.office.backups.soundness import findings


class Command(BaseCommand):
    """Check; exit code 1 when something is wrong. Django's own checks of the settings come first."""

    help = _("检查这个安装（数据库、文件、检索、日志），或检查一份备份：kebu check [备份文件]")

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("archive", nargs="?", help=_("备份文件"))

    def handle(self, *args: Any, archive: str | None, **options: Any) -> None:
        try:
            if archive:
                self._archive(Path(archive))
            else:
                self._installation()
        except Unusable as fault:
            raise CommandError(str(fault)) from fault
        except EXPECTED as error:
            raise CommandError(_("没有检查成：%(why)s。") % {"why": in_words(error)}) from error

    def _archive(self, path: Path) -> None:
        manifest = verify(path, lambda _done, _total: None)
        words = _(
            "备份是好的：%(at)s 由客簿%(version)s（%(engine)s）做的，"
            "%(tables)d张表%(rows)s行，%(files)d个文件。"
        )
        self.stdout.write(
            words
            % {
                "at": manifest.made_at[:16].replace("T", " ") + " UTC",
                "version": manifest.version,
                "engine": manifest.engine,
                "tables": len(manifest.tables),
                "rows": f"{manifest.row_count:,}",
                "files": len(manifest.files),
            }
        )
        refuse_newer(manifest)

    def _installation(self) -> None:
        is_sound = True
        for finding in findings():
            self.stdout.write(f"{'✗' if finding.faults else '✓'} {finding.what}")
            for fault in finding.faults:
                self.stdout.write(f"    {fault}")
            is_sound = is_sound and not finding.faults
        if not is_sound:
            sys.exit(1)
