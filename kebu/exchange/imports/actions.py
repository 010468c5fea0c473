"""Verbs of an import: take a file, set how it is read, check it, bring it in, correct a row."""

import os
import shutil
import uuid
from collections.abc import Callable, Sequence
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kebu.base.fields.directories import Context
from kebu.base.kit.errors import Unreadable
from kebu.base.kit.table_rows import Row
from kebu.base.kit.tables import open_table
from kebu.exchange.imports.checking import (
    CHUNK,
    Earlier,
    check_chunk,
    chunks,
    data_rows,
    file_path,
    fingerprint,
    judge,
    matches_of,
    outcome_of,
)
from kebu.exchange.imports.choices import Decision, Outcome, State
from kebu.exchange.imports.committing import commit_chunk, importer
from kebu.exchange.imports.headers import LEAST_ALIKE, find_header, guess
from kebu.exchange.imports.models import Import, ImportRow
from kebu.exchange.imports.reading import cell_text, read_row
from kebu.exchange.imports.sheets import LOOK_AT, sheet_rows
from kebu.exchange.imports.targets import bare, by_spelling
from kebu.office.staff.models import User

SAMPLES = 20
# Called after each chunk, in its transaction: rows done so far, number of the last row.
Step = Callable[[int, int], None]


def store(file: BinaryIO, name: str) -> str:
    """Keep an uploaded file under a random name (written, synced, renamed); returns its path."""
    folder = Path(settings.MEDIA_ROOT) / "imports"
    folder.mkdir(parents=True, exist_ok=True)
    ending = Path(name).suffix.lower()[:8]
    path = folder / f"{uuid.uuid4().hex}{ending}"
    part = path.with_suffix(path.suffix + ".part")
    with part.open("wb") as out:
        shutil.copyfileobj(file, out)
        out.flush()
        os.fsync(out.fileno())
    part.rename(path)
    return str(path.relative_to(settings.MEDIA_ROOT))


def take_file(file: BinaryIO, name: str, *, owner: User, at: datetime, sheet: str = "") -> Import:
    """Keep the file and guess how it is to be read. Raises Unreadable for files that are no tables."""
    path = store(file, name)
    source = Import(owner=owner, path=path, file_name=Path(name).name[:200], created_at=at)
    source.sha256 = fingerprint(file_path(source))
    try:
        look_at(source, sheet)
    except Unreadable:
        file_path(source).unlink()
        raise
    source.save(force_insert=True)
    return source


def look_at(source: Import, sheet: str = "", header_row: int | None = None) -> None:
    """Choose sheet, header row and mapping: what is named, else what looks most like a list of customers."""
    with open_table(str(file_path(source))) as table:
        names = [sheet] if sheet else table.sheets
        heads = {name: list(islice(sheet_rows(table, name), LOOK_AT)) for name in names}
    if not any(heads.values()):
        raise Unreadable(_("文件里没有数据，请检查是不是选错了文件"))
    source.sheet = max(heads, key=lambda name: likeness(heads[name]))
    rows = heads[source.sheet]
    header = next((r for r in rows if r.number == header_row), None) if header_row else find_header(rows)
    if header is None:
        raise Unreadable(_("没有找到表头，请让第一行写列名，如 客户名称、联系方式"))
    source.header_row = header.number
    source.headers = [cell_text(cell).strip() for cell in header.cells]
    samples = [[cell_text(c) for c in row.cells] for row in rows if row.number > header.number][:SAMPLES]
    source.mapping = [found.key for found in guess(source.headers, samples, Context())]


def likeness(rows: Sequence[Row]) -> int:
    """How much a sheet looks like a list: known names in its best row, and any rows at all."""
    header = find_header(rows)
    if header is None:
        return -1
    known = sum(1 for cell in header.cells if bare(cell_text(cell)) in by_spelling())
    return known * 1000 + len(rows) if known >= LEAST_ALIKE else len(rows)


class Busy(Exception):
    """The import is being read or brought in, or is over: it cannot be changed now."""


@transaction.atomic
def begin_check(source: Import, *, may_be_in: Sequence[State] = (State.DRAFT,)) -> None:
    """Forget what was read before and begin anew, with the sheet and mapping as ``source`` has them."""
    open_one = Import.objects.filter(pk=source.pk, state__in=may_be_in)
    if not open_one.update(state=State.CHECKING, error="", checked_count=0, finished_at=None):
        raise Busy
    source.refresh_from_db(fields=["state", "error", "checked_count", "finished_at"])
    source.save(update_fields=["sheet", "header_row", "headers", "mapping"])
    source.rows.all().delete()


def begin_commit(source: Import, *, may_be_in: Sequence[State] = (State.CHECKED,)) -> None:
    """Set the import on its way in; from here on nothing of it can be changed."""
    ready = Import.objects.filter(pk=source.pk, state__in=may_be_in)
    if not ready.update(state=State.COMMITTING, error=""):
        raise Busy
    source.refresh_from_db(fields=["state", "error"])


def check_all(source: Import, *, after: int = 0, step: Step = lambda done, number: None) -> None:
    """Read every row behind row ``after``; each chunk is kept whole with its account or not at all."""
    _user, _by, context = importer(source)
    for group in chunks(data_rows(source, after)):
        with transaction.atomic():
            check_chunk(source, group, context)
            source.checked_count += len(group)
            Import.objects.filter(pk=source.pk).update(checked_count=source.checked_count)
            step(source.checked_count, group[-1][0])
    Import.objects.filter(pk=source.pk, state=State.CHECKING).update(state=State.CHECKED)


def commit_all(source: Import, *, step: Step = lambda done, number: None) -> None:
    """Bring in every row that is not done; each chunk is whole or not at all."""
    user, by, context = importer(source)
    while True:
        with transaction.atomic():
            rows = list(source.rows.filter(is_done=False).order_by("number")[:CHUNK])
            if not rows:
                break
            for row in rows:
                row.source = source
            commit_chunk(source, rows, user, by=by, at=timezone.now(), context=context)
            source.done_count += len(rows)
            Import.objects.filter(pk=source.pk).update(done_count=source.done_count)
            step(source.done_count, rows[-1].number)
    Import.objects.filter(pk=source.pk).update(state=State.DONE, finished_at=timezone.now())


@transaction.atomic
def correct(row: ImportRow, corrections: dict[int, str]) -> None:
    """Put other texts into cells (by column) of a checked row and judge it anew."""
    source = row.source
    cells = list(row.cells) + [""] * (len(source.headers) - len(row.cells))
    for column, text in corrections.items():
        if 0 <= column < len(cells):
            cells[column] = text
    _user, _by, context = importer(source)
    reading = read_row(cells, source.mapping, source.headers, context)
    row.cells = cells
    earlier = Earlier(source, [reading], before=row.number)
    judge(row, reading, matches_of([reading]), earlier, context)
    row.save()


@transaction.atomic
def decide(rows: Sequence[ImportRow], decision: str) -> None:
    """Say what to do with rows that exist already, or to leave rows out."""
    for row in rows:
        row.decision = Decision(decision)
        if row.outcome != Outcome.REJECT:
            row.outcome = outcome_of(row)
    ImportRow.objects.bulk_update(rows, ["decision", "outcome"], batch_size=300)


@transaction.atomic
def set_policy(source: Import, policy: str) -> None:
    """Say what to do with all rows that exist already and were not decided one by one."""
    source.policy = Decision(policy)
    source.save(update_fields=["policy"])
    open_rows = (
        source.rows.exclude(match_id=None, match_row=None).exclude(outcome=Outcome.REJECT).filter(decision="")
    )
    outcome = {
        Decision.SKIP: Outcome.DUPLICATE,
        Decision.CREATE: Outcome.CREATE,
        Decision.UPDATE: Outcome.UPDATE,
        Decision.FILL: Outcome.UPDATE,
    }[Decision(policy)]
    open_rows.update(outcome=outcome)
