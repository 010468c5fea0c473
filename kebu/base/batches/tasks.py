"""The job of a batch."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kebu.base.batches.actions import Barred, Overtaken, carry_out, stop
from kebu.base.batches.models import Batch
from kebu.base.jobs.models import Interrupted, Job, JobFailed
from kebu.base.jobs.registry import Stop, job_kind


@job_kind("batches.carry_out", tries=4, label=gettext_lazy("批量操作"), is_rerunnable=False)
def work_off(job: Job, pause: Stop) -> dict[str, int]:
    """Carry a batch out, from its cursor."""
    batch = Batch.objects.filter(pk=job.args["batch"]).first()
    if batch is None:
        raise JobFailed(_("这个批次已经不在了"))

    def step(done: int, total: int) -> None:
        job.advance(
            done, total, {"handled": done}, _("%(done)d / %(total)d") % {"done": done, "total": total}
        )

    try:
        pause()
        for _done in carry_out(batch, step):
            pause()
    except Interrupted:
        if job.is_cancel_asked():
            stop(batch, _("被取消"))
        raise
    except Overtaken as overtaken:
        raise JobFailed(_("这个批次已经停下了")) from overtaken
    except Barred as barred:
        stop(batch, barred.message)
        raise JobFailed(barred.message) from barred
    return {"changed": batch.changed_count, "left": batch.left_count}
