"""The worker: claims due jobs, runs them, keeps their leases, cleans up after workers that died."""

import logging
import threading
from collections.abc import Callable
from pathlib import Path

from django.db import DatabaseError, close_old_connections, connection
from django.utils import timezone
from django.utils.translation import gettext as _

from kebu.base.fields.own import renew
from kebu.base.jobs.choices import Level
from kebu.base.jobs.models import Interrupted, Job, JobFailed
from kebu.base.jobs.presence import Presence
from kebu.base.jobs.recurring import CALM, Clock, Recurring
from kebu.base.jobs.registry import KINDS, Kind, lanes

logger = logging.getLogger(__name__)

POLL_SECONDS = 0.2  # a job starts this long after it was committed, at most
TICK_SECONDS = 1.0  # schedule, and jobs of workers that died on this machine
RENEW_SECONDS = 15.0


class Worker:
    """``threads`` jobs at a time; ``stop()`` ends it: its jobs go back as they stand."""

    def __init__(self, folder: Path, schedule: tuple[Recurring, ...] = (), threads: int = 2) -> None:
        self.presence = Presence(folder)
        self.clock = Clock(schedule)
        self.threads = threads
        self.stopping = threading.Event()
        self.at_work: set[int] = set()

    def stop(self) -> None:
        """Ask to end; the running jobs leave at their next step."""
        self.stopping.set()

    def run(self) -> None:
        """Work until stopped."""
        runners = [threading.Thread(target=self.serve, name=f"job-{n}") for n in range(self.threads)]
        renewer = threading.Thread(target=self.repeat, args=(self.renew, RENEW_SECONDS), daemon=True)
        for thread in (*runners, renewer):
            thread.start()
        self.repeat(self.tick, TICK_SECONDS)
        for thread in runners:
            thread.join()
        self.presence.leave()

    def serve(self) -> None:
        """One thread: job after job."""
        self.repeat(self.work_off, POLL_SECONDS)
        connection.close()

    def repeat(self, action: Callable[[], None], seconds: float) -> None:
        """Call ``action`` every so often until stopped; a database that is away is waited for."""
        while not self.stopping.is_set():
            try:
                action()
            except DatabaseError:
                logger.exception("后台任务：数据库暂时用不了，稍后再试")
                connection.close()
                self.stopping.wait(2)
            self.stopping.wait(seconds)

    def tick(self) -> None:
        """Enqueue recurring work; queue again what dead workers and expired leases hold."""
        close_old_connections()
        now, (living, dead) = timezone.now(), self.presence.look()
        count = Job.objects.sweep(at=now, dead_holders=dead, living=living)
        self.presence.forget(dead)
        if count:
            logger.warning("后台任务：%d 个中断的任务重新排队", count)
        self.clock.tick(at=now)

    def renew(self) -> None:
        """Keep the leases of jobs whose steps take long."""
        if self.at_work:
            Job.objects.renew(tuple(self.at_work), self.presence.holder, at=timezone.now())

    def work_off(self) -> None:
        """Run jobs until none is due."""
        close_old_connections()
        while not self.stopping.is_set() and (
            job := Job.objects.claim(self.presence.holder, at=timezone.now(), lanes=lanes())
        ):
            self.at_work.add(job.pk)
            try:
                self.perform(job)
            finally:  # when even its end could not be written, the lease runs out
                self.at_work.discard(job.pk)

    def perform(self, job: Job) -> None:
        """Run one job and write down how it ended."""
        now = timezone.now()
        if self.clock.is_hasty(job, at=now):
            job.retry_later(_("到点很久才轮到，时钟可能不对，再等一小时"), at=now + CALM)
            return
        renew()
        kind = KINDS.get(job.kind)
        try:
            if kind is None:
                raise JobFailed(_("没有这种后台任务：%s。") % job.kind)
            job.finish(kind.function(job, lambda: self.checkpoint(job)), at=timezone.now())
        except Interrupted:
            self.interrupt(job)
        except JobFailed as failure:
            job.fail(str(failure), at=timezone.now())
        except Exception as error:  # noqa: BLE001 (whatever a room's function raises ends here, never the worker)
            self.explain(job, error, kind)

    def checkpoint(self, job: Job) -> None:
        """The ``stop`` of a job function."""
        if self.stopping.is_set() or job.is_cancel_asked():
            raise Interrupted
        renew()

    def interrupt(self, job: Job) -> None:
        """The job left early: cancelled or given back; one that another worker has by now stays as it is."""
        if job.is_cancel_asked():
            job.end_cancelled(at=timezone.now())
        else:
            job.give_back(at=timezone.now())

    def explain(self, job: Job, error: Exception, kind: Kind | None) -> None:
        """An unexpected error: log it in full, then try again later or give up."""
        logger.error("后台任务 %s（%s）第 %d 次出错", job.pk, job.kind, job.attempts, exc_info=error)
        text, now = f"{type(error).__name__}: {error}", timezone.now()
        told = {"count": job.attempts, "error": text}
        job.note(_("第%(count)d次出错：%(error)s") % told, Level.ERROR)
        if kind is not None and job.attempts < kind.tries:
            job.retry_later(text, at=now + kind.backoff.pause(job.attempts))
        else:
            job.fail(_("出错了，试了 %(count)d 次都没有成功：%(error)s") % told, at=now)
