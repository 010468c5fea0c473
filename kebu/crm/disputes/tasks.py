"""The nightly forgetting."""

from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kebu.base.jobs.models import Job
from kebu.base.jobs.registry import Stop, job_kind
from kebu.crm.disputes.models import Sighting

KEPT = timedelta(days=90)


@job_kind("disputes.forget", tries=3, label=_("忘掉90天前的查重答复"), lane="disputes.forget")
def forget(job: Job, stop: Stop) -> dict[str, Any]:
    """Forget what people were told of hidden customers long ago; disputes stay."""
    stop()
    count, _by_model = Sighting.objects.filter(on__lt=timezone.localdate() - KEPT).delete()
    return {"forgotten": count}
