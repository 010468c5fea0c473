"""The two jobs of an import: checking the file and bringing its rows in."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from kebu.base.jobs.models import Job, JobFailed
from kebu.base.jobs.registry import job_kind
from kebu.base.kit.errors import KitError
from kebu.exchange.imports.actions import check_all, commit_all
from kebu.exchange.imports.choices import State
from kebu.exchange.imports.models import Import
from kebu.office.staff.models import User

Stop = Callable[[], None]


@job_kind("imports.check", tries=4)
def check(job: Job, stop: Stop) -> dict[str, Any]:
    """Read every row of the file; resumes behind the last row whose chunk was kept."""
    return _run(
        job, stop, lambda source, step: check_all(source, after=job.cursor.get("number", 0), step=step)
    )


@job_kind("imports.commit", tries=4)
def commit(job: Job, stop: Stop) -> dict[str, Any]:
    """Bring in the rows that are not done."""
    return _run(job, stop, lambda source, step: commit_all(source, step=step))


def _run(job: Job, stop: Stop, work: Callable[[Import, Callable[[int, int], None]], None]) -> dict[str, Any]:
    source = Import.objects.get(pk=job.args["import"])
    total = source.rows.count() if job.kind == "imports.commit" else 0

    def step(done: int, number: int) -> None:
        job.advance(done, total, {"number": number}, _("%(done)d行") % {"done": done})
        stop()

    try:
        stop()
        work(source, step)
    except (KitError, User.DoesNotExist) as error:
        message = error.message if isinstance(error, KitError) else _("导入人的账号已停用，请换人重新导入")
        Import.objects.filter(pk=source.pk).update(state=State.FAILED, error=message)
        raise JobFailed(message) from error
    return {"import": source.pk}
