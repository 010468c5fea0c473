"""What the wizard shows of an import: who may see it, where it stands, counts, columns, faulty rows."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from kebu.base.fields.directories import Context
from kebu.base.jobs.models import Job
from kebu.exchange.imports.choices import Outcome, State
from kebu.exchange.imports.headers import Certainty, guess
from kebu.exchange.imports.models import Import, ImportRow
from kebu.exchange.imports.targets import CONTACT, CUSTOMER, targets
from kebu.office.staff.models import User

SAMPLES = 20
WORKING = (State.CHECKING, State.COMMITTING)


def visible_imports(user: User) -> QuerySet[Import]:
    """The imports of a user; those of all for whoever sees all customers."""
    imports = Import.objects.select_related("owner")
    return imports if user.visible_owner_ids() is None else imports.filter(owner=user)


def get_import(user: User, pk: int) -> Import:
    """The import, or 404 whether it is absent or someone else's."""
    source = visible_imports(user).filter(pk=pk).first()
    if source is None:
        raise Http404
    return source


@dataclass(frozen=True, slots=True)
class Tally:
    """Rows of an import by what they come to."""

    create: int = 0
    update: int = 0
    duplicate: int = 0
    reject: int = 0
    skip: int = 0
    doubles: int = 0
    warned: int = 0

    @property
    def total(self) -> int:
        return self.create + self.update + self.duplicate + self.reject + self.skip

    @property
    def importable(self) -> int:
        """Rows that will make or change a customer."""
        return self.create + self.update


def is_double() -> Q:
    """Rows that can come in and are there already, in the house or further up in the file."""
    return (Q(match_id__isnull=False) | Q(match_row__isnull=False)) & ~Q(outcome=Outcome.REJECT)


def is_warned() -> Q:
    """Rows that can come in but of which something could not be read."""
    return ~Q(problems=[]) & ~Q(outcome=Outcome.REJECT)


def tally(source: Import) -> Tally:
    """Count the rows of an import in one statement."""
    counts = {outcome.value: Count("id", filter=Q(outcome=outcome)) for outcome in Outcome}
    found = source.rows.aggregate(
        **counts, doubles=Count("id", filter=is_double()), warned=Count("id", filter=is_warned())
    )
    return Tally(**found)


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
        return self.source.state in WORKING and self.job is not None and not self.job.is_over

    @property
    def is_stuck(self) -> bool:
        """The job ended without bringing its work to the end: it can be started again."""
        return self.source.state in WORKING and not self.is_working

    @property
    def error(self) -> str:
        """Why it could not go on."""
        if self.source.error:
            return self.source.error
        return (self.job.error if self.job else "") or _("中途停止了，已经完成的部分都在")

    @property
    def step(self) -> int:
        """The step of the wizard, 2 to 4."""
        if self.source.state == State.COMMITTING:
            return 3
        return 4 if self.source.state == State.DONE else 2


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the file and where it goes."""

    index: int
    header: str
    samples: str
    key: str
    label: str
    certainty: Certainty | str


def columns(source: Import, context: Context) -> list[Column]:
    """The columns with the first values in them, and how sure their targets are."""
    rows = list(source.rows.order_by("number").values_list("cells", flat=True)[:SAMPLES])
    guesses = guess(source.headers, rows, context)
    found = []
    for index, (header, key) in enumerate(zip(source.headers, source.mapping, strict=True)):
        values = list(dict.fromkeys(row[index] for row in rows if index < len(row) and row[index].strip()))
        certainty: Certainty | str = guesses[index].certainty if guesses[index].key == key else "chosen"
        label = targets()[key].label if key else ""
        named = header or _("第%(number)d列") % {"number": index + 1}
        found.append(Column(index, named, "、".join(values[:3]), key, label, certainty if key else "none"))
    return [column for column in found if column.samples or column.key]


def choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """The targets a column can go to, grouped."""
    groups: dict[str, list[tuple[str, str]]] = {_("客户"): [], _("联系人"): [], _("一列两样"): []}
    for key, target in targets().items():
        group = _("客户") if key.startswith(CUSTOMER) else _("联系人") if key.startswith(CONTACT) else ""
        groups[group or _("一列两样")].append((key, target.label))
    return list(groups.items())


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with a row: in which column, what stood there, rule and remedy, what may be chosen."""

    column: int | None
    label: str
    text: str
    message: str
    stops: bool
    directory: str


@dataclass(frozen=True, slots=True)
class FaultyRow:
    """A row with what is wrong with it."""

    number: int
    name: str
    faults: list[Fault]

    @property
    def stops(self) -> bool:
        """It cannot come in like this."""
        return any(fault.stops for fault in self.faults)


DIRECTORIES = {"customer.industry": "industry", "customer.source": "source", "customer.stage": "stage"}


def faulty(source: Import, rows: Iterable[ImportRow]) -> list[FaultyRow]:
    """The rows as the list of corrections shows them."""
    names = [i for i, key in enumerate(source.mapping) if key == "customer.name"]
    found = []
    for row in rows:
        name = row.reading.get("customer", {}).get("name") or ""
        if not name and names and names[0] < len(row.cells):
            name = row.cells[names[0]]
        found.append(FaultyRow(row.number, name, [_fault(source, problem) for problem in row.problems]))
    return found


def _fault(source: Import, problem: dict[str, Any]) -> Fault:
    column = problem["column"]
    key = source.mapping[column] if column is not None and column < len(source.mapping) else ""
    label = targets()[key].label if key else _label_of(problem["word"])
    return Fault(
        column, label, problem["text"], problem["message"], problem["stops"], DIRECTORIES.get(key, "")
    )


def _label_of(word: str) -> str:
    target = targets().get(CUSTOMER + word)
    return target.label if target else word


def offered(faults: Sequence[FaultyRow], context: Context) -> dict[str, list[str]]:
    """Names to choose from for the columns that point into a directory, where one is needed."""
    wanted = {fault.directory for row in faults for fault in row.faults if fault.directory}
    places = {"industry": "industries", "source": "source", "stage": "stage"}
    return {word: [str(name) for _key, name in context.choices(places[word])] for word in sorted(wanted)}
