"""Demo data made and taken away in the background, as the first run offers it."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kebu.base.jobs.models import Job
from kebu.base.jobs.registry import Stop, job_kind
from kebu.front.demo.actions import Size, hire, remove, write_customers

SIZE = Size(300, 1200, 12)
SEED = 2026
STEP = 50  # customers between two looks at the progress


@job_kind(
    "demo.fill",
    unit=gettext_lazy("个客户"),
    label=gettext_lazy("生成演示数据"),
    lane="demo",
    is_rerunnable=False,
)
def make(job: Job, stop: Stop) -> dict[str, Any]:
    """Staff nobody can sign in as, then customers with histories; resumes behind the last chunk kept."""
    at = datetime.fromisoformat(job.args["at"])
    hire(SIZE.users, seed=SEED, password=None, at=at)

    def keep(done: int) -> None:
        text = _("已放好%(done)d个示例客户") % {"done": done}
        job.advance(done, SIZE.customers, {"done": done}, text)

    done = job.cursor.get("done", 0)
    for _done in write_customers(SIZE, seed=SEED, at=at, done=done, chunk=STEP, keep=keep):
        stop()
    return {}


@job_kind(
    "demo.remove",
    unit=gettext_lazy("个客户"),
    label=gettext_lazy("删除演示数据"),
    lane="demo",
    is_rerunnable=False,
)
def take_away(job: Job, stop: Stop) -> dict[str, Any]:
    """Everything the demo made; begun anew it goes on with what is left."""

    def progress(done: int, total: int) -> None:
        job.advance(done, total, {}, _("已删除%(done)d个示例客户") % {"done": done})
        stop()

    return remove(progress)
