"""Denied attempts reach the journal, without the denied request writing to the database."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest

from kebu.base.journal import denials
from kebu.base.journal.models import JournalEntry
from kebu.office.staff.models import User
from tests.cast import ClientOf, MakeCustomer

pytestmark = pytest.mark.django_db
Guard = Callable[[], AbstractContextManager[None]]


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    """A spool of this test alone."""
    settings.DATA_DIR = tmp_path
    return tmp_path


def told() -> list[tuple[str, str, Any]]:
    entries = JournalEntry.objects.filter(action="deny").order_by("id")
    return [(entry.author_name, entry.record_name, entry.changes) for entry in entries]


def test_forbidden_and_hidden_are_told_apart_from_mistyped(
    rep: User,
    outsider: User,
    make_customer: MakeCustomer,
    client_of: ClientOf,
    read_only: Guard,
    folder: Path,
) -> None:
    hidden, client = make_customer(rep).get_absolute_url(), client_of(outsider)
    with read_only():
        assert client.get("/settings/users/").status_code == 403
        assert client.post("/settings/roles/restoral/").status_code == 403
        assert client.get(hidden).status_code == 404
        assert client.get("/no-such-page/").status_code == 404
        assert client.get("/customers/").status_code == 200
    assert denials.bring_in() == 3
    assert told() == [
        ("何清越", "/settings/users/", {"status": [None, 403], "method": [None, "GET"]}),
        ("何清越", "/settings/roles/restoral/", {"status": [None, 403], "method": [None, "POST"]}),
        ("何清越", hidden, {"status": [None, 404], "method": [None, "GET"]}),
    ]
    assert not list(folder.glob("denied*"))
    assert denials.bring_in() == 0


def test_strangers_leave_no_line(client: Any, folder: Path) -> None:
    client.get("/settings/users/")
    client.get("/customers/CUS209901001/")
    assert not list(folder.glob("denied*"))


def test_a_scanner_is_counted(rep: User, client_of: ClientOf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(denials, "PER_MINUTE", 4)
    one = denials.Denial("2026-11-22T05:00:01+00:00", rep.pk, rep.name, "10.0.0.9", "GET", "/x/", 404)
    for _ in range(30):
        denials.spool(one)
    assert denials.bring_in() == 5
    assert told()[-1] == ("周慕白", "/x/", {"more": [None, 26]})


def test_the_spool_has_an_end(rep: User, monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    monkeypatch.setattr(denials, "MOST_BYTES", 500)
    one = denials.Denial("2026-11-22T05:00:01+00:00", rep.pk, rep.name, "10.0.0.9", "GET", "/x/", 404)
    for _ in range(100):
        denials.spool(one)
    assert (folder / denials.NAME).stat().st_size < 1000


def test_a_file_brought_in_before_a_crash_is_not_brought_in_again(rep: User, folder: Path) -> None:
    one = denials.Denial("2026-11-22T05:00:01+00:00", rep.pk, rep.name, "10.0.0.9", "GET", "/x/", 404)
    denials.spool(one)
    text = (folder / denials.NAME).read_text()
    denials.bring_in()
    batch = JournalEntry.objects.get(action="deny").batch
    (folder / f"denied-{batch}.log").write_text(text + '{"torn')
    assert denials.bring_in() == 0
    assert JournalEntry.objects.filter(action="deny").count() == 1
