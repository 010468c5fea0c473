"""The jobs of exports: making a file, and the nightly sweep."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kebu.base.jobs.models import Interrupted, Job, JobFailed
from kebu.base.jobs.registry import Stop, job_kind
from kebu.base.kit.errors import KitError
from kebu.exchange.exports import actions
from kebu.exchange.exports.choices import State
from kebu.exchange.exports.models import Export


@job_kind("exports.make", tries=4, unit=gettext_lazy("行"), label=gettext_lazy("生成导出的文件"))
def make(job: Job, stop: Stop) -> dict[str, Any]:
    """Make the file; a file begun by a worker that died is made anew from the first row."""
    export = Export.objects.filter(pk=job.args["export"], state=State.WORKING).first()
    if export is None:
        return {}

    def step(done: int, total: int) -> None:
        job.advance(done, total, {"written": done}, _("已写%(done)s行") % {"done": f"{done:,}"})

    try:
        actions.make(export, step, stop)
    except Interrupted:
        if job.is_cancel_asked():
            actions.cancel(export, at=timezone.now())
        raise
    except KitError as error:
        actions.fail(export, error.message)
        raise JobFailed(error.message) from error
    return {"export": export.pk}


@job_kind("exports.sweep", tries=3, label=gettext_lazy("删除到期的导出文件"), lane="exports.sweep")
def sweep(job: Job, stop: Stop) -> dict[str, Any]:
    """Delete files whose time is over."""
    stop()
    return {"swept": actions.sweep(at=timezone.now())}
