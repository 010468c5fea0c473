"""``kebu backup [FILE or FOLDER]``: everything into one archive, while people work."""

import sys
from argparse import ArgumentParser
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from kebu.office.backups import alarm, shelf
from kebu.office.backups.choices import Way
from kebu.office.backups.keeping import back_up
from kebu.office.backups.making import make_backup
from kebu.office.backups.refusals import BackupFailed
from kebu.office.backups.sealed import Step


class Command(BaseCommand):
    """Make a backup now."""

    help = _("备份：kebu backup [文件或文件夹]，不写就放进备份文件夹；客簿可以照常使用")
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("target", nargs="?", help=_("文件（以 .zip 结尾）或已有的文件夹"))

    def handle(self, *args: Any, target: str | None, **options: Any) -> None:
        step = teller(self.stdout.write) if sys.stdout.isatty() else lambda _done, _total: None
        try:
            path = self._make(Path(target).resolve() if target else None, step)
        except BackupFailed as failed:
            raise CommandError(str(failed)) from failed
        size = path.stat().st_size
        words = _("备份做好了，也校验过了：%(path)s（%(mb).1f MB）。里面有全部资料和密钥，请妥善保管。")
        self.stdout.write(words % {"path": path, "mb": size / 1e6})

    def _make(self, target: Path | None, step: Step) -> Path:
        if target is None:
            path = back_up(Way.MANUAL, step)
            alarm.calm()
            return path
        path = shelf.new_name(Way.MANUAL, target) if target.is_dir() else target
        if path.suffix != ".zip" or not path.parent.is_dir():
            raise CommandError(_("请写一个已有的文件夹，或以 .zip 结尾的文件名。"))
        if path.exists():
            raise CommandError(_("已经有这个文件了，没有动它：%(path)s") % {"path": path})
        make_backup(path, step)
        return path


def teller(write: Callable[[str], Any]) -> Step:
    """A step that says how far it is, at every tenth."""
    said = 0

    def step(done: int, total: int) -> None:
        nonlocal said
        if total and done * 10 // total > said:
            said = done * 10 // total
            write(f"{said * 10}%")

    return step
