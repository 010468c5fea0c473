"""``kebu bench_export ROWS``: take so many customers out as a workbook; prints what it takes."""

import json
import resource
import tempfile
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

import xlsxwriter
from django.core.management.base import BaseCommand
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from kebu.base.jobs.models import Job
from kebu.base.tables.registry import TABLES, Asked
from kebu.crm.customers.models import Customer
from kebu.exchange.exports.actions import begin, drop, make
from kebu.exchange.exports.models import Export
from kebu.exchange.exports.queries import CHUNK
from kebu.office.staff.models import User
from kebu.trials.bench.people import EVERYBODYS

COLUMNS = (
    "number", "name", "industry_id", "customer_type", "phone", "first_contact_on", "source_id", "key_contact",
    "stage_id", "last_contact_at", "owner_id", "remark",
)  # fmt: skip


class Command(BaseCommand):
    """The first companies in the columns of the first template, as the worker makes it."""

    help = _("测速用：导出客户")
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("rows", type=int)

    def handle(self, *args: Any, **options: Any) -> None:
        table, now = TABLES["customers"], timezone.now()
        user = User.objects.get(username=EVERYBODYS)
        rows = Customer.objects.live().filter(kind="company").order_by("pk").values("pk")[: options["rows"]]
        asked = Asked(Customer.objects.filter(pk__in=rows), "bench")
        wanted = [(key, str(head)) for key, head in table.templates[0].columns]
        told = {"form": "xlsx", "template": table.templates[0].code, "reason": "bench"}
        export = begin(table, asked, wanted, key=f"bench-{now}", by=user, at=now, **told)
        Job.objects.filter(pk=export.job_id or 0).delete()
        before, start = peak(), time.monotonic()
        make(export, lambda _done, _total: None, lambda: None)
        seconds, grown = time.monotonic() - start, peak() - before
        export = Export.objects.get(pk=export.pk)
        found = {
            "rows": export.row_count,
            "seconds": seconds,
            "grown_mb": grown,
            "is_exact": is_exact(export),
        }
        found["floor"] = floor([pk for span in export.spans for pk in span])
        drop(export, at=now)
        self.stdout.write(json.dumps(found))


def peak() -> float:
    """The most memory this process ever held, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def is_exact(export: Export) -> bool:
    """Say whether every row asked for is in the file."""
    return export.is_ready and export.row_count == export.total


def floor(ids: list[int]) -> float:
    """Bare: the same columns of the same rows as they lie there, written as texts."""
    start = time.monotonic()
    names = ", ".join(COLUMNS)
    with tempfile.TemporaryDirectory() as place, connection.cursor() as cursor:
        book = xlsxwriter.Workbook(
            str(Path(place) / "floor.xlsx"), {"constant_memory": True, "tmpdir": place}
        )
        sheet, line = book.add_worksheet(), 0
        for at in range(0, len(ids), CHUNK):
            keys = ",".join(map(str, ids[at : at + CHUNK]))
            cursor.execute(f"SELECT {names} FROM customers_customer WHERE id IN ({keys})")  # noqa: S608
            for row in cursor.fetchall():
                line += 1
                for column, value in enumerate(row):
                    if value is not None and value != "":
                        sheet.write_string(line, column, str(value))
        book.close()
    return time.monotonic() - start
