"""What an export is to hold for whom, where it stands, and whether its file may still be taken."""

from array import array
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from kebu.base.access.choices import FieldRule
from kebu.base.fields.directories import Context
from kebu.base.jobs.models import Job
from kebu.base.kit.errors import KitError
from kebu.base.tables.registry import TABLES, Asked, Cell, Column, Table, is_closer
from kebu.exchange.exports.choices import State
from kebu.exchange.exports.models import Export
from kebu.office.staff.models import User

CHUNK, PREVIEWED = 1_000, 5
FEW = 5_000  # so many keys are asked for by name, more are picked out of all


class Unfit(KitError):
    """The export cannot be made, or not be taken any more; the message says why and what to do."""


def folder() -> Path:
    """Where the files lie: beside the uploads, so that no backup carries them on."""
    return Path(settings.DATA_DIR) / "exports"


def table_of(export: Export) -> Table:
    """The table it is about; rooms may be gone since."""
    if export.table not in TABLES:
        raise Unfit(_("这种表已经不能导出了，请删除这次导出"))
    return TABLES[export.table]


def chosen(table: Table, pairs: Iterable[Sequence[str]], context: Context) -> list[tuple[Column, str]]:
    """The columns of these keys that the reader may take out, each with its head."""
    known = table.open_columns(context)
    return [(known[key], head or str(known[key].label)) for key, head in pairs if key in known]


def cells_of(columns: Iterable[tuple[Column, str]], context: Context) -> list[Cell]:
    """What reads the cells of a row."""
    return [column.make(context) for column, _head in columns]


def rules_of(columns: Iterable[tuple[Column, str]], context: Context) -> dict[str, str]:
    """What the reader is shown of all fields behind the columns."""
    return {key: rule for column, _head in columns for key, rule in column.rules(context).items()}


def previewed(
    table: Table, asked: Asked, columns: list[tuple[Column, str]], context: Context
) -> list[list[object]]:
    """The first rows of the file, as they will stand in it."""
    keys = [column.key for column, _head in columns]
    first = table.ordered(asked.rows, asked.order, context).values_list("pk", flat=True)[:PREVIEWED]
    cells = cells_of(columns, context)
    return [
        [cell(record) for cell in cells]
        for record in records_of(table, table.rows, list(first), keys, context)
    ]


def records_of(
    table: Table, rows: Any, ids: Sequence[int], keys: Sequence[str], context: Context
) -> list[Any]:
    """The records of these keys that the reader may take out at this moment, in the order of the keys."""
    found = {record.pk: record for record in table.load(rows(context.reader).filter(pk__in=ids), keys)}
    return [found[pk] for pk in ids if pk in found]


def keys_in_order(export: Export, table: Table, user: User, context: Context) -> "array[int]":
    """The keys of the rows asked for, in the order of the list, as far as the person may take them out."""
    rows, spans = table.rows(user), export.spans
    if export.total <= FEW:
        rows = rows.filter(pk__in=[pk for span in spans for pk in span])
    found = table.ordered(rows, export.order, context).values_list("pk", flat=True)
    starts = [span.start for span in spans]
    keys = array("q")
    for pk in found.iterator(chunk_size=10_000):
        place = bisect_right(starts, pk) - 1
        if place >= 0 and pk in spans[place]:
            keys.append(pk)
    return keys


def _numbers(spans: Iterable[range]) -> Iterator[list[int]]:
    numbers = (pk for span in spans for pk in span)
    while chunk := list(islice(numbers, CHUNK)):
        yield chunk


def check_right(export: Export, user: User) -> None:
    """Refuse a file that holds what the person may not take out any more: rows, or fields."""
    table = table_of(export)
    if not user.can(table.permission):
        raise Unfit(_("你已没有“%(right)s”的权限，不能下载") % {"right": table.permission.label})
    context, rows = Context(reader=user), table.rows(user)
    shown = rules_of(table_columns(table, export, context), context)
    if any(
        is_closer(before, FieldRule(shown.get(key, FieldRule.HIDDEN))) for key, before in export.rules.items()
    ):
        raise Unfit(_("导出以后，你能看的字段变少了，这个文件不能再下载。请重新导出"))
    if not rows.query.where:
        return  # all there are
    everything, mine = rows.model._base_manager, rows.order_by().values("pk")
    if any(everything.filter(pk__in=ids).exclude(pk__in=mine).exists() for ids in _numbers(export.spans)):
        text = _("文件里有些%(what)s已经不在你的范围里了，不能再下载。请重新导出现在能导的")
        raise Unfit(text % {"what": table.label})


def table_columns(table: Table, export: Export, context: Context) -> list[tuple[Column, str]]:
    """All columns of the file that still exist, closed ones too."""
    known = {column.key: column for column in table.columns(context)}
    return [(known[key], head) for key, head in export.columns if key in known]


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an export stands, as pages show it."""

    export: Export
    job: Job | None

    @property
    def is_working(self) -> bool:
        return self.export.is_working and self.job is not None and not self.job.is_over

    @property
    def is_stopping(self) -> bool:
        return self.is_working and self.job is not None and self.job.is_stopping

    @property
    def problem(self) -> str:
        """Why there is no file."""
        if self.export.problem or not self.export.is_working or self.is_working:
            return self.export.problem
        return self.job.error if self.job and self.job.error else str(_("中途停下了，请重新导出"))

    @property
    def state(self) -> str:
        """The state with what the job tells."""
        if self.export.is_working and not self.is_working:
            return str(State.FAILED)
        return str(self.export.state)

    @property
    def label(self) -> str:
        return str(State(self.state).label)

    @property
    def table(self) -> Table | None:
        return TABLES.get(self.export.table)

    @property
    def name(self) -> str:
        """What the file is called."""
        return file_name(self.export)

    @property
    def heads(self) -> list[str]:
        """The heads of its columns, as far as they are known without making it."""
        table = self.table
        known = table.open_columns(Context(reader=self.export.owner)) if table else {}
        return [str(head or known[key].label) for key, head in self.export.columns if key in known]

    @property
    def skipped(self) -> int:
        """How many rows asked for are not in the file."""
        return max(0, self.export.total - self.export.row_count) if self.export.is_ready else 0


def standings(exports: Iterable[Export]) -> list[Standing]:
    """Each with its job."""
    exports = list(exports)
    jobs: Mapping[int, Job] = Job.objects.in_bulk(
        [one.job_id for one in exports if one.is_working and one.job_id]
    )
    return [Standing(one, jobs.get(one.job_id or 0)) for one in exports]


def file_name(export: Export) -> str:
    """客户基本信息表-20261122-1401.xlsx."""
    table = TABLES.get(export.table)
    template = next((one for one in table.templates if one.code == export.template), None) if table else None
    label = template.label if template else table.label if table else export.table
    return f"{label}-{timezone.localtime(export.created_at):%Y%m%d-%H%M}.{export.form}"
