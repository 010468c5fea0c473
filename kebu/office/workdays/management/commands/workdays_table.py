"""Write the shipped table of days anew, after a new version of the package ``holidays``."""

import csv
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from kebu.office.workdays.queries import SHIPPED_FILE
from kebu.office.workdays.table import rows


class Command(BaseCommand):
    """Write the table."""

    help = _("重新生成随附的放假调休表")
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where to."""
        parser.add_argument("--to", type=Path, default=SHIPPED_FILE)

    def handle(self, *args: Any, **options: Any) -> None:
        """Write it."""
        with options["to"].open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(("day", "kind", "name", "origin"))
            writer.writerows(rows())
