"""The judges find what is wrong: each is shown a fault of every kind."""

import json
import random
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from kebu.project.schedule import SCHEDULE
from kebu.trials.drills.access_revoked import judge_rows
from kebu.trials.drills.acknowledgements import Acknowledgements
from kebu.trials.drills.aftermath import judge
from kebu.trials.drills.chains import Chain
from kebu.trials.drills.concurrent_edit import compare
from kebu.trials.drills.ground import Ground
from kebu.trials.drills.pool_kill import judge as judge_pool
from kebu.trials.drills.reminders_kill import judge as judge_reminders
from kebu.trials.drills.restored import compare as compare_restored
from kebu.trials.drills.revoking import FORMER, MOVED, Loss, Target
from kebu.trials.drills.sheets import Sheet, sheet
from kebu.trials.drills.ticking import Stretch
from kebu.trials.drills.ticking import judge as judge_schedule
from kebu.trials.drills.undone import Row
from kebu.trials.drills.verdict import Verdict


@pytest.fixture
def verdict() -> Verdict:
    return Verdict("trial", 1, "SQLite")


def counts(verdict: Verdict) -> tuple[int, int, int]:
    return verdict.lost, verdict.doubled, verdict.wrong


def chain() -> Chain:
    """A customer made with one remark and changed once."""
    made = Chain()
    made.follow(1, {"remark": [None, "first"]})
    made.follow(2, {"remark": ["first", "second"]})
    return made


def fact(**values: Any) -> dict[str, Any]:
    made = {
        "field": "remark",
        "seen": 1,
        "shown": "first",
        "is_kept": True,
        "typed": "second",
        "said": "accepted",
        "status": 200,
    }
    return made | values


def test_an_unbroken_chain_has_no_breaks() -> None:
    assert chain().breaks == []


@pytest.mark.parametrize(
    ("version", "changes"),
    [
        (4, {"remark": ["second", "third"]}),  # a change that left no entry
        (2, {"remark": ["second", "third"]}),  # two changes of the same version
        (3, {"remark": ["first", "third"]}),  # the second value was overwritten unseen
        (3, {"need": ["something", "else"]}),  # a value that nobody entered
        (3, {"remark": ["second", ""]}),  # the drill types no empty value
    ],
)
def test_a_broken_chain_says_where(version: int, changes: dict[str, list[Any]]) -> None:
    made = chain()
    made.follow(version, changes)
    assert len(made.breaks) == 1


@pytest.mark.parametrize(
    ("answer", "wanted"),
    [
        (fact(), (0, 0, 0)),
        (fact(said="refused", status=409, typed="never"), (0, 0, 0)),
        (fact(typed="never"), (1, 0, 0)),  # confirmed and lost
        (fact(seen=2, shown=None), (0, 0, 1)),  # wrote over what the editor had not seen
        (fact(seen=2, typed="never", said="refused"), (0, 0, 1)),  # shown with the version of another value
        (fact(said="refused", status=409), (0, 0, 1)),  # refused and written all the same
        (fact(said="yielded"), (0, 0, 1)),  # given up and written all the same
        (fact(is_kept=False), (0, 0, 1)),
        (fact(said="failed", status=500, typed="never"), (0, 0, 1)),
    ],
)
def test_an_answer_is_held_against_the_journal(
    verdict: Verdict, answer: dict[str, Any], wanted: tuple[int, int, int]
) -> None:
    compare(answer, chain(), verdict)
    assert counts(verdict) == wanted


def test_an_edit_written_twice_is_doubled(verdict: Verdict) -> None:
    made = chain()
    made.follow(3, {"remark": ["second", "first"]})
    made.follow(4, {"remark": ["first", "second"]})
    compare(fact(), made, verdict)
    assert counts(verdict) == (0, 1, 0)


@pytest.mark.parametrize(("loss", "wrong"), [(MOVED, 2), (FORMER, 1)])
def test_what_was_lost_must_stand_still(verdict: Verdict, loss: Loss, wrong: int) -> None:
    """Of single customers only those count, the others he may go on with."""
    before = {pk: Row({"id": pk, "number": f"CUS{pk}", "remark": ""}) for pk in (1, 2, 3)}
    after = before | {pk: Row({**before[pk].values, "remark": "later"}) for pk in (1, 2)}
    judge_rows(before, after, loss, [Target(2, "CUS2", "二"), Target(3, "CUS3", "三")], verdict)
    assert counts(verdict) == (0, 0, wrong)
    judge_rows(before, {1: before[1]}, loss, [Target(2, "CUS2", "二")], verdict)
    assert verdict.wrong > wrong


def test_each_verdict_is_one_line(tmp_path: Path, verdict: Verdict) -> None:
    file = tmp_path / "drills.json"
    verdict.append_to(file)
    verdict.fault("lost", "three customers", 3)
    verdict.append_to(file)
    lines = [json.loads(line) for line in file.read_text().splitlines()]
    assert [line["lost"] for line in lines] == [0, 3]
    assert {"name", "rounds", "lost", "doubled", "wrong", "seconds", "database"} <= lines[0].keys()
    assert not verdict.is_clean


def test_acknowledgements_are_on_disk_at_once(tmp_path: Path) -> None:
    file = tmp_path / "log.jsonl"
    log = Acknowledgements(file)
    log.note(kind="customer", mark="一")
    log.note(kind="contact", mark="二")
    assert len(file.read_text().splitlines()) == 2
    assert [found["mark"] for found in log.of(kind="contact")] == ["二"]
    log.close()


class Told:
    """A database that answers three questions in order, as the judge of an import asks them."""

    def __init__(self, *answers: list[tuple[Any, ...]]) -> None:
        self.answers = list(answers)

    def rows(self, _sql: str, *_params: Any) -> list[tuple[Any, ...]]:
        return self.answers.pop(0)


FILE = Sheet(b"", frozenset({"甲", "乙"}), rejected=1, repeated=1)
OUTCOMES: list[tuple[Any, ...]] = [("create", 2, 2), ("reject", 1, 1), ("duplicate", 1, 1)]
WHOLE = [("甲", 1, 1, 1, 1, 1, 1), ("乙", 1, 1, 1, 1, 1, 1)]


@pytest.mark.parametrize(
    ("outcomes", "still_open", "customers", "created", "wanted"),
    [
        (OUTCOMES, 0, WHOLE, 2, (0, 0, 0)),
        (OUTCOMES, 0, WHOLE, 3, (0, 0, 1)),  # told more than there was
        (OUTCOMES, 0, WHOLE[:1], 2, (1, 0, 0)),  # a customer is missing
        (OUTCOMES, 0, [WHOLE[0], ("乙", 2, 2, 2, 2, 2, 1)], 2, (0, 1, 0)),  # a customer twice
        (OUTCOMES, 0, [WHOLE[0], ("乙", 1, 1, 0, 1, 1, 1)], 2, (0, 0, 1)),  # no journal entry
        (OUTCOMES, 0, [WHOLE[0], ("乙", 1, 1, 1, 0, 1, 1)], 2, (0, 0, 1)),  # cannot be searched
        (OUTCOMES, 0, [*WHOLE, ("丙", 1, 1, 1, 1, 1, 1)], 2, (0, 0, 1)),  # from nowhere
        (OUTCOMES, 3, WHOLE, 2, (0, 0, 1)),  # said to be done and is not
        (OUTCOMES[:2], 0, WHOLE, 2, (0, 0, 1)),  # a row without outcome
        ([("create", 3, 2), *OUTCOMES[1:]], 0, WHOLE, 2, (0, 0, 1)),  # a row twice
    ],
)
def test_an_import_is_held_against_its_file(
    verdict: Verdict,
    outcomes: list[tuple[Any, ...]],
    still_open: int,
    customers: list[tuple[Any, ...]],
    created: int,
    wanted: tuple[int, int, int],
) -> None:
    database: Any = Told(outcomes, [(still_open,)], customers)
    judge(database, "演练", FILE, {"import": 1, "created": created}, verdict)
    assert counts(verdict) == wanted


def test_a_sheet_tells_what_must_come_out_of_it() -> None:
    made = sheet("演练001", 1, 400, random.Random(3))
    assert made.rows == 400
    assert made.rejected
    assert made.repeated
    assert len(made.content.decode("utf-8-sig").splitlines()) == 401


SENT = {"演练1", "演练2", "演练3"}


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        ({"演练1": 1, "演练2": 1, "演练1联系人": 1}, (0, 0, 0)),
        ({"演练1": 1, "演练2": 1, "演练3": 1}, (0, 0, 0)),  # sent and not answered yet: it may be in
        ({"演练2": 1}, (1, 0, 0)),
        ({"演练1": 2, "演练2": 1}, (0, 1, 0)),
        ({"演练1": 1, "演练2": 1, "演练9": 1}, (0, 0, 1)),  # nobody sent it
    ],
)
def test_a_restored_column_is_held_against_the_log(
    found: dict[str, int], expected: tuple[int, int, int], verdict: Verdict
) -> None:
    compare_restored(Counter(found), {"演练1", "演练2"}, SENT, verdict)
    assert counts(verdict) == expected


NIGHT = datetime(2026, 3, 2, 20, 32, tzinfo=UTC)  # 4:32 in Shanghai, all lines of the night behind it


def asked(days: int, *more: tuple[str, str, str], but: str = "") -> list[tuple[str, str, str]]:
    """What the schedule asks for after so many days off."""
    return [
        (line.kind, f"tick:{line.kind}#2", "done")
        for line in SCHEDULE
        if line.kind != but and (days or line.daily_at is None) and not line.latest_minutes
    ] + list(more)


@pytest.mark.parametrize(
    ("days", "found", "wanted"),
    [
        (9, asked(9), (0, 0, 0)),
        (0, [], (0, 0, 0)),
        (9, asked(9, but="jobs.purge"), (1, 0, 0)),  # a daily line that never came
        (9, asked(9, ("jobs.purge", "tick:jobs.purge#3", "done")), (0, 1, 0)),  # once per missed day
        (9, asked(9, ("jobs.purge", "tick:jobs.purge#2", "done")), (0, 2, 0)),  # the same turn twice
        (9, asked(9, ("audit.tend", "tick:audit.tend#3", "done")), (0, 1, 0)),  # before its time came again
        (9, [*asked(9, but="jobs.purge"), ("jobs.purge", "tick:jobs.purge#2", "failed")], (0, 0, 1)),
        (-9, [], (0, 0, 0)),  # put back: nothing is owed
        (-9, [("jobs.purge", "tick:jobs.purge#3", "done")], (0, 1, 0)),
    ],
)
def test_the_schedule_is_held_against_the_time_that_passed(
    verdict: Verdict, days: int, found: list[tuple[str, str, str]], wanted: tuple[int, int, int]
) -> None:
    database: Any = Told(found)
    stretch = Stretch(NIGHT, NIGHT + timedelta(days=days), 40.0)
    judge_schedule(database, 0, stretch, verdict)
    assert counts(verdict) == wanted


@pytest.mark.parametrize(
    ("told", "wanted"),
    [
        ([(1, "plan-due:7:x"), (2, "plan-due:7:x")], (0, 0, 0)),
        ([(1, "plan-due:7:x")], (1, 0, 0)),
        ([(1, "plan-due:7:x"), (2, "plan-due:7:x"), (2, "plan-due:7:y")], (0, 1, 0)),
        ([(1, "plan-due:7:x"), (2, "plan-due:7:x"), (1, "plan-due:8:x")], (0, 0, 1)),  # far off
        ([(1, "plan-due:7:x"), (2, "plan-due:7:x"), (3, "plan-due:7:x")], (0, 0, 1)),  # not his
    ],
)
def test_reminders_are_held_against_plans(
    verdict: Verdict, told: list[tuple[int, str]], wanted: tuple[int, int, int]
) -> None:
    database: Any = Told(told, [(7, "near", 1), (7, "near", 2), (8, "far", 1)])
    judge_reminders(database, verdict)
    assert counts(verdict) == wanted


FELL = (1, "falls", None, 7, 1, 1, 0, 1, 1)
WARNED = (2, "near", 7, 7, 0, 0, 1, 0, 0)
NIGHT_OF_ONE = [(1, 1, 0, "done")]
TOLD_OF_ONE = [(7, "系统把你的客户演练7之1有限公司退回了公海")]


@pytest.mark.parametrize(
    ("customers", "told", "batches", "wanted"),
    [
        ([FELL, WARNED], TOLD_OF_ONE, NIGHT_OF_ONE, (0, 0, 0)),
        ([(1, "falls", 7, 7, 0, 0, 1, 0, 0)], TOLD_OF_ONE, NIGHT_OF_ONE, (4, 0, 2)),  # it stayed
        ([(1, "falls", None, 7, 1, 0, 0, 1, 1)], TOLD_OF_ONE, NIGHT_OF_ONE, (1, 0, 0)),  # came otherwise
        ([(1, "falls", None, 7, 1, 1, 0, 2, 1)], TOLD_OF_ONE, NIGHT_OF_ONE, (0, 1, 0)),  # fell twice
        ([FELL, (2, "touched", None, 7, 1, 1, 0, 1, 1)], TOLD_OF_ONE, NIGHT_OF_ONE, (1, 0, 4)),
        ([FELL, (2, "near", 7, 7, 0, 0, 0, 0, 0)], TOLD_OF_ONE, NIGHT_OF_ONE, (1, 0, 0)),  # not warned
        ([FELL], [], NIGHT_OF_ONE, (1, 0, 0)),  # its owner was not told
        ([FELL], [(7, "系统把你的2个客户退回了公海，有甲等")], NIGHT_OF_ONE, (0, 1, 0)),
        ([FELL], [*TOLD_OF_ONE, (8, "系统把你的客户乙退回了公海")], NIGHT_OF_ONE, (0, 0, 1)),  # not his
        ([FELL], TOLD_OF_ONE, [*NIGHT_OF_ONE, (1, 0, 1, "done")], (0, 0, 1)),  # two batches in one night
    ],
)
def test_a_night_of_the_pool_is_held_against_its_customers(
    verdict: Verdict, customers: list[Any], told: list[Any], batches: list[Any], wanted: tuple[int, int, int]
) -> None:
    traces = [[(pk, row[place]) for pk, *row in customers] for place in range(3, 8)]
    database: Any = Told(*traces, [row[:4] for row in customers], told, batches)
    judge_pool(database, verdict)
    assert counts(verdict) == wanted


def test_when_the_time_is_over_no_round_begins(verdict: Verdict) -> None:
    """And the verdict tells how many there were."""
    ground = object.__new__(Ground)
    ground.ends_at = float("inf")
    verdict.rounds = 3
    assert list(ground.turns(verdict)) == [0, 1, 2]
    assert verdict.rounds == 3
    for turn in ground.turns(verdict):
        ground.ends_at = 0 if turn == 1 else ground.ends_at
    assert verdict.rounds == 2
