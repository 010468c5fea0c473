"""From a backup back to the same data: on both databases, beside what is there, or not at all."""

import fcntl
import json
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.models import Count
from django.utils import timezone

from kebu.base.journal import anchors
from kebu.base.journal.chain import seal_waiting
from kebu.base.journal.verifying import verify
from kebu.base.search.index import SearchIndex
from kebu.crm.customers.models import Customer
from kebu.crm.followups.models import Plan as FollowUpPlan
from kebu.crm.followups.tests.cast import given
from kebu.crm.reminders.tests.cast import go, read_up_to, told
from kebu.office.backups import restoring
from kebu.office.backups.history import state_of
from kebu.office.backups.making import make_backup
from kebu.office.backups.manifest import Manifest
from kebu.office.backups.refusals import RestoreFailed, Unusable
from kebu.office.backups.restoring import restore
from kebu.office.backups.rows import lines
from kebu.office.backups.soundness import findings
from kebu.office.backups.swap import Plan, carry_out, finish
from kebu.office.notices.choices import State, Way
from kebu.office.notices.kinds import TEST
from kebu.office.notices.models import Delivery, Notice
from kebu.office.notices.sending import settle_restored
from kebu.office.staff.models import User
from tests.cast import MakeCustomer

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
FILE = "customers/offer.txt"
SETTLED = {"reminders_mark", "jobs_tick"}  # tables that a restore brings up to its own moment


def quiet(*_words: Any) -> None:
    """A step, or a word to the terminal, that nobody reads."""


@pytest.fixture
def house(tmp_path: Path, settings: Any) -> Iterator[Path]:
    """A data folder of its own with a file and a key; the database is the one of the run."""
    folder = tmp_path / "data"
    (folder / "files" / "customers").mkdir(parents=True)
    (folder / "files" / FILE).write_text("报价单")
    (folder / "files" / "half.upload").write_text("unfinished")
    (folder / "secret.key").write_text("the key of this house")
    settings.DATA_DIR, settings.MEDIA_ROOT = folder, folder / "files"
    settings.KEBU_BACKUPS, settings.KEBU_BACKUP_COPY = folder / "backups", ""
    if connection.vendor == "postgresql":
        end_other_connections()
    yield folder
    connection.close()


@pytest.fixture
def own_database(house: Path, request: pytest.FixtureRequest) -> Iterator[None]:
    """Restoring swaps the database itself: let it be one that belongs to the test alone."""
    if connection.vendor == "sqlite":
        former = Path(str(connection.settings_dict["NAME"]))
        connection.close()
        aside = {p: p.with_name(f"aside-{p.name}") for p in former.parent.glob(f"{former.name}*")}
        for path, place in aside.items():
            place.write_bytes(path.read_bytes())
        yield
        connection.close()
        for path in former.parent.glob(f"{former.name}*"):
            path.unlink()
        for path, place in aside.items():
            place.rename(path)
        return
    yield
    with connection.cursor() as cursor:
        cursor.execute("SELECT nspname FROM pg_namespace WHERE nspname LIKE 'kebu_replaced_%%'")
        for (name,) in cursor.fetchall():
            cursor.execute(f'DROP SCHEMA "{name}" CASCADE')


def end_other_connections() -> None:
    """Close what threads of earlier tests left open: a restore rightly refuses while anybody is connected."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() "
            "AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
        )


def contents() -> dict[str, list[bytes]]:
    """Every row of every table, as text."""
    return {model._meta.db_table: list(lines(model, "default")) for model in state_of().models}


def differences(before: dict[str, list[bytes]]) -> list[tuple[str, str]]:
    """Rows that are there now and were not, and the other way round."""
    now = contents()
    rows = {name: set(now[name]) ^ set(before[name]) for name in before}
    return [(name, row.decode()) for name, odd in rows.items() for row in sorted(odd)]


def test_everything_comes_back(
    house: Path, own_database: None, rep: User, make_customer: MakeCustomer, tmp_path: Path
) -> None:
    """Rows to the last bit, ids never given out again, files, key; what was there is kept beside."""
    customer = make_customer(rep, name="苏州澄岳精密有限公司", remark="逐张表核对")
    gone = make_customer(rep, name="另外一家公司")
    last = gone.pk
    Customer.objects.filter(pk=gone.pk).delete()
    before, archive = contents(), tmp_path / "one.zip"
    make_backup(archive, quiet)
    Customer.objects.all().update(name="改过的")
    (house / "files" / FILE).write_text("changed")
    (house / "secret.key").write_text("another key")
    done = restore(archive, replace=True, say=quiet)
    assert {name for name, _row in differences(before)} == SETTLED
    assert SearchIndex("customer").find("澄岳") == [customer.pk]
    assert make_customer(rep).pk > last
    assert (house / "files" / FILE).read_text() == "报价单"
    assert not (house / "files" / "half.upload").exists()
    assert (house / "secret.key").read_text() == "the key of this house"
    kept = next(house.glob("replaced-*"))
    assert done.kept
    assert done.kept.startswith(str(kept))
    assert (kept / "files" / FILE).read_text() == "changed"
    assert (kept / "secret.key").read_text() == "another key"
    assert not (house / "restoring").exists()


def test_nothing_of_the_outbox_goes_out_again(
    house: Path, own_database: None, rep: User, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What waited when the backup was made has perhaps been sent since; what had an end keeps it."""
    at = timezone.now()
    for state in State:
        notice = Notice.objects.create(user=rep, key=state.value, kind=TEST, title="演示", created_at=at)
        Delivery.objects.create(notice=notice, way=Way.EMAIL, state=state, due_at=at, created_at=at)
    make_backup(tmp_path / "one.zip", quiet)
    Delivery.objects.filter(state=State.WAITING).update(state=State.SENT)
    call_command("restore", str(tmp_path / "one.zip"), "--replace")
    told = capsys.readouterr().out
    assert "3条通知没有发完" in told
    assert "未确认" in told
    found = dict(Delivery.objects.values_list("state").annotate(Count("id")))
    assert found == {State.UNCONFIRMED: 4, State.SENT: 1, State.DEAD: 1, State.DROPPED: 1}
    assert Delivery.objects.filter(answer__contains="从备份恢复").count() == 3
    assert settle_restored() == 0


def test_nobody_is_reminded_again_of_what_he_was_told_since(
    house: Path, own_database: None, rep: User, tmp_path: Path
) -> None:
    """The inbox is as it was when the backup was made; mails and robots have spoken since."""
    before = timezone.now() - timedelta(hours=5)
    read_up_to("due", before)
    plan = given(rep, None)
    FollowUpPlan.objects.filter(pk=plan.pk).update(starts_at=timezone.now(), updated_at=before)
    make_backup(tmp_path / "one.zip", quiet)
    go()
    assert len(told(rep)) == 1
    restore(tmp_path / "one.zip", replace=True, say=quiet)
    go()
    assert told(rep) == []


def test_an_older_journal_comes_back_with_its_anchors(
    house: Path, own_database: None, rep: User, make_customer: MakeCustomer, tmp_path: Path
) -> None:
    """The anchors of later entries would call the restored journal cut off."""
    make_customer(rep)
    seal_waiting()
    anchors.drop(timezone.now())
    make_backup(tmp_path / "one.zip", quiet)
    make_customer(rep)
    seal_waiting()
    anchors.drop(timezone.now())
    later = anchors.read()[0]
    restore(tmp_path / "one.zip", replace=True, say=quiet)
    assert anchors.read()[0] == later[:1]
    assert verify().is_clean


def test_data_in_place_is_never_touched_unasked(house: Path, rep: User, tmp_path: Path) -> None:
    make_backup(tmp_path / "one.zip", quiet)
    before = contents()
    with pytest.raises(RestoreFailed, match="--replace"):
        restore(tmp_path / "one.zip", replace=False, say=quiet)
    assert contents() == before


def test_a_database_that_cannot_be_read_is_data_too(house: Path, rep: User, tmp_path: Path) -> None:
    """A damaged database is not an empty place: it may be all that somebody has."""
    if connection.vendor != "sqlite":
        pytest.skip("a file to damage")
    make_backup(tmp_path / "one.zip", quiet)
    (tmp_path / "broken.sqlite3").write_bytes(b"SQLite format 3\0" + b"garbage" * 2000)
    connection.close()
    former = connection.settings_dict["NAME"]
    connection.settings_dict["NAME"] = tmp_path / "broken.sqlite3"
    try:
        with pytest.raises(RestoreFailed, match="--replace"):
            restore(tmp_path / "one.zip", replace=False, say=quiet)
    finally:
        connection.close()
        connection.settings_dict["NAME"] = former


def test_what_does_not_compare_is_not_swapped_in(
    house: Path, rep: User, make_customer: MakeCustomer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A row that comes out of the database otherwise than it was written stops the restore."""
    make_customer(rep)
    make_backup(tmp_path / "one.zip", quiet)
    before = contents()
    fill = restoring._fill

    def fill_badly(*args: Any) -> None:
        fill(*args)
        Customer.objects.update(remark="flipped")

    monkeypatch.setattr(restoring, "_fill", fill_badly)
    with pytest.raises(RestoreFailed, match="customers_customer 和备份不一样"):
        restore(tmp_path / "one.zip", replace=True, say=quiet)
    assert contents() == before
    assert (house / "files" / FILE).read_text() == "报价单"
    assert not (house / "restoring").exists()


def test_a_full_disk_leaves_everything_as_it_was(
    house: Path, rep: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_backup(tmp_path / "one.zip", quiet)
    monkeypatch.setattr(restoring, "SPARE", 1 << 60)
    with pytest.raises(RestoreFailed, match="磁盘空间不够"):
        restore(tmp_path / "one.zip", replace=True, say=quiet)
    assert (house / "secret.key").read_text() == "the key of this house"


def rewritten(path: Path, target: Path, change: Callable[[Manifest], None]) -> Path:
    """The archive with another manifest, sealed as if it were genuine."""
    from kebu.office.backups.manifest import NAME
    from kebu.office.backups.sealed import sealed_zip

    with zipfile.ZipFile(path) as source, sealed_zip(target) as archive:
        for info in source.infolist():
            data = source.read(info)
            if info.filename == NAME:
                manifest = Manifest.loads(data)
                change(manifest)
                data = manifest.dumps()
            archive.writestr(info.filename, data)
    return target


def another_format(manifest: Manifest) -> None:
    manifest.format = 2


def later_migration(manifest: Manifest) -> None:
    manifest.migrations.append(["customers", "0999_later"])


def another_product(manifest: Manifest) -> None:
    manifest.product = "else"


def trick(manifest: Manifest) -> None:
    manifest.files["../../evil"] = manifest.files[FILE]


def one_more_table(manifest: Manifest) -> None:
    manifest.tables["another"] = manifest.tables["staff_user"]


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (another_format, "更新的客簿（格式2）"),
        (later_migration, "更新的客簿.*customers.0999_later"),
        (another_product, "别的程序"),
        (trick, "不该有的文件名"),
        (one_more_table, "少了 tables/another.jsonl"),
    ],
)
def test_archives_that_do_not_fit_are_refused(
    house: Path, rep: User, tmp_path: Path, change: Callable[[Manifest], None], why: str
) -> None:
    make_backup(tmp_path / "one.zip", quiet)
    with pytest.raises(Unusable, match=why):
        restore(rewritten(tmp_path / "one.zip", tmp_path / "two.zip", change), replace=True, say=quiet)


def test_an_older_archive_is_migrated_forward(
    house: Path, own_database: None, rep: User, make_customer: MakeCustomer, tmp_path: Path
) -> None:
    """An archive from before the last migration of a room comes up to date after it was compared."""
    make_customer(rep)
    archive = make_older_archive(tmp_path / "old.zip")
    restore(archive, replace=True, say=quiet)
    assert all(not finding.faults for finding in findings() if "文件" not in finding.what)
    assert User.objects.filter(username="zhou").exists()
    assert ("backups", "0001_permission") in state_of().applied


def make_older_archive(path: Path) -> Path:
    """As if the backups' own migration had not been there yet."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'backups'")
    try:
        make_backup(path, quiet)
    finally:
        from django.core.management import call_command

        call_command("migrate", "backups", fake=True, verbosity=0)
    return path


def test_a_swap_that_was_cut_off_is_made_good(tmp_path: Path) -> None:
    """However far it came, the next start brings it to its end; the former file is never lost."""
    live, new, old = tmp_path / "key", tmp_path / "restoring" / "key", tmp_path / "replaced" / "key"
    plan = Plan(moves=[[str(live), str(new), str(old)]], staging=[str(new.parent)])
    for done in range(3):
        for path in (live, new, old):
            path.parent.mkdir(exist_ok=True)
            path.unlink(missing_ok=True)
        live.write_text("former")
        new.write_text("restored")
        if done >= 1:
            live.rename(old)
        if done == 2:
            live.write_text("made by a start in a hurry")
        carry_out(plan, tmp_path)
        assert (live.read_text(), old.read_text()) == ("restored", "former")
        assert not finish(tmp_path)


def kebu(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "kebu.project.cli", *words]
    environ = {"KEBU_DATA": str(folder)}
    return subprocess.run(command, env=environ, capture_output=True, text=True, check=False)


def test_commands_from_backup_to_restore(
    house: Path, rep: User, make_customer: MakeCustomer, tmp_path: Path
) -> None:
    """An archive of either database goes into an empty SQLite installation, when nobody works there."""
    make_customer(rep)
    before = contents()
    make_backup(tmp_path / "one.zip", quiet)
    place = tmp_path / "empty"
    place.mkdir()
    with (place / "running.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_SH)
        refused = kebu(place, "restore", str(tmp_path / "one.zip"))
        assert (refused.returncode, "还在使用" in refused.stderr) == (2, True)
    done = kebu(place, "restore", str(tmp_path / "one.zip"))
    assert "恢复好了" in done.stdout, done.stderr
    assert sorted(path.name for path in place.iterdir()) == [
        "files",
        "kebu.sqlite3",
        "running.lock",
        "secret.key",
    ]
    again = kebu(place, "backup", str(tmp_path / "two.zip"))
    assert again.returncode == 0, again.stderr
    with zipfile.ZipFile(tmp_path / "two.zip") as archive:
        for table, rows in before.items():
            if table in SETTLED:
                continue
            assert archive.read(f"tables/{table}.jsonl").splitlines(keepends=True) == rows
        assert json.loads(archive.read("manifest.json"))["engine"] == "sqlite"
    assert kebu(place, "check", str(tmp_path / "two.zip")).returncode == 0
    assert "不完整" in kebu(place, "check", str(cut(tmp_path / "two.zip"))).stderr


def cut(path: Path) -> Path:
    path.write_bytes(path.read_bytes()[:-1000])
    return path
