"""Recurring work: each line of the schedule becomes one job per time slot, however many workers there are."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from kebu.base.jobs.models import Job
from kebu.base.kit.dates import SHANGHAI


@dataclass(frozen=True, slots=True)
class Recurring:
    """One line of the schedule: the job ``kind``, daily at a Shanghai time or every so many minutes."""

    kind: str
    daily_at: time | None = None
    every_minutes: int = 0

    def slot(self, now: datetime) -> datetime:
        """Return the latest time up to ``now`` at which the work was due."""
        local = now.astimezone(SHANGHAI)
        if self.daily_at is None:
            midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
            step = timedelta(minutes=self.every_minutes)
            return midnight + (local - midnight) // step * step
        today = local.replace(hour=self.daily_at.hour, minute=self.daily_at.minute, second=0, microsecond=0)
        return today if today <= local else today - timedelta(days=1)


class Clock:
    """Enqueues each slot of a schedule once; a machine that was off at night catches up at its start."""

    def __init__(self, schedule: tuple[Recurring, ...]) -> None:
        self.schedule = schedule
        self.seen: dict[str, datetime] = {}

    def tick(self, *, at: datetime) -> None:
        """Enqueue what became due since the last tick."""
        for line in self.schedule:
            slot = line.slot(at)
            if self.seen.get(line.kind) != slot:
                Job.objects.enqueue(line.kind, at=at, key=f"{line.kind}@{slot.isoformat()}")
                self.seen[line.kind] = slot
