"""Archives: any changed bit and any missing byte shows; a disk that is full leaves nothing half."""

import errno
import random
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from kebu.crm.customers.models import Customer
from kebu.office.backups import making, sealed, shelf
from kebu.office.backups.checking import verify
from kebu.office.backups.making import make_backup
from kebu.office.backups.manifest import is_harmless
from kebu.office.backups.refusals import BackupFailed, Unusable
from kebu.office.staff.models import User
from tests.cast import MakeCustomer

pytestmark = pytest.mark.django_db(transaction=True)
FLIPS = 150


def quiet(*_words: Any) -> None:
    """A step nobody reads."""


@pytest.fixture(autouse=True)
def house(tmp_path: Path, settings: Any) -> Path:
    """A data folder of its own."""
    folder = tmp_path / "data"
    (folder / "files").mkdir(parents=True)
    (folder / "files" / "a.txt").write_text("a file")
    (folder / "secret.key").write_text("key")
    settings.DATA_DIR, settings.MEDIA_ROOT = folder, folder / "files"
    settings.KEBU_BACKUPS, settings.KEBU_BACKUP_COPY = folder / "backups", ""
    return folder


@pytest.fixture
def archive(rep: User, make_customer: MakeCustomer, tmp_path: Path) -> Path:
    make_customer(rep)
    make_backup(tmp_path / "one.zip", quiet)
    return tmp_path / "one.zip"


def test_holds_everything_but_sessions(archive: Path) -> None:
    manifest = verify(archive, quiet)
    assert manifest.tables["customers_customer"].rows == 1
    assert manifest.files.keys() == {"a.txt"}
    assert manifest.keys.keys() == {"secret.key"}
    assert "django_session" not in manifest.tables
    assert archive.stat().st_mode & 0o077 == 0
    with zipfile.ZipFile(archive) as zipped:
        assert zipped.testzip() is None


def test_any_flipped_bit_is_found(archive: Path, tmp_path: Path) -> None:
    """Wherever it is: in a table, in the index of the zip file, in the seal itself."""
    whole, chance, bad = archive.read_bytes(), random.Random(7), tmp_path / "bad.zip"
    places = {*(chance.randrange(len(whole)) for _ in range(FLIPS)), len(whole) - 1, len(whole) - 70, 0, 40}
    for place in places:
        flipped = bytearray(whole)
        flipped[place] ^= 1 << chance.randrange(8)
        bad.write_bytes(flipped)
        with pytest.raises(Unusable):
            verify(bad, quiet)


@pytest.mark.slow
def test_any_missing_end_is_found(archive: Path, tmp_path: Path) -> None:
    whole, bad = archive.read_bytes(), tmp_path / "bad.zip"
    for size in {0, 1, 50, 200, len(whole) // 2, len(whole) - 64, len(whole) - 1}:
        bad.write_bytes(whole[:size])
        with pytest.raises(Unusable, match=r"不完整|太小|不是客簿"):
            verify(bad, quiet)
    bad.write_bytes(whole + b"\0")
    with pytest.raises(Unusable):
        verify(bad, quiet)


def test_other_files_are_told_apart(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "else.zip", "w") as other:
        other.writestr("hello.txt", "x" * 200)
    (tmp_path / "book.zip").write_bytes(b"no zip at all " * 30)
    for name in ("else.zip", "book.zip"):
        with pytest.raises(Unusable, match="不是客簿的备份"):
            verify(tmp_path / name, quiet)
    with pytest.raises(Unusable, match="没有这个文件"):
        verify(tmp_path / "none.zip", quiet)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["", "/etc/passwd", "../up", "a/../../b", "a\\b", "C:/x", "./a", "a//b"])
def test_names_that_lead_elsewhere_are_refused(name: str) -> None:
    assert not is_harmless(name)


def test_ordinary_names_are_taken() -> None:
    assert is_harmless("customers/报价 单.pdf")


def test_a_full_disk_leaves_no_half_archive(
    rep: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_args: Any) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(sealed.Sealing, "write", full)
    place = tmp_path / "place"
    with pytest.raises(BackupFailed, match="磁盘满了，请先腾出空间"):
        make_backup(place / "one.zip", quiet)
    assert [path.name for path in place.iterdir()] == [".lock"]


def test_an_archive_that_reads_back_otherwise_is_not_kept(
    rep: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def bad(*_args: Any) -> None:
        raise Unusable("坏了")

    monkeypatch.setattr(making, "verify", bad)
    with pytest.raises(BackupFailed, match="读回来不对"):
        make_backup(tmp_path / "one.zip", quiet)
    assert not (tmp_path / "one.zip").exists()


def test_what_a_killed_backup_left_is_cleared_away(rep: User, tmp_path: Path) -> None:
    place = tmp_path / "place"
    (place / ".snapshot-old").mkdir(parents=True)
    (place / ".kebu-daily-20260101-020000.zip.part").write_text("half")
    make_backup(place / "kebu-manual-20261122-120000.zip", quiet)
    assert sorted(path.name for path in place.iterdir()) == [".lock", "kebu-manual-20261122-120000.zip"]


def test_command_writes_where_it_is_told(
    rep: User, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("backup", str(tmp_path / "mine.zip"))
    call_command("backup", str(tmp_path))
    call_command("backup")
    assert len(list(tmp_path.glob("*.zip"))) == 2
    assert [each.health for each in shelf.archives()] == ["good"]
    with pytest.raises(CommandError, match="已经有这个文件"):
        call_command("backup", str(tmp_path / "mine.zip"))
    with pytest.raises(CommandError, match="已有的文件夹"):
        call_command("backup", str(tmp_path / "nowhere" / "mine.zip"))


def test_check_finds_what_does_not_belong_together(
    rep: User, make_customer: MakeCustomer, house: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lost = make_customer(rep)
    (house / "files" / "a.txt").unlink()
    call_command("check")
    assert "✗" not in capsys.readouterr().out
    (house / "files" / "stray.txt").write_text("nobody's")
    Customer.objects.filter(pk=lost.pk).delete()
    with pytest.raises(SystemExit):
        call_command("check")
    said = capsys.readouterr().out
    assert "1个文件没有记录，例如 stray.txt" in said
    assert "检索里有1个没有的客户" in said
