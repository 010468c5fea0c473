"""kill -9 of processes that the drill itself has started: children of its own supervisor, by number."""

import contextlib
from enum import StrEnum
from subprocess import Popen

import psutil


class Victim(StrEnum):
    """Who dies."""

    WEB = "web"
    WORKER = "worker"
    BOTH = "both"
    ALL = "all"  # the supervisor too, as at a power cut


WEB, WORKER = "kebu.project.web", "worker"
MARKS = {Victim.WEB: {WEB}, Victim.WORKER: {WORKER}, Victim.BOTH: {WEB, WORKER}}


def strike(supervisor: Popen[bytes], victim: Victim) -> int:
    """Kill at once and return how many processes died; the family is listed first, then ended together."""
    family = psutil.Process(supervisor.pid).children(recursive=True)
    doomed = family if victim is Victim.ALL else [one for one in family if _is(one, MARKS[victim])]
    if victim is Victim.ALL:
        supervisor.kill()  # first, so that it starts nobody anew
    for process in doomed:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()
    if victim is Victim.ALL:
        supervisor.wait()
    return len(doomed)


def _is(process: psutil.Process, marks: set[str]) -> bool:
    with contextlib.suppress(psutil.NoSuchProcess):
        return not marks.isdisjoint(process.cmdline()[1:])
    return False
