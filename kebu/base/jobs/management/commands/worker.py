"""`kebu worker`: run background jobs until told to stop."""

import signal
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from kebu.base.jobs.registry import learn
from kebu.base.jobs.worker import Worker


class Command(BaseCommand):
    """The worker process."""

    help = _("运行后台任务，直到收到停止信号")
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--threads", type=int, default=settings.KEBU_WORKER_THREADS, help=_("同时进行的任务数")
        )

    def handle(self, *args: Any, threads: int, **options: Any) -> None:
        learn()
        worker = Worker(settings.DATA_DIR / "workers", import_string(settings.KEBU_SCHEDULE), threads)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: worker.stop())
        worker.run()
