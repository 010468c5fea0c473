"""The outbox, and how long notices are kept."""

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kebu.base.jobs.models import Job
from kebu.base.jobs.registry import Stop, job_kind
from kebu.office.notices.models import Notice
from kebu.office.notices.outbox import SEND
from kebu.office.notices.sending import send_due

KEEP_READ, KEEP = timedelta(days=180), timedelta(days=365)
CHUNK = 1_000


@job_kind(SEND, tries=20, unit=_("条"), label=_("发送通知"), lane=SEND)
def send(job: Job, stop: Stop) -> dict[str, int]:
    """Send what is due; note what a worker that died was sending."""
    return send_due(job, stop)


@job_kind("notices.trim", unit=_("条"), label=_("清理旧通知"))
def trim(job: Job, stop: Stop) -> dict[str, int]:
    """Delete notices that were read half a year ago, and all after a year, with what went out of them."""
    now, deleted = timezone.now(), 0
    old = Notice.objects.filter(created_at__lt=now - KEEP_READ)
    for rows in (old.filter(read_at__isnull=False), old.filter(created_at__lt=now - KEEP)):
        while pks := list(rows.values_list("pk", flat=True)[:CHUNK]):
            stop()
            deleted += len(pks)
            Notice.objects.filter(pk__in=pks).delete()
    return {"deleted": deleted}
