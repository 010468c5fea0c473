"""The chain of seals: every entry has its place, and whatever is done to the rows is found."""

import json
from datetime import timedelta
from io import StringIO
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone

from kebu.base.fields.models import DirectoryStamp
from kebu.base.journal import anchors
from kebu.base.journal.authors import Author
from kebu.base.journal.chain import JournalHead, held_head, seal_waiting
from kebu.base.journal.choices import Action, Door
from kebu.base.journal.findings import Report
from kebu.base.journal.models import JournalEntry, Line
from kebu.base.journal.upkeep import erase_values, ranges_in_words, ranges_of, trim
from kebu.base.journal.verifying import verify

BY = Author(7, "周慕白", Door.PAGE, "10.0.0.7")
TABLE = "journal_journalentry"


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    """Anchors of this test alone."""
    settings.DATA_DIR = tmp_path
    return tmp_path


def line(number: int, **values: Any) -> Line:
    changes: dict[str, list[Any]] = {
        "budget": [None, {"min": "500000", "max": None}],
        "备注": [f"第{number}次", 1.5],
    }
    return Line("customer", number, f"苏州澄岳{number}", Action.CHANGE, 1, number, changes, **values)


def write(count: int, first: int = 1) -> None:
    for number in range(first, first + count):
        JournalEntry.objects.record([line(number)], by=BY, at=timezone.now())
    seal_waiting()


def sql(statement: str, *params: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement.format(t=TABLE), params)


def kinds(report: Report) -> list[tuple[str, int | None]]:
    return [(finding.kind, finding.seq) for finding in report.findings]


@pytest.mark.django_db
def test_every_entry_has_its_place() -> None:
    write(3)
    JournalEntry.objects.record([line(4), line(5)], by=BY, at=timezone.now())
    seal_waiting()
    entries = list(JournalEntry.objects.order_by("id"))
    assert [entry.seq for entry in entries] == [1, 2, 3, 4, 5]
    assert len({entry.seal for entry in entries} | {entry.salt for entry in entries}) == 10
    head = JournalHead.objects.get()
    assert (head.seq, head.seal, head.count) == (5, entries[-1].seal, 5)
    report = verify()
    assert (report.is_clean, report.checked) == (True, 5)


@pytest.mark.django_db
def test_what_is_rolled_back_leaves_no_gap() -> None:
    write(1)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        write(2, 2)
        raise ZeroDivisionError
    write(1, 2)
    assert list(JournalEntry.objects.order_by("id").values_list("seq", flat=True)) == [1, 2]
    assert verify().is_clean


SWAP = "UPDATE {t} SET seq = CASE seq WHEN 4 THEN -5 ELSE -4 END WHERE seq IN (4, 5)"
TURN = "UPDATE {t} SET seq = -seq WHERE seq < 0"
COPY = (
    "INSERT INTO {t} (at, author_id, author_name, door, address, batch, kind, record_id, record_name, action,"
    " version, customer_id, changes, seq, salt, digest, seal)"
    " SELECT at, author_id, author_name, door, address, batch, kind, record_id, record_name, action, version,"
    " customer_id, changes, %s, salt, digest, seal FROM {t} WHERE seq = 3"
)
TAMPERINGS: dict[str, tuple[list[str], tuple[str, int | None]]] = {
    "value": (["UPDATE {t} SET changes = '{{\"budget\": [null, 1]}}' WHERE seq = 4"], ("changed", 4)),
    "broken": (["UPDATE {t} SET changes = '[1]' WHERE seq = 4"], ("changed", 4)),
    "name": (["UPDATE {t} SET record_name = '别的公司' WHERE seq = 4"], ("changed", 4)),
    "author": (["UPDATE {t} SET author_name = '林知遥' WHERE seq = 4"], ("changed", 4)),
    "time": (["UPDATE {t} SET at = '2020-01-01 00:00:00' WHERE seq = 4"], ("changed", 4)),
    "action": (["UPDATE {t} SET action = 'verify' WHERE seq = 4"], ("changed", 4)),
    "seal": (["UPDATE {t} SET seal = salt WHERE seq = 4"], ("changed", 4)),
    "blanked": (
        ["UPDATE {t} SET changes = '{{}}', record_name = '', salt = '' WHERE seq = 4"],
        ("changed", 4),
    ),
    "removed": (["DELETE FROM {t} WHERE seq = 4"], ("removed", 4)),
    "first": (["DELETE FROM {t} WHERE seq = 1"], ("removed", 1)),
    "swapped": ([SWAP, TURN], ("moved", 4)),
    "inserted": (
        ["UPDATE {t} SET seq = -seq - 1 WHERE seq >= 6", TURN, COPY.replace("%s", "6")],
        ("inserted", 6),
    ),
    "appended": ([COPY.replace("%s", "9")], ("inserted", 9)),
    "unplaced": ([COPY.replace("%s", "NULL")], ("inserted", None)),
    "below": ([COPY.replace("%s", "-1")], ("inserted", -1)),
    "tail": (["DELETE FROM {t} WHERE seq >= 7"], ("tail", 7)),
    "head": (["UPDATE journal_journalhead SET seq = 6"], ("head", None)),
    "everything": (["DELETE FROM {t}"], ("tail", 1)),
}


@pytest.mark.django_db
@pytest.mark.parametrize("name", TAMPERINGS)
def test_tampering_is_found(name: str) -> None:
    write(8)
    assert verify().is_clean
    statements, expected = TAMPERINGS[name]
    for statement in statements:
        sql(statement)
    found = verify()
    assert expected in kinds(found)
    assert not found.is_clean


@pytest.mark.django_db
def test_what_cannot_be_read_is_found() -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL takes nothing but a time there")
    write(3)
    sql("UPDATE {t} SET at = 'gestern' WHERE seq = 2")
    assert kinds(verify()) == [("changed", 2)]


@pytest.mark.django_db
def test_an_end_cut_off_with_its_row_is_found_by_the_anchor() -> None:
    """Yesterday's tables put back, the end's row included: only what stands outside remembers."""
    write(4)
    before = JournalHead.objects.values("seq", "seal", "count", "mark").get()
    write(3, 5)
    assert anchors.drop(timezone.now())
    assert not anchors.drop(timezone.now())
    sql("DELETE FROM {t} WHERE seq > 4")
    JournalHead.objects.update(**before)
    assert kinds(verify()) == [("tail", 5)]


@pytest.mark.django_db
def test_a_chain_forged_anew_does_not_fit_the_anchor() -> None:
    write(4)
    anchors.drop(timezone.now())
    entry = JournalEntry.objects.get(seq=4)
    sql("DELETE FROM {t} WHERE seq = 4")
    JournalHead.objects.update(seq=3, count=3, seal=JournalEntry.objects.get(seq=3).seal)
    JournalEntry.objects.record([line(9)], by=BY, at=timezone.now())
    seal_waiting()
    assert entry.seal != JournalEntry.objects.get(seq=4).seal
    assert kinds(verify()) == [("anchor", 4)]


@pytest.mark.django_db
def test_strange_anchors_are_told() -> None:
    write(1)
    anchors.drop(timezone.now())
    text = anchors.path().read_text()
    anchors.path().write_text(text + text.replace('"seq": 1', '"seq": 9') + "nonsense\n")
    found = verify()
    assert found.findings[0].text == "锚点文件里有2行不是这个安装写的，或者被改过"


@pytest.mark.django_db
def test_erased_values_leave_the_chain_whole() -> None:
    write(5)
    ids = list(JournalEntry.objects.filter(seq__in=(2, 3, 5)).values_list("id", flat=True))
    assert erase_values(ids, by=BY, at=timezone.now(), reason="本人要求") == 3
    assert erase_values(ids, by=BY, at=timezone.now()) == 0
    seal_waiting()
    gone = JournalEntry.objects.get(seq=3)
    assert (gone.record_name, gone.changes, gone.salt, gone.is_erased) == ("", {}, "", True)
    told = JournalEntry.objects.latest("id")
    assert (told.action, told.changes["count"]) == ("erase", [None, 3])
    assert verify().is_clean
    assert erase_values([told.pk], by=BY, at=timezone.now()) == 0
    sql("UPDATE {t} SET record_name = '别的' WHERE seq = 3")
    assert kinds(verify()) == [("changed", 3)]


def test_ranges() -> None:
    assert ranges_in_words([3, 4, 5, 9, 11, 12]) == "3-5,9,11-12"
    assert ranges_of("3-5,9") == [range(3, 6), range(9, 10)]


@pytest.mark.django_db
def test_old_entries_go_from_the_beginning_alone() -> None:
    now = timezone.now()
    for number, days in enumerate((900, 800, 10, 850, 1), start=1):
        JournalEntry.objects.record([line(number)], by=BY, at=now - timedelta(days=days))
    assert sum(trim(now - timedelta(days=365), by=BY, at=now, most=1)) == 2
    seal_waiting()
    assert list(JournalEntry.objects.order_by("seq").values_list("seq", flat=True)) == [3, 4, 5, 6]
    assert JournalEntry.objects.latest("id").changes["until"] == [None, 2]
    assert verify().is_clean
    assert not list(trim(now - timedelta(days=365), by=BY, at=now))
    sql("DELETE FROM {t} WHERE seq = 3")
    assert kinds(verify()) == [("removed", 3)]


@pytest.mark.django_db
def test_the_journal_refuses_to_be_rewritten() -> None:
    write(1)
    with pytest.raises(TypeError):
        JournalEntry.objects.filter(seq=1).update(author_name="")
    with pytest.raises(TypeError):
        JournalEntry.objects.all().delete()


@pytest.mark.django_db
def test_people_go_on_when_the_end_is_taken_away() -> None:
    write(2)
    sql("DELETE FROM journal_journalhead")
    write(1, 3)
    assert JournalEntry.objects.latest("id").seq == 3
    assert held_head().count == 3


@pytest.mark.django_db
def test_the_command_says_what_it_found() -> None:
    write(3)
    out = StringIO()
    call_command("journal", "verify", stdout=out)
    assert "校验了3条" in out.getvalue()
    sql("DELETE FROM {t} WHERE seq = 2")
    out = StringIO()
    with pytest.raises(SystemExit) as stopped:
        call_command("journal", "verify", "--json", stdout=out)
    data = json.loads(out.getvalue())
    assert (stopped.value.code, data["clean"], data["findings"][0]["seq"]) == (1, False, 2)


@pytest.mark.django_db(transaction=True)
def test_writers_at_the_same_time_make_one_chain() -> None:
    """Some write while they wait for a row, some write while they hold it: nothing dead-locks or forks."""
    count, errors = 6, []
    for name in ("one", "two"):
        DirectoryStamp.objects.get_or_create(name=name)

    def work(number: int) -> None:
        try:
            for turn in range(15):
                with transaction.atomic():
                    for name in ("one", "two") if number % 2 else ("two",):
                        if number % 2:
                            JournalEntry.objects.record([line(turn)], by=BY, at=timezone.now())
                        DirectoryStamp.objects.filter(name=name).update(stamp=f"{number}-{turn}")
                        JournalEntry.objects.record([line(number)], by=BY, at=timezone.now())
        except Exception as error:  # noqa: BLE001 (told below)
            errors.append(error)
        finally:
            connection.close()

    threads = [Thread(target=work, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not errors
    seqs = list(JournalEntry.objects.order_by("seq").values_list("seq", flat=True))
    assert seqs == list(range(1, 15 * 3 * (4 + 1) + 1))
    assert verify().is_clean
