"""Verifies the journal whenever a line comes in, and answers with a line of JSON: one process for a drill."""

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone
from django.utils.translation import gettext as _

from kebu.base.journal import anchors
from kebu.base.journal.chain import seal_waiting
from kebu.base.journal.verifying import verify


class Command(BaseCommand):
    """``verify`` and ``anchor``, as often as asked."""

    help = _("演练用：每读一行校验一次日志")
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        for line in sys.stdin:
            seal_waiting()
            answer = (
                {"anchored": anchors.drop(timezone.now())} if line.strip() == "anchor" else verify().data()
            )
            self.stdout.write(json.dumps(answer, ensure_ascii=False))
            self.stdout.flush()
