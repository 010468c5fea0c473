"""The folder of archives: what stays, what goes, the second folder, and the schedule."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from kebu.base.jobs.choices import State
from kebu.base.jobs.models import Job
from kebu.base.jobs.registry import KINDS
from kebu.base.jobs.worker import Worker
from kebu.base.kit.dates import SHANGHAI
from kebu.office.backups import alarm, shelf, tasks
from kebu.office.backups.choices import Health, Way
from kebu.office.backups.retention import outdated
from kebu.office.backups.shelf import Note
from kebu.office.backups.upgrading import back_up_before_upgrade
from kebu.office.staff.models import User

YEARS = 400


@pytest.fixture(autouse=True)
def house(tmp_path: Path, settings: Any) -> Path:
    """A data folder of its own and a second folder."""
    folder = tmp_path / "data"
    (folder / "files").mkdir(parents=True)
    settings.DATA_DIR, settings.MEDIA_ROOT = folder, folder / "files"
    settings.KEBU_BACKUPS, settings.KEBU_BACKUP_COPY = folder / "backups", str(tmp_path / "second")
    (folder / "backups").mkdir()
    return folder


def test_seven_days_four_weeks_twelve_months() -> None:
    """Kept as the days go by, one archive a day and pruned each time, as the schedule does it."""
    kept: set[datetime] = set()
    for day in range(YEARS):
        kept.add(datetime(2025, 1, 1, 2, tzinfo=SHANGHAI) + timedelta(days=day))
        kept -= outdated(kept)
    last = max(kept)
    ages = sorted((last - moment).days for moment in kept)
    assert ages[:7] == [0, 1, 2, 3, 4, 5, 6]
    assert len({moment.isocalendar()[:2] for moment in kept if (last - moment).days < 28}) >= 4
    assert len({(moment.year, moment.month) for moment in kept}) == 12
    assert len(kept) <= 7 + 4 + 12


def put(name: str, *, good: bool | None = True) -> None:
    """An archive on the shelf, with or without a note."""
    path = shelf.folder() / f"{name}.zip"
    path.write_bytes(name.encode())
    if good is not None:
        shelf.write_note(path, Note.of(path, None, "" if good else "坏了"))


def names() -> list[str]:
    return [each.name for each in shelf.archives()]


def test_the_last_good_one_is_never_pruned() -> None:
    for day in range(1, 20):
        put(f"kebu-daily-202601{day:02d}-020000", good=None if day > 1 else True)
    shelf.prune(shelf.folder())
    assert "kebu-daily-20260101-020000" in names()
    assert len(names()) == 1 + 7 + 2


def test_nothing_is_pruned_when_none_is_known_to_be_good() -> None:
    for day in range(1, 20):
        put(f"kebu-daily-202601{day:02d}-020000", good=None)
    assert shelf.prune(shelf.folder()) == []


def test_a_bad_one_takes_no_place_and_manual_ones_stay() -> None:
    for day in range(1, 11):
        put(f"kebu-daily-202606{day:02d}-020000")
    put("kebu-daily-20260611-020000", good=False)
    put("kebu-manual-20200101-120000")
    for day in range(1, 6):
        put(f"kebu-upgrade-202601{day:02d}-120000")
    shelf.prune(shelf.folder())
    assert len([name for name in names() if "upgrade" in name]) == 3
    assert "kebu-manual-20200101-120000" in names()
    assert {f"kebu-daily-202606{day:02d}-020000" for day in range(4, 11)} <= set(names())


def test_only_plain_archives_are_found(house: Path) -> None:
    put("kebu-manual-20261122-120000")
    (shelf.folder() / "kebu-manual-20261122-130000.zip").symlink_to(house / "secret.key")
    for name in (
        "kebu-manual-20261122-130000",
        "../kebu-manual-20261122-120000",
        "secret",
        "kebu-manual-2026",
    ):
        assert shelf.find(name) is None
    assert shelf.find("kebu-manual-20261122-120000") is not None


def test_a_note_counts_for_the_file_it_was_made_of() -> None:
    put("kebu-manual-20261122-120000")
    assert shelf.archives()[0].health is Health.GOOD
    shelf.archives()[0].path.write_bytes(b"something else")
    assert shelf.archives()[0].health is Health.UNKNOWN


def work_off(tmp_path: Path, kind: str, key: str | None = None) -> Job:
    """Have a job done by a worker."""
    job = Job.objects.enqueue(kind, {}, key=key)
    worker = Worker(tmp_path / "workers")
    worker.work_off()
    worker.presence.leave()
    job.refresh_from_db()
    return job


@pytest.mark.django_db(transaction=True)
def test_the_nightly_job_makes_copies_and_prunes(rep: User, tmp_path: Path) -> None:
    assert KINDS["backups.daily"].function is tasks.daily
    (tmp_path / "second").mkdir()
    for day in range(1, 15):
        put(f"kebu-daily-202505{day:02d}-020000")
    due = timezone.now() + timedelta(minutes=1)
    job = work_off(tmp_path, "backups.daily", f"backups.daily@{due.isoformat()}")
    assert (job.state, job.error) == (State.DONE, "")
    made = shelf.archives()[0]
    assert (made.way, made.health) == (Way.DAILY, Health.GOOD)
    assert (tmp_path / "second" / made.path.name).read_bytes() == made.path.read_bytes()
    assert shelf.archives(tmp_path / "second")[0].health is Health.GOOD
    assert len(shelf.archives()) < 15


@pytest.mark.django_db(transaction=True)
def test_what_was_due_before_anybody_worked_here_is_not_made_up_for(rep: User, tmp_path: Path) -> None:
    due = timezone.now() - timedelta(hours=3)
    assert work_off(tmp_path, "backups.daily", f"backups.daily@{due.isoformat()}").state == State.DONE
    assert shelf.archives() == []


@pytest.mark.django_db(transaction=True)
def test_a_second_folder_that_is_away_raises_the_alarm(rep: User, tmp_path: Path) -> None:
    """The backup itself is kept; the folder is not made, for its disk may not be plugged in."""
    job = work_off(tmp_path, "backups.make")
    assert job.state == State.FAILED
    assert "没有复制到第二个文件夹" in job.error
    failure = alarm.failure()
    assert failure is not None
    assert failure.why == job.error
    assert len(shelf.archives()) == 1
    (tmp_path / "second").mkdir()
    assert work_off(tmp_path, "backups.make").state == State.DONE
    assert alarm.failure() is None


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_before_an_upgrade_what_is_there_is_backed_up(shipped: None, rep: User) -> None:
    for _time in range(5):
        path = back_up_before_upgrade()
        assert path is not None
    assert [each.way for each in shelf.archives()] == [Way.UPGRADE] * 3


@pytest.mark.django_db(transaction=True)
def test_an_empty_installation_needs_none() -> None:
    assert back_up_before_upgrade() is None
