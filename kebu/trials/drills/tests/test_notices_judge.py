"""The judge of notices_kill, shown faults of every kind."""

from collections import Counter
from typing import Any

import pytest

from kebu.trials.drills.notices_kill import judge_inbox, judge_outside
from kebu.trials.drills.tasks import LOUD_EVERY
from kebu.trials.drills.verdict import Verdict


class Tables:
    """A ground whose database says what it is told to."""

    def __init__(self, *rows: tuple[str, Any]) -> None:
        self.database = self
        self.told = list(rows)

    def rows(self, _sql: str) -> list[tuple[str, Any]]:
        return self.told


def counts(verdict: Verdict) -> tuple[int, int, int]:
    return verdict.lost, verdict.doubled, verdict.wrong


@pytest.mark.parametrize(
    ("told", "wanted"),
    [
        ([("drill:0", 1), ("drill:1", 1)], (0, 0, 0)),
        ([("drill:0", 1)], (1, 0, 0)),
        ([("drill:0", 1), ("drill:1", 2)], (0, 1, 0)),
    ],
)
def test_the_inbox(told: list[tuple[str, int]], wanted: tuple[int, int, int]) -> None:
    verdict, ground = Verdict("x", 1, "SQLite"), Tables(*told)
    judge_inbox(ground, 2, verdict)  # type: ignore[arg-type]
    assert counts(verdict) == wanted


@pytest.mark.parametrize(
    ("states", "heard", "wanted"),
    [
        (("sent", "sent"), (1, 1), (0, 0, 0)),
        (("sent", "unconfirmed"), (1, 0), (0, 0, 0)),
        (("sent", "unconfirmed"), (1, 1), (0, 0, 0)),
        (("sent", "sent"), (1, 2), (0, 1, 0)),
        (("sent", "sent"), (1, 0), (1, 0, 0)),  # told as sent, never arrived
        (("sent", "sending"), (1, 1), (1, 0, 0)),  # nobody says how it went
        (("unconfirmed", "unconfirmed", "unconfirmed"), (1, 1, 1), (0, 0, 1)),  # more than were killed
        (("sent",), (1, 1), (1, 0, 1)),  # arrived, and there is no row of it
    ],
)
def test_what_left_the_house(
    states: tuple[str, ...], heard: tuple[int, ...], wanted: tuple[int, int, int]
) -> None:
    keys = [f"drill:{number * LOUD_EVERY}" for number in range(len(heard))]
    ground = Tables(*zip(keys, states, strict=False))
    verdict = Verdict("x", 1, "SQLite")
    arrived = Counter({key: count for key, count in zip(keys, heard, strict=True) if count})
    judge_outside(ground, arrived, len(heard) * LOUD_EVERY, 1, verdict)  # type: ignore[arg-type]
    assert counts(verdict) == wanted
