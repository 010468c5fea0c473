"""The page of backups."""

from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from kebu.base.jobs.models import Job
from kebu.base.jobs.registry import KINDS
from kebu.base.jobs.worker import Worker
from kebu.base.journal.models import JournalEntry
from kebu.office.backups import alarm, shelf, tasks
from kebu.office.backups.shelf import Note
from kebu.office.staff.models import User
from tests.cast import ClientOf

LIST = "/settings/backups/"
NAME = "kebu-manual-20261122-120000"


@pytest.fixture(autouse=True)
def house(tmp_path: Path, settings: Any) -> Path:
    """A data folder of its own."""
    folder = tmp_path / "data"
    (folder / "files").mkdir(parents=True)
    settings.DATA_DIR, settings.MEDIA_ROOT = folder, folder / "files"
    settings.KEBU_BACKUPS, settings.KEBU_BACKUP_COPY = folder / "backups", ""
    (folder / "backups").mkdir()
    return folder


def put(error: str = "") -> Path:
    path = shelf.folder() / f"{NAME}.zip"
    path.write_bytes(b"content")
    shelf.write_note(path, Note.of(path, None, error))
    return path


def work_off(tmp_path: Path) -> None:
    worker = Worker(tmp_path / "workers")
    worker.work_off()
    worker.presence.leave()


@pytest.mark.django_db(transaction=True)
def test_made_checked_downloaded_deleted(admin: User, client_of: ClientOf, tmp_path: Path) -> None:
    """A backup from the button to the bin, everything in the journal."""
    assert KINDS["backups.make"].function is tasks.make
    client = client_of(admin)
    assert client.post(LIST).headers["Location"] == LIST
    client.post(LIST)  # pressed twice
    assert Job.objects.filter(kind="backups.make").count() == 1
    assert "排队中" in client.get(LIST).content.decode()
    work_off(tmp_path)
    (made,) = shelf.archives()
    page = client.get(LIST).content.decode()
    assert "校验通过" in page
    assert f"备份做好了：{made.path.name}" in page
    answer = client.post(reverse("backups:download", args=[made.name]))
    assert b"".join(answer) == made.path.read_bytes()
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{made.path.name}"'
    client.post(reverse("backups:check", args=[made.name]))
    work_off(tmp_path)
    assert "校验通过：" in client.get(LIST).content.decode()
    assert (
        "最后一份校验通过的备份" in client.get(reverse("backups:removal", args=[made.name])).content.decode()
    )
    assert made.path.exists()
    client.post(reverse("backups:removal", args=[made.name]))
    assert shelf.archives() == []
    entries = JournalEntry.objects.filter(kind="backup").order_by("id")
    assert [(entry.action, entry.author_id) for entry in entries] == [
        ("export", admin.pk),
        ("delete", admin.pk),
    ]


@pytest.mark.django_db(transaction=True)
def test_a_damaged_archive_is_marked(admin: User, client_of: ClientOf, tmp_path: Path) -> None:
    put()
    client = client_of(admin)
    client.post(reverse("backups:check", args=[NAME]))
    work_off(tmp_path)
    assert "坏了" in client.get(LIST).content.decode()
    assert shelf.archives()[0].health == "bad"


@pytest.mark.django_db
def test_a_failure_is_seen_everywhere_by_administrators(admin: User, rep: User, client_of: ClientOf) -> None:
    alarm.raise_alarm("磁盘满了")
    client = client_of(admin)
    assert "磁盘满了" in client.get(LIST).content.decode()
    mark = '<data value="1">1</data>'
    assert mark in client.get("/settings/users/").content.decode()
    assert mark not in client_of(rep).get("/me/").content.decode()
    alarm.calm()
    assert mark not in client.get("/settings/users/").content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("verb", ["download", "check", "removal"])
def test_others_may_not_and_strange_names_lead_nowhere(
    verb: str, admin: User, manager: User, client_of: ClientOf
) -> None:
    put()
    address = f"{LIST}{NAME}/{verb}/"
    assert client_of(manager).post(address).status_code == 403
    assert client_of(manager).get(LIST).status_code == 403
    assert (shelf.folder() / f"{NAME}.zip").exists()
    tricks = (
        "kebu-manual-20261122-999999",
        "secret",
        "..%2Fsecret",
        "../../secret.key",
        "%2e%2e",
        f"{NAME}.zip",
    )
    for name in tricks:
        assert client_of(admin).post(f"{LIST}{name}/{verb}/").status_code == 404, name
