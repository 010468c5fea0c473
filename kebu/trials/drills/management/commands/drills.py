"""``kebu drills``: faults on purpose on installations of their own; exit code 1 when anything was lost."""

import signal
import sys
import time
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from kebu.trials.drills.ground import ground
from kebu.trials.drills.program import DRILLS
from kebu.trials.drills.verdict import FILE, Verdict

SHOWN = 20


class Command(BaseCommand):
    """Hold one drill or all of them."""

    help = _("演练断电和并发，核对数据不丢不重，结果追加到 drills.json")

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", nargs="?", choices=sorted(DRILLS), help=_("演练名称，不写就全部演练"))
        parser.add_argument("--rounds", type=int, default=0, help=_("轮数，不写就用各演练的默认值"))
        words = _("到了这么多分钟就不再开始新的一轮，有几轮算几轮")
        parser.add_argument("--minutes", type=float, default=0, help=words)

    def handle(self, *args: Any, **options: Any) -> None:
        signal.signal(signal.SIGTERM, lambda _number, _frame: sys.exit(143))  # leave nothing behind
        names = [options["name"]] if options["name"] else list(DRILLS)
        verdicts = [self._hold(name, options["rounds"], options["minutes"]) for name in names]
        if not all(verdict.is_clean for verdict in verdicts):
            sys.exit(1)

    def _hold(self, name: str, rounds: int, minutes: float) -> Verdict:
        drill = DRILLS[name]
        start = time.monotonic()
        with ground(name) as made:
            made.ends_at = start + minutes * 60 if minutes else made.ends_at
            verdict = drill.hold(made, rounds or drill.rounds)
        verdict.seconds = time.monotonic() - start
        verdict.append_to(FILE)
        self._show(verdict)
        return verdict

    def _show(self, verdict: Verdict) -> None:
        counts = _("轮数%(rounds)6d  丢失%(lost)4d  重复%(doubled)4d  错误%(wrong)4d  用时%(seconds)7.1f秒")
        head = f"{verdict.name:<16}{verdict.database:<12}"
        self.stdout.write(f"{head}{counts % asdict(verdict)}  {verdict.tally}")
        for words in verdict.faults[:SHOWN]:
            self.stdout.write(f"  {words}")
