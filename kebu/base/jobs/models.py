"""The Job row: the only truth about background work; its lines, and how far the schedule has come."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, models, transaction
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce, Least
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kebu.base.jobs.choices import FINAL, Level, State

LEASE = timedelta(seconds=60)
LINES_KEPT, LINES_BETWEEN = 200, 20  # of a job; how many more there may be until the oldest go
PURGED_AT_ONCE = 1_000
TICKED = "tick:"  # how the key of a job begins that the schedule asked for
# A worker that dies again and again at the same place must not take the others with it.
ABANDONED_LIMIT = 20


class Interrupted(Exception):
    """The job must end here: it was cancelled, its worker stops, or another worker has taken it over."""


class JobFailed(Exception):
    """Raised by a job that cannot succeed however often it is tried; the message is for its owner."""


class JobQuerySet(models.QuerySet["Job"]):
    """Asking for work and handing it out."""

    def enqueue(
        self,
        kind: str,
        args: Mapping[str, Any] | None = None,
        *,
        owner_id: int | None = None,
        at: datetime | None = None,
        key: str | None = None,
        again: "Job | None" = None,
    ) -> "Job":
        """Write a job in the caller's transaction, to start at ``at`` (None: now).

        The same ``key`` twice is one job: the second call returns the first one's row. ``again`` is the job
        that this one is another run of.
        """
        now = timezone.now()
        job = Job(
            kind=kind,
            args=dict(args or {}),
            owner_id=owner_id,
            run_at=at or now,
            key=key,
            again=again,
            created_at=now,
        )
        try:
            with transaction.atomic():
                job.save(force_insert=True)
        except IntegrityError:
            if key is None:
                raise
            return self.get(key=key)
        return job

    def claim(self, holder: str, *, at: datetime, lanes: Mapping[str, str] | None = None) -> "Job | None":
        """Take the oldest job that is due; of several workers exactly one gets it.

        ``lanes``: for kinds that must not run two at a time, the lane they share; a job waits while another
        one has its lane.
        """
        lanes = lanes or {}
        due = self.filter(state=State.QUEUED, run_at__lte=at).order_by("run_at", "id")
        found = list(due.values_list("pk", "kind")[:5])
        if any(kind in lanes for _pk, kind in found):
            taken = set(self.filter(lane__isnull=False).values_list("lane", flat=True))
            closed = [kind for kind, lane in lanes.items() if lane in taken]
            found = list(due.exclude(kind__in=closed).values_list("pk", "kind")[:5]) if closed else found
        for pk, kind in found:
            if self._take(pk, holder, lanes.get(kind), at):
                return self.get(pk=pk)
        return None

    def _take(self, pk: int, holder: str, lane: str | None, at: datetime) -> bool:
        """Take one job, unless another worker was quicker with it or with its lane."""
        begun = Coalesce("started_at", Value(at, output_field=models.DateTimeField()))
        columns = {"lease_holder": holder, "lease_until": at + LEASE, "attempts": F("attempts") + 1}
        try:
            with transaction.atomic():
                mine = self.filter(pk=pk, state=State.QUEUED)
                return bool(mine.update(state=State.RUNNING, lane=lane, started_at=begun, **columns))
        except IntegrityError:  # the lane is taken since a moment ago
            return False

    def renew(self, job_ids: Collection[int], holder: str, *, at: datetime) -> None:
        """Keep the jobs that ``holder`` is working on."""
        held = self.filter(pk__in=job_ids, state=State.RUNNING, lease_holder=holder)
        held.update(lease_until=at + LEASE)

    def sweep(
        self, *, at: datetime, dead_holders: Collection[str], living: Collection[str] = frozenset()
    ) -> int:
        """Queue again what dead workers and expired leases hold; count the jobs.

        ``living`` workers are known to be at work: their leases count as kept, whatever the clock says since
        it was put forward. A job abandoned too often without any progress fails instead.
        """
        running = self.filter(state=State.RUNNING)
        if not (held := list(running.values_list("pk", "lease_holder", "lease_until"))):
            return 0
        too_long = [
            pk for pk, _holder, until in held if until and until > at + 2 * LEASE
        ]  # the clock was put back
        if too_long:
            running.filter(pk__in=too_long).update(lease_until=at + LEASE)
        given_up = {holder for _pk, holder, until in held if until and until <= at} - set(living) | set(
            dead_holders
        )
        expired = Q(lease_until__lte=at) | Q(lease_holder__in=dead_holders)
        lost = running.filter(expired, lease_holder__in=given_up)
        if not (pks := list(lost.values_list("pk", flat=True))):
            return 0
        JobLine.objects.tell(pks, _("执行它的进程停了，重新排队"), Level.WARN, at=at)
        lost.filter(cancel_asked_at__isnull=False).update(**_ended(State.CANCELLED, at))
        lost.filter(attempts__gte=ABANDONED_LIMIT).update(
            **_ended(State.FAILED, at), error=str(_("任务多次中途停止，没有进展，已不再重试。"))
        )
        place = Least("run_at", Value(at, output_field=models.DateTimeField()))  # it stays where it stood
        return lost.update(**{**_queued(at), "run_at": place})

    def call_off(self, why: str, *, at: datetime) -> int:
        """Cancel those that are not over, also what was running: for when no worker works; count them."""
        return self.exclude(state__in=FINAL).update(**_ended(State.CANCELLED, at), error=why)

    def purge(self, *, before: datetime, ticked_before: datetime) -> int:
        """Delete finished jobs older than ``before``, well done ones of the schedule sooner; count them."""
        over = self.filter(state__in=FINAL)
        ticked = Q(key__startswith=TICKED, state=State.DONE, finished_at__lt=ticked_before)
        old, count = over.filter(Q(finished_at__lt=before) | ticked), 0
        while pks := list(old.values_list("pk", flat=True)[:PURGED_AT_ONCE]):
            self.filter(pk__in=pks).delete()
            count += len(pks)
        return count


def _queued(at: datetime) -> dict[str, Any]:
    """Columns of a job that waits for a worker."""
    return {"state": State.QUEUED, "run_at": at, "lease_holder": "", "lease_until": None, "lane": None}


def _ended(state: State, at: datetime) -> dict[str, Any]:
    """Columns of a job that is over."""
    return {"state": state, "finished_at": at, "lease_holder": "", "lease_until": None, "lane": None}


class Job(models.Model):
    """One piece of background work, from being asked for to its end.

    ``owner_id`` is the number of the user who asked (no foreign key: users live in a room above);
    ``cursor`` is the job's own note of how far it came.
    """

    kind = models.CharField(_("种类"), max_length=60)
    key = models.CharField(_("唯一键"), max_length=120, null=True, unique=True)  # noqa: DJ001 (NULLs are distinct)
    args = models.JSONField(_("参数"), default=dict)
    owner_id = models.BigIntegerField(_("发起人编号"), null=True)
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(_("尝试次数"), default=0)
    run_at = models.DateTimeField(_("开始时间"))
    lease_holder = models.CharField(_("执行进程"), max_length=120, blank=True)
    lease_until = models.DateTimeField(_("租期至"), null=True)
    cancel_asked_at = models.DateTimeField(_("要求取消时间"), null=True)
    cursor = models.JSONField(_("进度标记"), default=dict)
    progress_done = models.PositiveIntegerField(_("已处理"), default=0)
    progress_total = models.PositiveIntegerField(_("总数"), default=0)
    message = models.CharField(_("进展"), max_length=200, blank=True)
    result = models.JSONField(_("结果"), default=dict)
    error = models.TextField(_("错误"), blank=True)
    again = models.ForeignKey(
        "self", models.SET_NULL, verbose_name=_("重做的任务"), null=True, related_name="reruns"
    )
    lane = models.CharField(_("同时只做一个"), max_length=60, null=True, unique=True)  # noqa: DJ001 (as above)
    created_at = models.DateTimeField(_("建立时间"))
    started_at = models.DateTimeField(_("第一次开始"), null=True)
    finished_at = models.DateTimeField(_("结束时间"), null=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        verbose_name = _("后台任务")
        verbose_name_plural = _("后台任务")
        indexes = [
            models.Index(fields=["state", "run_at", "id"], name="job_due"),
            models.Index(fields=["owner_id", "id"], name="job_owner"),
            models.Index(fields=["kind", "id"], name="job_kind"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=State.values), name="job_state"),
            models.CheckConstraint(
                condition=Q(state=State.RUNNING, lease_until__isnull=False)
                | Q(~Q(state=State.RUNNING), lease_until__isnull=True),
                name="job_leased_while_running",
            ),
            models.CheckConstraint(
                condition=Q(state__in=FINAL, finished_at__isnull=False)
                | Q(~Q(state__in=FINAL), finished_at__isnull=True),
                name="job_finished_when_final",
            ),
            models.CheckConstraint(
                condition=Q(state=State.RUNNING) | Q(lane__isnull=True), name="job_lane_while_running"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.get_state_display()}"

    @property
    def is_over(self) -> bool:
        """Nothing more will happen to it."""
        return self.state in FINAL

    @property
    def is_stopping(self) -> bool:
        """It was asked to stop and has not done so yet."""
        return self.cancel_asked_at is not None and not self.is_over

    @property
    def seconds(self) -> float | None:
        """How long it took from its first start to its end; None when it never started or is not over."""
        if self.started_at is None or self.finished_at is None:
            return None
        return max(0.0, (self.finished_at - self.started_at).total_seconds())

    def note(self, text: str, level: Level = Level.INFO) -> None:
        """Write a line of what happens, in the caller's transaction; of each job the latest are kept."""
        JobLine.objects.tell([self.pk], text, level, at=timezone.now())
        self._noted = getattr(self, "_noted", 0) + 1
        if self._noted % LINES_BETWEEN == 0:
            JobLine.objects.shorten(self.pk)

    def advance(self, done: int, total: int, cursor: Mapping[str, Any], message: str = "") -> None:
        """Note how far the job came, in the transaction of the work itself, and renew the lease.

        Raises Interrupted when another worker holds the job by now, and the caller's transaction rolls back.
        """
        self.progress_done, self.progress_total, self.cursor = done, total, dict(cursor)
        self.message, self.attempts, self.lease_until = message[:200], 1, timezone.now() + LEASE
        names = ("progress_done", "progress_total", "cursor", "message", "attempts", "lease_until")
        if not self._held().update(**{name: getattr(self, name) for name in names}):
            raise Interrupted

    def finish(self, result: Mapping[str, Any] | None, *, at: datetime) -> None:
        """Mark the job done; raises Interrupted when this worker has lost it."""
        if not self._held().update(**_ended(State.DONE, at), result=dict(result or {}), error=""):
            raise Interrupted

    def fail(self, error: str, *, at: datetime) -> None:
        """Mark the job failed for good, with a sentence for its owner."""
        self._held().update(**_ended(State.FAILED, at), error=error)

    def retry_later(self, error: str, *, at: datetime) -> None:
        """Queue the job again to start at ``at``."""
        self._held().update(**_queued(at), error=error)

    def give_back(self, *, at: datetime) -> None:
        """Queue the job again as it stands, its worker being told to stop; this try does not count."""
        self._held().update(**_queued(at), attempts=F("attempts") - 1)

    def cancel(self, *, at: datetime) -> bool:
        """Cancel: at once while it waits, at its next step while it runs. False when it is already over."""
        waiting = Job.objects.filter(pk=self.pk, state=State.QUEUED)
        if waiting.update(**_ended(State.CANCELLED, at), cancel_asked_at=at):
            return True
        return bool(Job.objects.filter(pk=self.pk, state=State.RUNNING).update(cancel_asked_at=at))

    def end_cancelled(self, *, at: datetime) -> None:
        """Mark a running job cancelled."""
        self._held().update(**_ended(State.CANCELLED, at))

    def is_cancel_asked(self) -> bool:
        """Look up whether somebody asked to cancel."""
        return Job.objects.filter(pk=self.pk, cancel_asked_at__isnull=False).exists()

    def _held(self) -> JobQuerySet:
        """This row, while the worker that claimed it still holds it."""
        return Job.objects.filter(pk=self.pk, state=State.RUNNING, lease_holder=self.lease_holder)


class JobLineQuerySet(models.QuerySet["JobLine"]):
    """Writing lines and keeping them few."""

    def tell(self, job_ids: Iterable[int], text: object, level: Level, *, at: datetime) -> None:
        """Write the same line for several jobs."""
        self.bulk_create(JobLine(job_id=pk, at=at, level=level, text=str(text)[:500]) for pk in job_ids)

    def shorten(self, job_id: int) -> None:
        """Keep the latest lines of a job."""
        lines = self.filter(job_id=job_id)
        for last in lines.order_by("-id").values_list("pk", flat=True)[LINES_KEPT : LINES_KEPT + 1]:
            lines.filter(pk__lte=last).delete()


class JobLine(models.Model):
    """Something that happened to a job, in words."""

    job = models.ForeignKey(Job, models.CASCADE, related_name="lines")
    at = models.DateTimeField(_("时间"))
    level = models.CharField(_("级别"), max_length=5, choices=Level.choices, default=Level.INFO)
    text = models.CharField(_("内容"), max_length=500)

    objects = JobLineQuerySet.as_manager()

    class Meta:
        verbose_name = _("任务日志")
        verbose_name_plural = _("任务日志")

    def __str__(self) -> str:
        return self.text


class Tick(models.Model):
    """How far a line of the schedule has come: its last time slot, and how many there were.

    ``turn`` counts up whatever the clock does; whoever moves it on by one may ask for the job.
    """

    kind = models.CharField(_("种类"), max_length=60, unique=True)
    slot = models.DateTimeField(_("排到的时间"))
    turn = models.PositiveIntegerField(_("次数"), default=1)

    class Meta:
        verbose_name = _("定时进度")
        verbose_name_plural = _("定时进度")

    def __str__(self) -> str:
        return f"{self.kind} {self.turn}"
