"""Killed in the middle, an import goes on where it was: nothing twice, nothing lost."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from kebu.base.jobs.models import Job
from kebu.base.jobs.registry import KINDS
from kebu.base.journal.models import JournalEntry
from kebu.crm.contacts.models import Contact
from kebu.crm.customers.models import Customer
from kebu.exchange.imports import actions, checking
from kebu.exchange.imports.committing import commit_chunk
from kebu.exchange.imports.models import Import, ImportRow
from kebu.exchange.imports.tests.sheets import HEADERS, committed, outcomes, taken, upload, work_off, xlsx
from kebu.office.staff.models import User
from tests.cast import ClientOf

pytestmark = pytest.mark.django_db
COUNT = 23
ROWS = [[f"第{n}家有限公司", f"138000{n:05d}", "王磊", "", "", "", "", ""] for n in range(COUNT)]


class Killed(BaseException):
    """The process is gone."""


@pytest.fixture
def client(rep: User, client_of: ClientOf, monkeypatch: pytest.MonkeyPatch) -> Client:
    monkeypatch.setattr(actions, "CHUNK", 5)
    monkeypatch.setattr(checking, "CHUNK", 5)
    return client_of(rep)


def killed_at(call: int, whole: Callable[..., Any]) -> Callable[..., Any]:
    """The function as it is, but the process dies at the end of its n-th call, before the commit."""
    calls = []

    def dying(*args: Any, **options: Any) -> Any:
        result = whole(*args, **options)
        calls.append(1)
        if len(calls) == call:
            raise Killed
        return result

    return dying


def run_and_die(kind: str) -> None:
    """Run the job until it dies; its lease stays behind, and the next worker sweeps it up."""
    job = Job.objects.claim("dead", at=timezone.now())
    assert job is not None
    with pytest.raises(Killed):
        KINDS[kind].function(job, lambda: None)
    Job.objects.sweep(at=timezone.now() + timedelta(seconds=1), dead_holders=["dead"])
    Job.objects.filter(pk=job.pk).update(run_at=timezone.now())


@pytest.mark.slow
@pytest.mark.parametrize("call", [1, 3, 5])
def test_killed_while_bringing_in(
    client: Client, call: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = taken(client, tmp_path, ROWS)
    client.post(f"/imports/{source.pk}/commit/")
    with monkeypatch.context() as patch:
        patch.setattr(actions, "commit_chunk", killed_at(call, commit_chunk))
        run_and_die("imports.commit")
    source.refresh_from_db()
    assert Customer.objects.count() == source.done_count == (call - 1) * 5
    work_off(tmp_path)
    source.refresh_from_db()
    assert (source.state, source.done_count) == ("done", COUNT)
    assert Customer.objects.count() == Contact.objects.count() == COUNT
    assert sorted(Customer.objects.values_list("name", flat=True)) == sorted(row[0] for row in ROWS)
    assert JournalEntry.objects.filter(kind="customer", batch=source.batch).count() == COUNT
    ids = source.rows.values_list("customer_id", flat=True)
    assert set(ids) == set(Customer.objects.values_list("id", flat=True))


def test_killed_while_checking(client: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    upload(client, xlsx([HEADERS, *ROWS]))
    with monkeypatch.context() as patch:
        patch.setattr(actions, "check_chunk", killed_at(3, checking.check_chunk))
        run_and_die("imports.check")
    assert ImportRow.objects.count() == Import.objects.get().checked_count == 10
    work_off(tmp_path)
    source = Import.objects.get()
    assert (source.state, source.checked_count) == ("checked", COUNT)
    assert outcomes(source) == ["create"] * COUNT


def test_two_workers_at_one_import(client: Client, tmp_path: Path) -> None:
    """One that believes to have the job still, but is overtaken, writes nothing more."""
    source = taken(client, tmp_path, ROWS)
    client.post(f"/imports/{source.pk}/commit/")
    source.refresh_from_db()
    slow = actions.commit_all(source)
    assert next(slow) == 5
    actions.start_commit(Import.objects.get())
    with pytest.raises(actions.Overtaken):
        next(slow)
    work_off(tmp_path)
    assert Customer.objects.count() == COUNT


def test_job_gone_without_a_trace(client: Client, tmp_path: Path) -> None:
    source = taken(client, tmp_path, ROWS)
    client.post(f"/imports/{source.pk}/commit/")
    Job.objects.all().delete()
    assert "接着导入" in client.get(f"/imports/{source.pk}/").content.decode()
    committed(client, tmp_path, source)
    assert Customer.objects.count() == COUNT


def test_importer_left(client: Client, rep: User, tmp_path: Path) -> None:
    source = taken(client, tmp_path, ROWS)
    client.post(f"/imports/{source.pk}/commit/")
    User.objects.filter(pk=rep.pk).update(is_active=False)
    work_off(tmp_path)
    source.refresh_from_db()
    assert "账号已停用" in source.error
    assert not Customer.objects.exists()
