"""What can be done in the background: rooms register a function per kind in their tasks.py."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from kebu.base.jobs.models import Job

Stop = Callable[[], None]
JobFunction = Callable[[Job, Stop], Mapping[str, Any] | None]


@dataclass(frozen=True, slots=True)
class Kind:
    """A registered kind of job. ``tries``: how often a job is started before an unexpected error is final."""

    name: str
    function: JobFunction
    tries: int


KINDS: dict[str, Kind] = {}


def job_kind(name: str, *, tries: int = 4) -> Callable[[JobFunction], JobFunction]:
    """Register ``function(job, stop)`` under ``name``.

    The function works in chunks: it starts after ``job.cursor``, and each chunk ends with ``job.advance(…)``
    in the chunk's own transaction. Between chunks, outside transactions, it calls ``stop()``, which raises
    Interrupted when the job was cancelled or the worker is told to end. What it returns becomes the job's
    result; JobFailed("…") ends the job with that sentence; any other exception leads to another try from the
    cursor.
    """

    def register(function: JobFunction) -> JobFunction:
        if name in KINDS:
            raise ValueError(f"two functions for job kind {name}")
        KINDS[name] = Kind(name, function, tries)
        return function

    return register
