"""``kebu restore ARCHIVE``: into an empty installation, or with --replace in the place of this one."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from kebu.office.backups.refusals import RestoreFailed, Unusable
from kebu.office.backups.restoring import restore


class Command(BaseCommand):
    """Restore a backup. The command line sees to it that nothing else works on the data folder meanwhile."""

    help = _("恢复备份：kebu restore 备份文件 [--replace]；先停掉客簿")
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("archive", help=_("备份文件"))
        parser.add_argument("--replace", action="store_true", help=_("换掉现有的数据（现有的留在旁边）"))

    def handle(self, *args: Any, archive: str, replace: bool, **options: Any) -> None:
        try:
            done = restore(Path(archive), replace=replace, say=self.stdout.write)
        except (Unusable, RestoreFailed) as refusal:
            raise CommandError(str(refusal)) from refusal
        manifest = done.manifest
        words = _(
            "恢复好了：%(rows)s行数据、%(files)d个文件，逐张表核对过。"
            "现在可以启动：kebu run，大家要重新登录。"
        )
        self.stdout.write(words % {"rows": f"{manifest.row_count:,}", "files": len(manifest.files)})
        if done.unconfirmed:
            told = _(
                "备份时还有%(count)d条通知没有发完，备份以后可能已经发过，所以不再自动发，记为“未确认”："
                "启动后到“设置”的“通知”里打开“发送记录”，看过再发。"
            )
            self.stdout.write(told % {"count": done.unconfirmed})
        if done.kept:
            self.stdout.write(_("换下来的数据在 %(place)s，确认不要了再删。") % {"place": done.kept})
