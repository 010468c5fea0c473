"""What the page of backups shows."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.module_loading import import_string

from kebu.base.access.choices import Permission
from kebu.base.jobs.models import Job
from kebu.office.backups import alarm, shelf
from kebu.office.backups.choices import Health
from kebu.office.staff.queries import signed_in

KINDS = ("backups.make", "backups.check", "backups.daily")
STALE = timedelta(hours=50)
RECENT = timedelta(minutes=10)


def standing(user_id: int) -> dict[str, Any]:
    """Archives, the job under way, and whether somebody should worry."""
    there, now = shelf.archives(), timezone.now()
    good = next((each for each in there if each.health is Health.GOOD), None)
    return {
        "archives": there,
        "last_good": good,
        "is_stale": bool(there) and (good is None or now - good.made_at > STALE),
        "failure": alarm.failure(),
        "job": _job(user_id, now),
        "folder": shelf.folder(),
        "copy_folder": settings.KEBU_BACKUP_COPY,
        "is_copy_there": bool(settings.KEBU_BACKUP_COPY) and Path(settings.KEBU_BACKUP_COPY).is_dir(),
        "next_at": next_run(now),
    }


def _job(user_id: int, now: datetime) -> Job | None:
    """The last job this person asked for, while it runs and shortly after."""
    job = Job.objects.filter(kind__in=KINDS, owner_id=user_id).order_by("-id").first()
    is_old = job is None or (job.finished_at is not None and now - job.finished_at > RECENT)
    return None if is_old else job


def next_run(now: datetime) -> datetime | None:
    """When the schedule makes the next one."""
    lines = (line for line in import_string(settings.KEBU_SCHEDULE) if line.kind == "backups.daily")
    return next((line.slot(now) + timedelta(days=1) for line in lines), None)


def failure_badge(request: HttpRequest) -> int | None:
    """The mark at 设置: the last backup failed. Looks at one small file, never at the database."""
    user = signed_in(request)
    if not user.is_authenticated or not user.can(Permission.BACKUP_MANAGE):
        return None
    return 1 if alarm.failure() else None
