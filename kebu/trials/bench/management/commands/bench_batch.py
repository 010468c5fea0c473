"""``kebu bench_batch WHAT ROWS``: change so many customers at once, take it back; prints what it takes."""

import json
import random
import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kebu.base.batches.actions import CHUNK, begin, begin_undo, carry_out
from kebu.base.batches.models import Batch
from kebu.base.batches.registry import WAYS, Way
from kebu.base.journal.authors import Author
from kebu.base.journal.choices import Door
from kebu.base.journal.models import JournalEntry
from kebu.crm.customers.models import Customer
from kebu.crm.customers.ways import EDIT
from kebu.crm.tagging.marking import Marking
from kebu.office.staff.models import User
from kebu.office.tags.choices import TagState
from kebu.office.tags.models import Tag
from kebu.trials.bench.people import EVERYBODYS
from kebu.trials.bench.writes import VALUES

Columns = dict[str, Any]
MOVING = {"version", "updated_at"}


class Command(BaseCommand):
    """Three fields, or a tag, of customers from all over the table, chunk by chunk as the worker does it."""

    help = _("测速用：批量修改或打标签，再撤销")
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("what", choices=("edit", "tag"))
        parser.add_argument("rows", type=int)

    def handle(self, *args: Any, **options: Any) -> None:
        ids = chosen(options["rows"])
        before = rows_of(ids)
        user = User.objects.get(username=EVERYBODYS)
        by = Author(user.pk, user.name, Door.COMMAND)
        way, wish, columns = WISHES[options["what"]]()
        batch = begin(way, "bench", ids, by=by, at=timezone.now(), args=wish)
        seconds = spent(batch)
        undoing = begin_undo(batch, by=by, at=timezone.now())
        undo_seconds = spent(undoing)
        found = {
            "rows": len(ids),
            "seconds": seconds,
            "undo_seconds": undo_seconds,
            "is_exact": rows_of(ids) == before,
            "floor": floor(ids, batch, columns),
        }
        self.stdout.write(json.dumps(found))


def edited() -> tuple[Way, Columns, Columns]:
    """Three fields; the way, what it is told, and the columns it comes to."""
    return EDIT, {"values": VALUES}, VALUES


def tagged() -> tuple[Way, Columns, Columns]:
    """One tag that excludes no other."""
    tag = Tag.objects.filter(state=TagState.ACTIVE, group__is_exclusive=False).order_by("id")[0]
    return WAYS["tag"], Marking(add=frozenset({tag.pk})).args, {"tag_ids": json.dumps([tag.pk])}


WISHES = {"edit": edited, "tag": tagged}


def chosen(count: int) -> list[int]:
    """Companies from all over the table."""
    ids = list(Customer.objects.live().filter(kind="company").order_by("id").values_list("id", flat=True))
    return sorted(random.Random(3).sample(ids, min(count, len(ids))))  # noqa: S311  repeatable, nothing secret


def spent(batch: Batch) -> float:
    """Carry it out; the seconds it took."""
    start = time.monotonic()
    for _count in carry_out(batch):
        pass
    return time.monotonic() - start


def rows_of(ids: list[int]) -> list[int]:
    """What stands in every column but those that any write moves, of each customer as a digest."""
    names = [field.attname for field in Customer._meta.concrete_fields if field.attname not in MOVING]
    found: list[int] = []
    for at in range(0, len(ids), CHUNK):
        rows = Customer.objects.filter(pk__in=ids[at : at + CHUNK]).order_by("pk").values_list(*names)
        found += [hash(repr(row)) for row in rows]
    return found


def floor(ids: list[int], batch: Batch, columns: Columns) -> float:
    """Bare: the same columns of the same rows and as many entries in the journal, chunk by chunk."""
    fields = [one for one in JournalEntry._meta.concrete_fields if not one.primary_key]
    written = list(JournalEntry.objects.filter(batch=batch.code).order_by("pk"))
    entries = [
        tuple(
            None if one.name == "seq" else one.get_db_prep_save(getattr(entry, one.attname), connection)
            for one in fields
        )
        for entry in written
    ]
    names, marks = ", ".join(str(one.column) for one in fields), ", ".join(["%s"] * len(fields))
    insert = f"INSERT INTO {JournalEntry._meta.db_table} ({names}) VALUES ({marks})"  # noqa: S608
    update = (
        f"UPDATE customers_customer SET {' = %s, '.join(columns)} = %s, version = version + 1 WHERE id = %s"  # noqa: S608
    )
    start = time.monotonic()
    for at in range(0, len(ids), CHUNK):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.executemany(update, [(*columns.values(), pk) for pk in ids[at : at + CHUNK]])
            cursor.executemany(insert, entries[at : at + CHUNK])
    return time.monotonic() - start
