"""Recurring work: each line of the schedule becomes one job per time slot, however many workers there are.

The row of a line (Tick) says which slot was the last. Moving it on is one conditional UPDATE in the
transaction that asks for the job, so that of several workers one does it. Slots that passed while the machine
was off are not made up one by one: the latest one stands for all, as does one that is still waiting for its
turn. When the clock was put back, the row is put back too, and nothing is done a second time for it.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from kebu.base.jobs.choices import Level, State
from kebu.base.jobs.models import TICKED, Job, JobLine, Tick
from kebu.base.kit.dates import SHANGHAI

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
LATE = timedelta(minutes=10)  # from here on a slot counts as missed
CALM = HOUR  # how long what throws away waits after a missed slot: time to see that the clock is wrong
APART = timedelta(seconds=2)  # between jobs that are made up for at once
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Recurring:
    """One line of the schedule: the job ``kind``, daily at a Shanghai time or every so many minutes.

    A missed slot is made up for once. ``latest_minutes``: later than that it is let go until its next time.
    ``is_calm``: what throws away for good waits an hour first, and is not done when the clock was wrong; the
    hour begins anew when its end comes by another leap of the clock.
    """

    kind: str
    daily_at: time | None = None
    every_minutes: int = 0
    latest_minutes: int = 0
    is_calm: bool = False

    @property
    def period(self) -> timedelta:
        """The time from one slot to the next."""
        return DAY if self.daily_at is not None else timedelta(minutes=self.every_minutes)

    @property
    def patience(self) -> timedelta:
        """How far behind its last slot the clock may stand before it counts as put back."""
        return min(self.period, HOUR)

    def slot(self, now: datetime) -> datetime:
        """Return the latest time up to ``now`` at which the work was due."""
        local = now.astimezone(SHANGHAI)
        if self.daily_at is None:
            return (EPOCH + (now.astimezone(UTC) - EPOCH) // self.period * self.period).astimezone(SHANGHAI)
        today = datetime.combine(local.date(), self.daily_at, SHANGHAI)
        return today if today <= now else datetime.combine(local.date() - DAY, self.daily_at, SHANGHAI)

    def next_slot(self, now: datetime) -> datetime:
        """Return the next time after ``now`` at which the work is due."""
        if self.daily_at is None:
            return self.slot(now) + self.period
        return datetime.combine(self.slot(now).date() + DAY, self.daily_at, SHANGHAI)


class Clock:
    """Asks for each slot of a schedule once; a machine that was off at night catches up at its start."""

    def __init__(self, schedule: tuple[Recurring, ...]) -> None:
        self.schedule = schedule
        self.seen: dict[str, datetime] = {}

    def tick(self, *, at: datetime) -> None:
        """Ask for what became due since the last tick."""
        missed = 0
        for line in self.schedule:
            slot = line.slot(at)
            if self.seen.get(line.kind) == slot:
                continue
            if self.move_on(line, slot, at=at, wait=missed * APART) and at - slot > LATE:
                missed += 1
            self.seen[line.kind] = slot

    def is_hasty(self, job: Job, *, at: datetime) -> bool:
        """Whether what throws away comes long after its time: the clock was put on, or the house was off."""
        late = job.key is not None and job.key.startswith(TICKED) and at - job.run_at > LATE
        return late and any(line.is_calm and line.kind == job.kind for line in self.schedule)

    def move_on(self, line: Recurring, slot: datetime, *, at: datetime, wait: timedelta) -> bool:
        """Bring the line's row to ``slot`` and ask for the job; False when there is nothing to ask for."""
        mark = Tick.objects.filter(kind=line.kind).first()
        if mark is None:
            return _begin(line, slot, at=at, wait=wait)
        if slot <= mark.slot:
            if mark.slot > at + line.patience:
                _put_back(line, mark, slot, at=at)
            return False
        with transaction.atomic():
            return _take(mark, slot) and _ask(line, slot, mark.turn + 1, at=at, wait=wait)


def _begin(line: Recurring, slot: datetime, *, at: datetime, wait: timedelta) -> bool:
    """The first slot of a line that is new here."""
    try:
        with transaction.atomic():
            Tick.objects.create(kind=line.kind, slot=slot)
            return _ask(line, slot, 1, at=at, wait=wait)
    except IntegrityError:  # another worker was quicker
        return False


def _take(mark: Tick, slot: datetime) -> bool:
    """Move a line on, unless another worker has done so."""
    return bool(Tick.objects.filter(pk=mark.pk, turn=mark.turn).update(slot=slot, turn=mark.turn + 1))


def _ask(line: Recurring, slot: datetime, turn: int, *, at: datetime, wait: timedelta) -> bool:
    """Ask for the job of a slot, by the line's rule for missed ones."""
    late = at - slot
    if line.latest_minutes and late > timedelta(minutes=line.latest_minutes):
        return False
    waiting = Job.objects.filter(kind=line.kind, state__in=(State.QUEUED, State.RUNNING))
    if line.daily_at is None and waiting.exists():
        return False  # the one before is not done yet: they do not pile up
    start = at if late <= LATE else at + (CALM if line.is_calm else wait)
    Job.objects.enqueue(line.kind, at=start, key=f"{TICKED}{line.kind}#{turn}")
    return True


def _put_back(line: Recurring, mark: Tick, slot: datetime, *, at: datetime) -> None:
    """The clock stood ahead and is right again: go on from here, and let nothing wait for days to come."""
    with transaction.atomic():
        if not _take(mark, slot):
            return
        if line.is_calm:
            hasty = Job.objects.filter(
                kind=line.kind, state=State.QUEUED, key__startswith=TICKED, created_at__gt=at
            )
            hasty.update(state=State.CANCELLED, finished_at=at, error=_("时钟拨回来了，这一次不做。"))
        call_in(at)


def let_go(kind: str, *, at: datetime) -> datetime:
    """Make up for nothing of what a daily line was due up to ``at``; answers its last slot, ``at`` itself for
    a line that has had none."""
    mark = Tick.objects.filter(kind=kind).first()
    slot = mark.slot + (at - mark.slot) // DAY * DAY if mark else at
    Tick.objects.update_or_create(kind=kind, defaults={"slot": slot})
    return slot


def call_in(at: datetime) -> None:
    """Jobs that were made or put off while the clock stood ahead start now."""
    waiting = Job.objects.filter(state=State.QUEUED, run_at__gt=at)
    ahead = waiting.filter(created_at__gt=at) | waiting.filter(attempts__gt=0, run_at__gt=at + 2 * HOUR)
    if pks := list(ahead.values_list("pk", flat=True)):
        JobLine.objects.tell(pks, _("时钟拨回来了，马上开始"), Level.WARN, at=at)
        Job.objects.filter(pk__in=pks, state=State.QUEUED).update(run_at=at)
