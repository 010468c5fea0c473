"""What the schedule of a drill's installation has asked for, read from outside and held against its lines."""

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from kebu.base.jobs.recurring import Recurring
from kebu.project.schedule import SCHEDULE
from kebu.trials.drills.verdict import Verdict
from kebu.trials.site.database import Database

ASKED = "SELECT kind, key, state FROM jobs_job WHERE key LIKE 'tick:%%' AND id > %s"
DUE = "SELECT count(*) FROM jobs_job WHERE key LIKE 'tick:%%' AND state = 'queued' AND run_at <= %s"
RUNNING = "SELECT count(*) FROM jobs_job WHERE key LIKE 'tick:%%' AND state = 'running'"


@dataclass(frozen=True, slots=True)
class Stretch:
    """From when to when by the clock of the installation, and the seconds that really took."""

    before: datetime
    after: datetime
    seconds: float

    @property
    def jump(self) -> timedelta:
        """How far the clock was put."""
        return self.after - self.before - timedelta(seconds=self.seconds)

    def slots(self, line: Recurring) -> int:
        """How many slots of a line passed by the clock."""
        return max(0, round((line.slot(self.after) - line.slot(self.before)) / line.period))

    def lived(self, line: Recurring) -> int:
        """How many of them really passed, while the clock stood as it does now."""
        begin = self.after - timedelta(seconds=self.seconds)
        return round((line.slot(self.after) - line.slot(begin)) / line.period)


def last_job(database: Database) -> int:
    """The number of the job asked for last."""
    return int(database.rows("SELECT coalesce(max(id), 0) FROM jobs_job")[0][0])


def is_quiet(database: Database, now: datetime) -> bool:
    """The whole schedule has been read at this time, and no job of it is due or at work."""
    slots = {kind: _aware(slot) for kind, slot in database.rows("SELECT kind, slot FROM jobs_tick")}
    is_read = all(
        line.kind in slots and line.slot(now) <= slots[line.kind] <= now + line.patience for line in SCHEDULE
    )
    return is_read and not database.rows(RUNNING)[0][0] and not database.rows(DUE, now)[0][0]


def _aware(value: datetime | str) -> datetime:
    """A moment as either database gives it."""
    read = datetime.fromisoformat(value) if isinstance(value, str) else value
    return read if read.tzinfo else read.replace(tzinfo=UTC)


def judge(database: Database, since: int, stretch: Stretch, verdict: Verdict) -> None:
    """Of each line one job if slots of it passed, however many; as many more as really took place since."""
    asked = database.rows(ASKED, since)
    for key, count in Counter(key for _kind, key, _state in asked).items():
        if count > 1:
            verdict.fault("doubled", f"{key} is there {count} times", count - 1)
    counts = Counter(kind for kind, _key, _state in asked)
    for line in SCHEDULE:
        passed, lived = stretch.slots(line), stretch.lived(line)
        is_forward = stretch.jump > timedelta(0)
        most = min(passed, 1 + lived) if is_forward else lived
        least = min(1, passed) if is_forward and not line.latest_minutes else 0
        if counts[line.kind] > most:
            words = f"{line.kind}: {counts[line.kind]} jobs, {passed} slots passed by {stretch}"
            verdict.fault("doubled", words, counts[line.kind] - most)
        if counts[line.kind] < least:
            verdict.fault("lost", f"{line.kind}: no job, {passed} slots passed by {stretch}")
    for kind, key, state in asked:
        if state == "failed":
            verdict.fault("wrong", f"{kind} {key} failed")
    verdict.count("jobs of the schedule", len(asked))
