"""What the pages of jobs and of the schedule show."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Count, Max, QuerySet
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from kebu.base.jobs import presence
from kebu.base.jobs.choices import FINAL, State
from kebu.base.jobs.models import TICKED, Job
from kebu.base.jobs.recurring import Recurring
from kebu.base.jobs.registry import KINDS, label_of, learn
from kebu.base.kit.text import whole_number
from kebu.office.staff.models import User

RECENT = timedelta(days=7)
OF_THE_HOUSE = "house"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which jobs the address asks for; what it cannot mean is not asked for."""

    state: str
    kind: str
    owner: str
    with_ticks: bool

    @classmethod
    def read(cls, given: Mapping[str, str]) -> "Wanted":
        """The filters of an address."""
        learn()
        state, kind, owner = (given.get(name, "") for name in ("state", "kind", "owner"))
        return cls(
            state if state in State.values else "",
            kind if kind in KINDS else "",
            owner if owner == OF_THE_HOUSE or whole_number(owner) else "",
            given.get("ticks") == "1",
        )

    @property
    def is_narrow(self) -> bool:
        """Whether something is filtered."""
        return bool(self.state or self.kind or self.owner)

    def jobs(self) -> QuerySet[Job]:
        """The jobs; well done ones of the schedule only when asked for, or when filtered."""
        found = Job.objects.defer("args", "cursor", "result")
        if self.state:
            found = found.filter(state=self.state)
        if self.kind:
            found = found.filter(kind=self.kind)
        if self.owner:
            owner = None if self.owner == OF_THE_HOUSE else whole_number(self.owner)
            found = found.filter(owner_id=owner) if owner else found.filter(owner_id__isnull=True)
        if not (self.with_ticks or self.is_narrow):
            found = found.exclude(state=State.DONE, key__startswith=TICKED, key__isnull=False)
        return found


@dataclass(frozen=True, slots=True)
class Shown:
    """A job as a list shows it."""

    job: Job
    label: str
    owner: str


def shown(jobs: Iterable[Job]) -> list[Shown]:
    """The jobs of a page, with the names behind their numbers."""
    rows = list(jobs)
    names = dict(User.objects.filter(pk__in={row.owner_id for row in rows}).values_list("pk", "name"))
    house = _("系统")
    return [
        Shown(row, label_of(row.kind), names.get(row.owner_id, house) if row.owner_id else house)
        for row in rows
    ]


def choices() -> dict[str, list[tuple[str, str]]]:
    """What the filters of the list offer: states, kinds there are jobs of, people who asked for one."""
    owners = Job.objects.filter(owner_id__isnull=False).values("owner_id")
    people = User.objects.filter(pk__in=owners).order_by("name").values_list("pk", "name")
    kinds = Job.objects.values_list("kind", flat=True).distinct()
    return {
        "states": [(value, str(label)) for value, label in State.choices],
        "kinds": sorted(((kind, label_of(kind)) for kind in kinds), key=lambda each: each[1]),
        "owners": [(OF_THE_HOUSE, _("系统")), *((str(pk), name) for pk, name in people)],
    }


def standing(now: datetime) -> dict[str, Any]:
    """How things stand: workers, what waits, runs and failed lately."""
    waiting = dict(
        Job.objects.filter(state__in=(State.QUEUED, State.RUNNING))
        .values_list("state")
        .annotate(count=Count("pk"))
    )
    failed = Job.objects.filter(state=State.FAILED, finished_at__gte=now - RECENT).count()
    return {
        "worker_count": len(presence.look(settings.DATA_DIR / "workers")[0]),
        "queued_count": waiting.get(State.QUEUED, 0),
        "running_count": waiting.get(State.RUNNING, 0),
        "failed_count": failed,
    }


@dataclass(frozen=True, slots=True)
class Planned:
    """A line of the schedule with its last run and its next."""

    line: Recurring
    label: str
    last: Job | None
    next_at: datetime

    @property
    def is_busy(self) -> bool:
        """It waits or is being done."""
        return self.last is not None and self.last.state not in FINAL


def lines() -> tuple[Recurring, ...]:
    """The one table of recurring jobs."""
    found: tuple[Recurring, ...] = import_string(settings.KEBU_SCHEDULE)
    return found


def planned(now: datetime) -> list[Planned]:
    """The schedule, what comes next first."""
    kinds = [line.kind for line in lines()]
    last = Job.objects.filter(kind__in=kinds).values_list("kind").annotate(last=Max("pk"))
    newest = dict(last)
    jobs = Job.objects.defer("args", "cursor", "result").in_bulk(newest.values())
    made = [
        Planned(line, label_of(line.kind), jobs.get(newest.get(line.kind, 0)), line.next_slot(now))
        for line in lines()
    ]
    return sorted(made, key=lambda each: each.next_at)
