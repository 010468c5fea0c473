from datetime import timedelta

import pytest
from django.utils import timezone

from kebu.base.jobs.choices import Level, State
from kebu.base.jobs.models import Job
from kebu.base.jobs.recurring import Clock
from kebu.base.journal.models import JournalEntry
from kebu.office.backstage.queries import lines
from kebu.office.staff.models import User
from tests.cast import ClientOf

pytestmark = pytest.mark.django_db


def failed(kind: str = "segments.snapshot", owner: User | None = None) -> Job:
    """A job that came to nothing."""
    Job.objects.enqueue(kind, {"segment": 7}, owner_id=owner.pk if owner else None)
    job = Job.objects.claim("a", at=timezone.now())
    assert job is not None
    job.fail("分群已经删掉了。", at=timezone.now())
    return job


def page(client_of: ClientOf, who: User, path: str) -> str:
    answer = client_of(who).get(path)
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_the_list_narrows_by_state_kind_and_person(
    admin: User, rep: User, mate: User, client_of: ClientOf
) -> None:
    failed(owner=rep)
    Job.objects.enqueue("imports.check", owner_id=mate.pk)
    Job.objects.enqueue("jobs.analyze")

    def found(query: str) -> set[str]:
        html = page(client_of, admin, f"/settings/jobs/{query}")
        table = html.partition("<tbody>")[2].partition("</tbody>")[0]
        return {name for name in ("给分群拍快照", "检查导入的文件", "更新数据库统计") if name in table}

    assert len(found("")) == 3
    assert found("?state=failed") == {"给分群拍快照"}
    assert found("?kind=imports.check") == {"检查导入的文件"}
    assert found(f"?owner={rep.pk}") == {"给分群拍快照"}
    assert found("?owner=house") == {"更新数据库统计"}
    assert len(found("?state=nonsense&kind=x&owner=y")) == 3


def test_jobs_of_the_schedule_that_went_well_are_shown_when_asked_for(
    admin: User, client_of: ClientOf
) -> None:
    Job.objects.enqueue("jobs.purge", key="tick:jobs.purge#7")
    job = Job.objects.claim("a", at=timezone.now())
    assert job is not None
    job.finish({}, at=timezone.now())
    assert f'id="job-{job.pk}"' not in page(client_of, admin, "/settings/jobs/")
    for query in ("?ticks=1", "?kind=jobs.purge"):
        assert f'id="job-{job.pk}"' in page(client_of, admin, f"/settings/jobs/{query}")


def test_a_failed_job_runs_again_once_as_a_new_one_that_names_it(
    admin: User, rep: User, client_of: ClientOf
) -> None:
    job = failed(owner=rep)
    for _press in range(2):
        answer = client_of(admin).post(f"/settings/jobs/{job.pk}/rerun/")
        again = Job.objects.get(again=job)
        assert answer.headers["Location"] == f"/settings/jobs/{again.pk}/"
    assert (again.kind, again.args, again.owner_id, again.state) == (job.kind, job.args, rep.pk, State.QUEUED)
    assert f"#{job.pk}" in page(client_of, admin, f"/settings/jobs/{again.pk}/")
    assert "管理员让它重做" in page(client_of, admin, f"/settings/jobs/{again.pk}/")
    assert f"#{again.pk}" in page(client_of, admin, f"/settings/jobs/{job.pk}/")
    entry = JournalEntry.objects.get(kind="job")
    assert (entry.record_id, entry.changes, entry.author_id) == (
        again.pk,
        {"again": [None, job.pk]},
        admin.pk,
    )


@pytest.mark.parametrize(
    ("kind", "ends", "words"),
    [
        ("imports.commit", True, "自己的页面"),
        ("gone.kind", True, "没有这种任务"),
        ("jobs.analyze", False, "只有"),
    ],
)
def test_what_cannot_run_again_says_why(
    kind: str, ends: bool, words: str, admin: User, client_of: ClientOf
) -> None:
    job = failed(kind) if ends else Job.objects.enqueue(kind)
    url = f"/settings/jobs/{job.pk}/rerun/"
    answer = client_of(admin).post(url, headers={"HX-Request": "true"})
    assert answer.status_code == 409
    assert words in answer.headers["HX-Trigger"].encode().decode("unicode_escape")
    assert Job.objects.count() == 1
    assert not JournalEntry.objects.filter(kind="job").exists()


def test_an_administrator_cancels_what_others_asked_for(admin: User, rep: User, client_of: ClientOf) -> None:
    waiting = Job.objects.enqueue("segments.snapshot", owner_id=rep.pk)
    url = f"/settings/jobs/{waiting.pk}/cancellation/"
    client_of(admin).post(url)
    waiting.refresh_from_db()
    assert waiting.state == State.CANCELLED
    assert "管理员取消了它" in page(client_of, admin, f"/settings/jobs/{waiting.pk}/")
    assert JournalEntry.objects.get(kind="job").changes == {"state": ["queued", "cancelled"]}
    assert client_of(admin).post(url, headers={"HX-Request": "true"}).status_code == 409


def test_a_job_tells_its_tries_and_what_happened(admin: User, client_of: ClientOf) -> None:
    Job.objects.enqueue("segments.snapshot")
    job = Job.objects.claim("a", at=timezone.now())
    assert job is not None
    job.advance(3, 10, {}, "第3个")
    job.note("第1次出错：磁盘满了", Level.ERROR)
    job.retry_later("磁盘满了", at=timezone.now())
    html = page(client_of, admin, f"/settings/jobs/{job.pk}/")
    for words in ("等着再试", "最多试3次，间隔约10秒、40秒", "第1次出错：磁盘满了", "3 / 10", "上一次出错"):
        assert words in html


def test_the_schedule_shows_each_line_with_its_last_run_and_its_next(
    admin: User, client_of: ClientOf
) -> None:
    Clock(lines()).tick(at=timezone.now())
    Job.objects.exclude(kind="jobs.analyze").delete()
    job = Job.objects.claim("a", at=timezone.now() + timedelta(minutes=5))
    assert job is not None
    job.finish({}, at=timezone.now())
    html = page(client_of, admin, "/settings/schedule/")
    assert html.count("<tr>") == len(lines()) + 1
    for words in ("每天03:30", "每5分钟", "缓一小时补做一次", "已完成", "还没有做过"):
        assert words in html


def test_run_now_is_one_job_however_often_it_is_pressed(admin: User, client_of: ClientOf) -> None:
    url = "/settings/schedule/jobs.analyze/run/"
    statuses = [client_of(admin).post(url, headers={"HX-Request": "true"}).status_code for _press in range(3)]
    assert statuses == [204, 409, 409]
    assert Job.objects.filter(kind="jobs.analyze", owner_id=admin.pk).count() == 1
    assert client_of(admin).post("/settings/schedule/demo.fill/run/").status_code == 404
    assert client_of(admin).post("/settings/schedule/nothing/run/").status_code == 404
