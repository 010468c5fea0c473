"""A clock that a drill puts forward and back: the processes of its installation read how far from a file."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.utils import timezone

FILE = "drill-clock"
GLANCE = 0.02  # seconds for which what was read is believed


def offset_in(folder: Path) -> float:
    """How many seconds the clock of an installation is ahead."""
    try:
        return float((folder / FILE).read_text() or 0)
    except (FileNotFoundError, ValueError):
        return 0.0


def set_offset(folder: Path, seconds: float) -> None:
    """Put the clock of an installation; everybody there reads the old time or the new one."""
    draft = folder / f"{FILE}.new"
    draft.write_text(str(seconds))
    draft.rename(folder / FILE)


def moment(folder: Path) -> datetime:
    """What the clock of an installation shows, as one of its processes reads it."""
    return datetime.now(UTC) + timedelta(seconds=offset_in(folder))


def install(folder: Path) -> None:
    """Let this process go by the clock of the drill: Django's and the bare one."""
    real: Callable[[], float] = time.time
    seen = [0.0, offset_in(folder)]

    def shifted() -> float:
        if time.monotonic() - seen[0] > GLANCE:
            seen[:] = [time.monotonic(), offset_in(folder)]
        return real() + seen[1]

    def now() -> datetime:
        return datetime.fromtimestamp(shifted(), UTC)

    time.time = shifted
    timezone.now = now
