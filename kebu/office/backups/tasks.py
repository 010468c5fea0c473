"""Backups and checks as jobs of the worker."""

import time
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kebu.base.jobs.models import Interrupted, Job, JobFailed
from kebu.base.jobs.registry import Stop, job_kind
from kebu.office.backups import alarm, shelf
from kebu.office.backups.checking import verify
from kebu.office.backups.choices import Way
from kebu.office.backups.keeping import back_up
from kebu.office.backups.refusals import EXPECTED, BackupFailed, Unusable, in_words
from kebu.office.backups.sealed import Step
from kebu.office.backups.shelf import Note
from kebu.office.staff.models import User

PAUSE = 0.5  # seconds between two words about the progress
MEGABYTE = 1 << 20


@job_kind("backups.daily", tries=2, unit=gettext_lazy("行"), label=gettext_lazy("每天的备份"), lane="backups")
def daily(job: Job, stop: Stop) -> dict[str, str]:
    """The scheduled backup. One that was due before anybody worked here is not made up for."""
    due = datetime.fromisoformat((job.key or "").partition("@")[2] or job.created_at.isoformat())
    if not User.objects.filter(created_at__lt=due).exists():
        return {}
    return _make(job, stop, Way.DAILY)


@job_kind(
    "backups.make",
    tries=1,
    unit=gettext_lazy("行"),
    label=gettext_lazy("立即备份"),
    lane="backups",
    is_rerunnable=False,
)
def make(job: Job, stop: Stop) -> dict[str, str]:
    """A backup somebody asked for."""
    return _make(job, stop, Way.MANUAL)


@job_kind("backups.check", tries=1, unit=" MB", label=gettext_lazy("校验备份"), is_rerunnable=False)
def check(job: Job, stop: Stop) -> dict[str, str]:
    """Look an archive through and note what was found."""
    archive = shelf.find(job.args["name"])
    if archive is None:
        raise JobFailed(_("这份备份不在了。"))
    try:
        manifest = verify(archive.path, _telling(job, stop, _("正在校验"), MEGABYTE))
    except Unusable as fault:
        shelf.write_note(archive.path, Note.of(archive.path, None, str(fault)))
        raise JobFailed(str(fault)) from fault
    except EXPECTED as error:
        raise JobFailed(_("没有校验成：%(why)s。") % {"why": in_words(error)}) from error
    shelf.write_note(archive.path, Note.of(archive.path, manifest))
    words = _("%(name)s 校验通过：%(rows)s行数据、%(files)s个文件都和清单一样")
    _tell_end(job, words % _counts(archive.name, manifest.row_count, len(manifest.files)))
    return {"name": archive.name}


def _counts(name: str, rows: int, files: int) -> dict[str, str]:
    return {"name": name, "rows": f"{rows:,}", "files": f"{files:,}"}


def _make(job: Job, stop: Stop, way: Way) -> dict[str, str]:
    try:
        path = back_up(way, _telling(job, stop, _("正在备份"), 1))
    except BackupFailed as failed:
        alarm.raise_alarm(str(failed))
        raise JobFailed(str(failed)) from failed
    except Interrupted:
        raise
    except Exception as error:
        alarm.raise_alarm(in_words(error))
        raise
    alarm.calm()
    _tell_end(job, _("备份做好了：%(name)s") % {"name": path.name})
    return {"name": path.stem}


def _tell_end(job: Job, words: str) -> None:
    job.advance(job.progress_done, job.progress_total, {}, words)


def _telling(job: Job, stop: Stop, words: str, unit: int) -> Step:
    """A step that writes the progress down now and then, and leaves when asked to."""
    last = 0.0

    def step(done: int, total: int) -> None:
        nonlocal last
        if time.monotonic() - last >= PAUSE:
            last = time.monotonic()
            stop()
            job.advance(done // unit, max(done, total or job.progress_total * unit) // unit, {}, words)

    return step
