"""What the wizard shows of an import: where it stands, counts, columns."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404
from django.utils.translation import gettext as _

from kebu.base.access.choices import Permission
from kebu.base.access.queries import Viewer
from kebu.base.fields.directories import Context
from kebu.base.jobs.models import Job
from kebu.base.ui.finders import spoken
from kebu.crm.customers.forms import lacking_way
from kebu.exchange.imports.choices import RUNNING, Certainty, Outcome, State
from kebu.exchange.imports.models import Import, ImportRow
from kebu.exchange.imports.protecting import Columns, is_open, targets_for
from kebu.exchange.imports.targets import CONTACT, CUSTOMER, targets

WAYS = ("way", "customer.phone", "customer.email", "customer.wechat", "contact.phone")


def get_import(user: Viewer, pk: int) -> Import:
    """The import, or 404 whether it is absent or someone else's."""
    source = Import.objects.visible_to(user).select_related("owner").filter(pk=pk).first()
    if source is None:
        raise Http404
    return source


def receivers(user: Viewer) -> frozenset[int] | None:
    """To whom the importer may give customers: himself, and whom his right to assign reaches."""
    reached = user.owner_ids(Permission.CUSTOMER_ASSIGN)
    return None if reached is None else reached | {user.pk}


@dataclass(frozen=True, slots=True)
class Tally:
    """Rows of an import by what they come to."""

    create: int = 0
    update: int = 0
    duplicate: int = 0
    reject: int = 0
    conflict: int = 0
    doubles: int = 0
    warned: int = 0
    corrected: int = 0

    @property
    def total(self) -> int:
        return self.create + self.update + self.duplicate + self.left

    @property
    def left(self) -> int:
        """Rows that did not come in and wait for somebody."""
        return self.reject + self.conflict

    @property
    def importable(self) -> int:
        """Rows that will make or change a customer."""
        return self.create + self.update


def tally(source: Import) -> Tally:
    """Count the rows of an import, from indexes alone."""
    counts = dict(source.rows.order_by().values_list("outcome").annotate(count=Count("id")))
    marks = [Coalesce(_marked(f"is_{mark}"), 0) for mark in MARKS.values()]
    marked = Import.objects.filter(pk=source.pk).values_list(*marks)
    return Tally(
        **{outcome.value: counts.get(outcome, 0) for outcome in Outcome},
        **dict(zip(MARKS, marked.get(), strict=True)),
    )


MARKS = {"doubles": "double", "warned": "warned", "corrected": "corrected"}


def _marked(mark: str) -> Subquery:
    """How many rows carry a mark, from its index."""
    rows = ImportRow.objects.filter(source=OuterRef("pk"), **{mark: True}).order_by()
    return Subquery(rows.values("source").annotate(count=Count("id")).values("count"))


class Standing:
    """Where an import stands, its background job included."""

    def __init__(self, source: Import) -> None:
        self.source = source

    @cached_property
    def job(self) -> Job | None:
        return Job.objects.filter(pk=self.source.job_id).first() if self.source.job_id else None

    @property
    def is_working(self) -> bool:
        """A job is at it, or will be."""
        return self.source.state in RUNNING and self.job is not None and not self.job.is_over

    @property
    def is_stuck(self) -> bool:
        """The job ended without bringing its work to the end: it can be started again."""
        return self.source.state in RUNNING and not self.is_working

    @property
    def error(self) -> str:
        """Why it could not go on."""
        if self.source.error:
            return self.source.error
        return (self.job.error if self.job else "") or _("中途停下了，已经完成的部分都在")

    @property
    def step(self) -> int:
        """The step of the wizard, 2 to 4."""
        if self.source.state == State.COMMITTING:
            return 3
        return 4 if self.source.state == State.DONE else 2

    @property
    def done(self) -> int:
        """Rows done of the present step."""
        return self.source.checked_count if self.step == 2 else self.source.done_count

    @property
    def total(self) -> int:
        """Rows of the present step; 0 while unknown."""
        if self.step != 2:
            return self.source.checked_count
        return max(self.done, self.source.expected_count)

    @property
    def words(self) -> str:
        """One short phrase for the list of imports."""
        if self.is_stuck:
            return _("中途停下了")
        return str(State(self.source.state).label)


def standings(imports: list[Import]) -> list[Standing]:
    """The standings of several imports with their jobs in one statement."""
    running = [source.job_id for source in imports if source.state in RUNNING and source.job_id]
    jobs = Job.objects.in_bulk(running) if running else {}
    found = [Standing(source) for source in imports]
    for standing in found:
        standing.job = jobs.get(standing.source.job_id or 0)
    return found


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the file and where it goes."""

    index: int
    header: str
    samples: str
    key: str
    label: str
    certainty: Certainty


def columns(source: Import, context: Context) -> list[Column]:
    """The columns that hold something, with their first values, and how sure their targets are."""
    found, shown = [], Columns(source, context)
    for index, header in enumerate(source.headers):
        key = shown.key(index)
        certainty = Certainty(source.certainties[index]) if key else Certainty.NONE
        label = targets()[key].label if key in targets() else ""
        named = header or _("第%(number)d列") % {"number": index + 1}
        found.append(
            Column(index, named, shown.cell(index, "、".join(source.samples[index])), key, label, certainty)
        )
    return [column for column in found if column.samples or column.key]


def column_counts(found: list[Column], all_count: int) -> list[tuple[int, str]]:
    """How many of all columns are how sure, for the sentence above the table, which leaves empty ones out."""
    words = {
        Certainty.SURE: _("列自动认出"),
        Certainty.GUESSED: _("列请确认"),
        Certainty.CHOSEN: _("列已确认"),
        Certainty.NONE: _("列不导入"),
    }
    counts = {certainty: sum(1 for c in found if c.certainty is certainty) for certainty in Certainty}
    told = [(counts[certainty], word) for certainty, word in words.items()]
    told.append((all_count - len(found), _("列是空的")))
    return [(count, word) for count, word in told if count]


def lacking(source: Import, context: Context) -> str:
    """What no column holds although every customer needs it, as one sentence."""
    keys, ways = set(source.mapping), [key for key in WAYS if is_open(key, context)]
    if "customer.name" not in keys:
        return _("还没有哪一列对应“客户名称”，请在下面选一列，再重新检查")
    if ways and not keys.intersection(ways):
        told = {"rule": lacking_way(context)}
        return _("还没有哪一列对应联系方式，%(rule)s，请在下面选") % told
    return ""


def options(context: Context) -> list[tuple[str, list[tuple[str, str, str]]]]:
    """The targets a column can go to, by section: key, label, and what else the searched list finds it by."""
    groups: dict[str, list[tuple[str, str, str]]] = {}
    for key, target in targets_for(context).items():
        star = " *" if key == "customer.name" else ""
        groups.setdefault(target.section, []).append((key, target.label + star, spoken(target.label)))
    return list(groups.items())


def earlier_import(source: Import) -> Import | None:
    """An import of the same file by the same person that was brought in before."""
    same = Q(owner=source.owner_id, sha256=source.sha256, state=State.DONE)
    return Import.objects.filter(same).exclude(pk=source.pk).order_by("-id").first()


def label_of(key: str, word: str = "") -> str:
    """What a column is called by its target, or by the word of a problem."""
    target: Any = targets().get(key) or targets().get(CUSTOMER + word) or targets().get(CONTACT + word)
    return target.label if target else _("整行")
