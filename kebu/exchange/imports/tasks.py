"""The two jobs of an import: checking the file and bringing its rows in."""

from collections.abc import Callable, Iterator
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kebu.base.jobs.models import Job, JobFailed
from kebu.base.jobs.registry import Stop, job_kind
from kebu.base.kit.errors import KitError
from kebu.exchange.imports.actions import Overtaken, Step, check_all, commit_all
from kebu.exchange.imports.models import Import

MANY = 5_000  # rows, after which the database should look at its tables again


@job_kind("imports.check", tries=4, label=gettext_lazy("检查导入的文件"), is_rerunnable=False)
def check(job: Job, stop: Stop) -> dict[str, Any]:
    """Read every row of the file; resumes behind the last row whose chunk was kept."""
    return _run(
        job, stop, lambda source, step: check_all(source, after=job.cursor.get("number", 0), step=step)
    )


@job_kind("imports.commit", tries=4, label=gettext_lazy("导入客户"), is_rerunnable=False)
def commit(job: Job, stop: Stop) -> dict[str, Any]:
    """Bring in the rows that are not done."""
    result = _run(job, stop, lambda source, step: commit_all(source, step=step))
    if job.progress_done >= MANY:
        Job.objects.enqueue("jobs.analyze", key=f"analyze-{job.pk}")
    return result


def _run(job: Job, stop: Stop, work: Callable[[Import, Step], Iterator[int]]) -> dict[str, Any]:
    source = Import.objects.filter(pk=job.args["import"], run=job.args["run"]).first()
    if source is None:
        raise JobFailed(_("这次导入已经重新开始，或者删掉了"))
    total = source.checked_count if job.kind == "imports.commit" else source.expected_count

    def step(done: int, number: int) -> None:
        job.advance(done, max(done, total), {"number": number}, _("%(done)d行") % {"done": done})

    try:
        stop()
        for _done in work(source, step):
            stop()
    except Overtaken as overtaken:
        raise JobFailed(_("这次导入已经重新开始，或者删掉了")) from overtaken
    except KitError as error:
        Import.objects.filter(pk=source.pk, run=source.run).update(error=error.message)
        raise JobFailed(error.message) from error
    return {"import": source.pk}
