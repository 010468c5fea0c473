"""The Job row: the only truth about background work."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, models, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kebu.base.jobs.choices import FINAL, State

LEASE = timedelta(seconds=60)
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
    ) -> "Job":
        """Write a job in the caller's transaction, to start at ``at`` (None: now).

        The same ``key`` twice is one job: the second call returns the first one's row.
        """
        now = timezone.now()
        job = Job(
            kind=kind, args=dict(args or {}), owner_id=owner_id, run_at=at or now, key=key, created_at=now
        )
        try:
            with transaction.atomic():
                job.save(force_insert=True)
        except IntegrityError:
            if key is None:
                raise
            return self.get(key=key)
        return job

    def claim(self, holder: str, *, at: datetime) -> "Job | None":
        """Take the oldest job that is due; of several workers exactly one gets it."""
        due = self.filter(state=State.QUEUED, run_at__lte=at).order_by("run_at", "id")
        for pk in list(due.values_list("pk", flat=True)[:5]):
            taken = self.filter(pk=pk, state=State.QUEUED).update(
                state=State.RUNNING, lease_holder=holder, lease_until=at + LEASE, attempts=F("attempts") + 1
            )
            if taken:
                return self.get(pk=pk)
        return None

    def renew(self, job_ids: Collection[int], holder: str, *, at: datetime) -> None:
        """Keep the jobs that ``holder`` is working on."""
        held = self.filter(pk__in=job_ids, state=State.RUNNING, lease_holder=holder)
        held.update(lease_until=at + LEASE)

    def sweep(self, *, at: datetime, dead_holders: list[str]) -> int:
        """Queue again what dead workers and expired leases hold; count the jobs.

        A job abandoned too often without any progress fails instead.
        """
        lost = self.filter(Q(lease_until__lte=at) | Q(lease_holder__in=dead_holders), state=State.RUNNING)
        lost.filter(cancel_asked_at__isnull=False).update(**_ended(State.CANCELLED, at))
        lost.filter(attempts__gte=ABANDONED_LIMIT).update(
            **_ended(State.FAILED, at), error=str(_("任务多次中途停止，没有进展，已不再重试。"))
        )
        return lost.update(**_queued(at))

    def purge(self, *, before: datetime) -> int:
        """Delete finished jobs older than ``before``; count them."""
        return self.filter(state__in=FINAL, finished_at__lt=before).delete()[0]


def _queued(at: datetime) -> dict[str, Any]:
    """Columns of a job that waits for a worker."""
    return {"state": State.QUEUED, "run_at": at, "lease_holder": "", "lease_until": None}


def _ended(state: State, at: datetime) -> dict[str, Any]:
    """Columns of a job that is over."""
    return {"state": state, "finished_at": at, "lease_holder": "", "lease_until": None}


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
    created_at = models.DateTimeField(_("建立时间"))
    finished_at = models.DateTimeField(_("结束时间"), null=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        verbose_name = _("后台任务")
        verbose_name_plural = _("后台任务")
        indexes = [
            models.Index(fields=["state", "run_at", "id"], name="job_due"),
            models.Index(fields=["owner_id", "id"], name="job_owner"),
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
