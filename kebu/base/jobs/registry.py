"""What can be done in the background: rooms register a function per kind in their tasks.py."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.utils.functional import Promise
from django.utils.module_loading import autodiscover_modules

from kebu.base.jobs.backoff import Backoff
from kebu.base.jobs.models import Job

Stop = Callable[[], None]
JobFunction = Callable[[Job, Stop], Mapping[str, Any] | None]
USUAL = Backoff()


@dataclass(frozen=True, slots=True)
class Kind:
    """A registered kind of job. ``tries``: how often a job is started before an unexpected error is final;
    ``unit``: what its progress counts (行, 个客户); the rest as in ``job_kind``."""

    name: str
    function: JobFunction
    tries: int
    unit: str | Promise = ""
    label: str | Promise = ""
    backoff: Backoff = USUAL
    lane: str = ""
    is_rerunnable: bool = True

    @property
    def pauses(self) -> list[float]:
        """Seconds before each further try."""
        return [self.backoff.seconds(number) for number in range(1, self.tries)]


KINDS: dict[str, Kind] = {}


def job_kind(
    name: str,
    *,
    tries: int = 4,
    unit: str | Promise = "",
    label: str | Promise = "",
    backoff: Backoff = USUAL,
    lane: str = "",
    is_rerunnable: bool = True,
) -> Callable[[JobFunction], JobFunction]:
    """Register ``function(job, stop)`` under ``name``; ``unit`` is what its progress counts, ``label`` what
    the pages call it.

    The function works in chunks: it starts after ``job.cursor``, and each chunk ends with ``job.advance(…)``
    in the chunk's own transaction. Between chunks, outside transactions, it calls ``stop()``, which raises
    Interrupted when the job was cancelled or the worker is told to end. What it returns becomes the job's
    result; JobFailed("…") ends the job with that sentence; any other exception leads to another try from the
    cursor, after the pauses of ``backoff``. ``job.note("…")`` writes a line that the page of the job shows.

    Of the jobs of one ``lane`` only one runs at a time, the others wait. Without ``is_rerunnable`` a failed
    job is not run again from the page of jobs, because the page of what it works on has its own way.
    """

    def register(function: JobFunction) -> JobFunction:
        if name in KINDS:
            raise ValueError(f"two functions for job kind {name}")
        KINDS[name] = Kind(name, function, tries, unit, label, backoff, lane, is_rerunnable)
        return function

    return register


@cache
def learn() -> None:
    """Read the tasks.py of every room, where the kinds are; pages ask for that later than workers."""
    autodiscover_modules("tasks")


def lanes() -> dict[str, str]:
    """The lane of each kind that has one."""
    return {name: kind.lane for name, kind in KINDS.items() if kind.lane}


def unit_of(job: Job) -> str:
    """What the progress of this job counts; nothing for kinds that are no longer there."""
    learn()
    return str(KINDS[job.kind].unit) if job.kind in KINDS else ""


def label_of(name: str) -> str:
    """What pages call a kind of job; its own name when it is no longer there."""
    learn()
    return str(KINDS[name].label or name) if name in KINDS else name
