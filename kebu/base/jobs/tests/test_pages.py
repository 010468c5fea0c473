from django.utils import timezone

from kebu.base.jobs.choices import State
from kebu.base.jobs.models import Job
from kebu.office.staff.models import User
from tests.cast import ClientOf


def running_job(owner: User) -> Job:
    Job.objects.enqueue("x", owner_id=owner.pk)
    job = Job.objects.claim("a", at=timezone.now())
    assert job is not None
    job.advance(3, 10, {}, "已导入3行")
    return job


def test_owner_sees_progress_until_the_end(rep: User, client_of: ClientOf) -> None:
    job = running_job(rep)
    page = client_of(rep).get(f"/jobs/{job.pk}/")
    assert "已导入3行" in page.content.decode()
    assert 'hx-trigger="every 1s"' in page.content.decode()
    job.finish({}, at=timezone.now())
    last = client_of(rep).get(f"/jobs/{job.pk}/", headers={"HX-Request": "true"})
    assert last.status_code == 286
    assert "every 1s" not in last.content.decode()


def test_the_kind_of_a_job_says_what_its_progress_counts(rep: User, client_of: ClientOf) -> None:
    for kind, told in (("demo.remove", "3 / 10个客户"), ("backups.check", "3 / 10 MB"), ("gone", "3 / 10<")):
        Job.objects.all().delete()
        Job.objects.enqueue(kind, owner_id=rep.pk)
        job = Job.objects.claim("a", at=timezone.now())
        assert job is not None
        job.advance(3, 10, {})
        assert told in client_of(rep).get(f"/jobs/{job.pk}/").content.decode()


def test_owner_cancels(rep: User, client_of: ClientOf) -> None:
    job = running_job(rep)
    assert client_of(rep).get(f"/jobs/{job.pk}/cancellation/").status_code == 405
    assert "正在停止" in client_of(rep).post(f"/jobs/{job.pk}/cancellation/").content.decode()
    waiting = Job.objects.enqueue("y", owner_id=rep.pk)
    client_of(rep).post(f"/jobs/{waiting.pk}/cancellation/")
    assert Job.objects.get(pk=waiting.pk).state == State.CANCELLED


def test_failure_shows_its_sentence(rep: User, client_of: ClientOf) -> None:
    job = running_job(rep)
    job.fail("文件里没有数据，请换一个文件。", at=timezone.now())
    assert "文件里没有数据" in client_of(rep).get(f"/jobs/{job.pk}/").content.decode()


def test_nobody_else_sees_or_stops_it(rep: User, manager: User, client_of: ClientOf) -> None:
    job = running_job(rep)
    assert client_of(manager).get(f"/jobs/{job.pk}/").status_code == 404
    assert client_of(manager).post(f"/jobs/{job.pk}/cancellation/").status_code == 404
    assert not job.is_cancel_asked()
