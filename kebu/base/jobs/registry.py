"""What can be done in the background: rooms register a function per kind in their tasks.py."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.utils.functional import Promise
from django.utils.module_loading import autodiscover_modules

from kebu.base.jobs.models import Job

Stop = Callable[[], None]
JobFunction = Callable[[Job, Stop], Mapping[str, Any] | None]


@dataclass(frozen=True, slots=True)
class Kind:
    """A registered kind of job. ``tries``: how often a job is started before an unexpected error is final;
    ``unit``: what its progress counts (行, 个客户)."""

    name: str
    function: JobFunction
    tries: int
    unit: str | Promise = ""


KINDS: dict[str, Kind] = {}


def job_kind(name: str, *, tries: int = 4, unit: str | Promise = "") -> Callable[[JobFunction], JobFunction]:
    """Register ``function(job, stop)`` under ``name``; ``unit`` is what its progress counts.

    The function works in chunks: it starts after ``job.cursor``, and each chunk ends with ``job.advance(…)``
    in the chunk's own transaction. Between chunks, outside transactions, it calls ``stop()``, which raises
    Interrupted when the job was cancelled or the worker is told to end. What it returns becomes the job's
    result; JobFailed("…") ends the job with that sentence; any other exception leads to another try from the
    cursor.
    """

    def register(function: JobFunction) -> JobFunction:
        if name in KINDS:
            raise ValueError(f"two functions for job kind {name}")
        KINDS[name] = Kind(name, function, tries, unit)
        return function

    return register


@cache
def learn() -> None:
    """Read the tasks.py of every room, where the kinds are; pages ask for that later than workers."""
    autodiscover_modules("tasks")


def unit_of(job: Job) -> str:
    """What the progress of this job counts; nothing for kinds that are no longer there."""
    learn()
    return str(KINDS[job.kind].unit) if job.kind in KINDS else ""
