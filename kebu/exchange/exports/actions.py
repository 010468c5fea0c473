"""Verbs of exports: ask for one, make its file, take it, drop it, sweep."""

from array import array
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from kebu.base.fields.directories import Context
from kebu.base.jobs.models import Job
from kebu.base.journal.authors import Author
from kebu.base.journal.choices import Action, Door
from kebu.base.journal.models import JournalEntry, Line
from kebu.base.journal.upkeep import ranges_in_words
from kebu.base.kit.keeping import fingerprint, keep
from kebu.base.kit.table_write import MAX_XLSX_ROWS, write_table
from kebu.base.records.once import Once
from kebu.base.tables.registry import Asked, Table
from kebu.exchange.exports.choices import KEPT_DAYS, MOST_OPEN, State
from kebu.exchange.exports.models import Export
from kebu.exchange.exports.queries import (
    CHUNK,
    Unfit,
    cells_of,
    check_right,
    chosen,
    file_name,
    folder,
    keys_in_order,
    records_of,
    rules_of,
    table_of,
)
from kebu.office.staff.models import User

KIND, TAKEN = "export", "export-file"  # as the journal calls them
STALE = timedelta(hours=12)  # a file being written is younger
Step = Callable[[int, int], None]


def begin(
    table: Table,
    asked: Asked,
    wanted: Sequence[Sequence[str]],
    *,
    key: str,
    by: User,
    at: datetime,
    **values: Any,
) -> Export:
    """Note what is to be taken out, by a job; the same key twice is one export, 404 once that is gone."""

    def make() -> Export:
        return _begun(table, asked, wanted, by=by, at=at, **values)

    return Once(Export, KIND, key, by.pk).make(make, at=at)


def _begun(
    table: Table, asked: Asked, wanted: Sequence[Sequence[str]], *, by: User, at: datetime, **values: Any
) -> Export:
    mine = Export.objects.filter(owner=by, state=State.WORKING, created_at__gte=at - STALE)
    jobs = Job.objects.filter(pk__in=mine.values("job_id"), finished_at=None)
    if jobs.count() >= MOST_OPEN:
        raise Unfit(_("你有%(most)d个导出还没有做完，等一个做完再导") % {"most": MOST_OPEN})
    keys = asked.rows.order_by("pk").values_list("pk", flat=True)
    export = Export(
        owner=by, table=table.code, words=asked.words[:500], order=asked.order, created_at=at, **values
    )
    export.columns = [list(pair) for pair in wanted]
    export.total = 0
    export.selection = ranges_in_words(_counted(export, keys.iterator(chunk_size=10_000)))
    if not export.total:
        raise Unfit(_("没有可以导出的，换个条件或勾选再试"))
    export.save(force_insert=True)
    export.job_id = Job.objects.enqueue("exports.make", {"export": export.pk}, owner_id=by.pk).pk
    Export.objects.filter(pk=export.pk).update(job_id=export.job_id)
    return export


def _counted(export: Export, keys: Iterator[int]) -> Iterator[int]:
    for pk in keys:
        export.total += 1
        yield pk


def owner_now(export: Export) -> User:
    """Who takes it out, with the rights of this moment."""
    user = User.objects.filter(pk=export.owner_id, is_active=True).first()
    if user is None:
        raise Unfit(_("导出人的账号已停用，没有导出"))
    permission = table_of(export).permission
    if not user.can(permission):
        raise Unfit(_("你已没有“%(right)s”的权限，没有导出") % {"right": permission.label})
    return user


class Maker:
    """Writes the file of one export; the rows come chunk by chunk with the rights of that moment."""

    def __init__(self, export: Export, step: Step, stop: Callable[[], None]) -> None:
        self.export, self.step, self.stop = export, step, stop
        self.user, self.table = owner_now(export), table_of(export)
        self.context = Context(reader=self.user)
        self.columns = chosen(self.table, export.columns, self.context)
        if not self.columns:
            raise Unfit(_("选的列都对你不开放，没有导出"))
        self.rules = rules_of(self.columns, self.context)
        self.written = array("q")

    def write(self, path: Path) -> int:
        """Write everything; gives the number of rows."""
        heads = [head for _column, head in self.columns]
        label, most = str(self.table.label), MAX_XLSX_ROWS
        return write_table(str(path), heads, self._rows(), sheet=label, rows_a_sheet=most)

    def _rows(self) -> Iterator[list[object]]:
        keys = keys_in_order(self.export, self.table, self.user, self.context)
        cells, names = cells_of(self.columns, self.context), [column.key for column, _head in self.columns]
        for start in range(0, len(keys), CHUNK):
            self.stop()
            context = self._context_now()
            for record in records_of(
                self.table, self.table.rows, keys[start : start + CHUNK], names, context
            ):
                self.written.append(record.pk)
                yield [cell(record) for cell in cells]
            self.step(min(start + CHUNK, len(keys)), len(keys))

    def _context_now(self) -> Context:
        """The rights of this moment; what is shown must stay the same within one file."""
        context = Context(reader=owner_now(self.export))
        if rules_of(self.columns, context) != self.rules:
            raise Unfit(_("导出时你能看的字段变了，请重新导出"))
        return context


def make(
    export: Export,
    step: Step,
    stop: Callable[[], None],
    *,
    by: Author | None = None,
    at: datetime | None = None,
) -> None:
    """Make the file and write down that these rows left the house; begun anew, it is made anew. ``by`` where
    somebody else than its owner makes it, ``at`` where not now."""
    home = folder()
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = home / f".draft-{export.pk}.{export.form}"
    try:
        maker = Maker(export, step, stop)
        count = maker.write(draft)
        with draft.open("rb") as source:
            kept = keep(source, home, f".{export.form}")
    except OSError as error:
        raise Unfit(_("文件没有写成，磁盘可能满了，请管理员查看后重试：%(why)s") % {"why": error}) from error
    finally:
        draft.unlink(missing_ok=True)
    now = at or timezone.now()
    with transaction.atomic():
        done = Export.objects.filter(pk=export.pk, state=State.WORKING).update(
            state=State.DONE,
            row_count=count,
            path=kept.path.name,
            size=kept.size,
            sha256=kept.sha256,
            rules=maker.rules,
            selection=_whole(export, maker) or ranges_in_words(sorted(maker.written)),
            finished_at=now,
            kept_until=now + timedelta(days=KEPT_DAYS),
        )
        if not done:  # cancelled or dropped meanwhile
            kept.path.unlink(missing_ok=True)
            return
        heads = [head for _column, head in maker.columns]
        _note(export, heads, count, by or Author.for_user(maker.user, Door.PAGE), now)


def _whole(export: Export, maker: Maker) -> str:
    """The rows asked for, when all of them are in the file."""
    return export.selection if len(maker.written) == export.total else ""


def _note(export: Export, heads: Sequence[str], count: int, by: Author, at: datetime) -> None:
    """Write down what left the house."""
    told = {
        "table": str(table_of(export).label),
        "count": count,
        "filter": export.words,
        "columns": list(heads),
        "format": export.form,
        "reason": export.reason,
    }
    changes: dict[str, list[Any]] = {name: [None, value] for name, value in told.items()}
    line = Line(KIND, export.pk, file_name(export), Action.EXPORT, 0, None, changes)
    JournalEntry.objects.record([line], by=by, at=at)


def fail(export: Export, problem: str) -> None:
    """Note why there is no file."""
    Export.objects.filter(pk=export.pk, state=State.WORKING).update(
        state=State.FAILED, problem=problem[:300], finished_at=timezone.now()
    )


def cancel(export: Export, *, at: datetime) -> None:
    """Stop making the file."""
    job = Job.objects.filter(pk=export.job_id or 0).first()
    if job is not None:
        job.cancel(at=at)
    Export.objects.filter(pk=export.pk, state=State.WORKING).update(state=State.CANCELLED, finished_at=at)


def take(export: Export, user: User, *, by: Author, at: datetime) -> Path:
    """The file, whole and still his to take; every taking is written down."""
    check_right(export, user)
    path = folder() / export.path
    if not export.path or not path.is_file() or fingerprint(path) != export.sha256:
        raise Unfit(_("文件不在了或者坏了，请重新导出"))
    with transaction.atomic():
        Export.objects.filter(pk=export.pk).update(taken_count=F("taken_count") + 1)
        line = Line(
            TAKEN, export.pk, file_name(export), Action.EXPORT, 0, None, {"count": [None, export.row_count]}
        )
        JournalEntry.objects.record([line], by=by, at=at)
    return path


def drop(export: Export, *, at: datetime, problem: str = "") -> None:
    """Delete the file; that there was one stays known."""
    with transaction.atomic():
        gone = Export.objects.filter(pk=export.pk, state=State.DONE).update(
            state=State.GONE, path="", selection="", problem=problem, kept_until=at
        )
        if gone and export.path:
            path = folder() / export.path
            transaction.on_commit(lambda: path.unlink(missing_ok=True), robust=True)


def sweep(*, at: datetime) -> int:
    """Delete files whose time is over, and what interrupted work left behind; count the files."""
    over = list(Export.objects.filter(state=State.DONE, kept_until__lte=at))
    for export in over:
        drop(export, at=at)
    home = folder()
    known = set(Export.objects.exclude(path="").values_list("path", flat=True))
    for path in home.iterdir() if home.is_dir() else ():
        is_old = datetime.fromtimestamp(path.stat().st_mtime, tz=at.tzinfo) < at - STALE
        if path.name not in known and is_old and path.is_file():
            path.unlink(missing_ok=True)
    return len(over)


def withdraw(customer_id: int, *, at: datetime) -> int:
    """Delete every file that speaks of a customer whose person's data is erased, and end those being made;
    counts the files."""
    count, problem = 0, _("里面有人的个人信息已清除，这个文件跟着删除。要用请重新导出")
    for export in Export.objects.filter(state__in=(State.DONE, State.WORKING)).select_related("owner"):
        own, spans = _keys_of(export, customer_id), export.spans
        if not any(pk in span for span in spans for pk in own):
            continue
        if export.is_working:
            fail(export, problem)
        else:
            drop(export, at=at, problem=problem)
            count += 1
    return count


def _keys_of(export: Export, customer_id: int) -> list[int]:
    """The keys of the table's rows that hang on a customer."""
    table = table_of(export)
    if table.customer == "pk":
        return [customer_id]
    rows = table.rows(export.owner).model._base_manager.filter(**{table.customer: customer_id})
    return list(rows.values_list("pk", flat=True))
