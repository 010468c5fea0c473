"""An arrangement of columns: read tolerantly, kept per person and table."""

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from kebu.base.fields.directories import Context
from kebu.base.tables.actions import arrange, forget, forget_all
from kebu.base.tables.places import Place, read_places, write_places
from kebu.base.tables.queries import arrangements as remembered

pytestmark = pytest.mark.django_db
BAD: tuple[Any, ...] = (
    None,
    "",
    {},
    7,
    [None],
    [[]],
    [["a"]],
    [["a", 1, 2]],
    [[7, 7]],
    [["", 1]],
    ["x" * 61],
)


def arrangements(user_id: int) -> Mapping[str, Sequence[Place]]:
    return remembered(user_id, Context())


def test_what_is_no_arrangement_is_none() -> None:
    for bad in BAD:
        assert read_places(bad) == [], bad
    kept: Any = [["a", 120], "b", ["a", 9], ["c", 9], ["d", "x"], ["e", 10**9], ["f", True], ["g", "200"]]
    places = read_places(kept)
    assert places == [
        Place("a", 120), Place("b"), Place("c", 48), Place("d"), Place("e", 800), Place("f"), Place("g", 200),
    ]  # fmt: skip
    assert read_places(write_places(places)) == places
    assert len(read_places([str(number) for number in range(200)])) == 60


def test_each_has_his_own_and_the_last_wish_counts(
    monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: Any
) -> None:
    assert arrangements(1) == {}
    arrange(1, "customers", [Place("grade", 90)])
    arrange(2, "customers", [Place("owner")])
    arrange(1, "customers", [Place("stage")])
    arrange(1, "customers:v3", [Place("region")])
    assert arrangements(1) == {"customers": [Place("stage")], "customers:v3": [Place("region")]}
    context = Context()
    with django_assert_num_queries(1):  # the stamps, which every page asks for
        remembered(1, context)
    forget(1, "customers")
    assert list(arrangements(1)) == ["customers:v3"]
    monkeypatch.setattr("kebu.base.tables.actions.MOST_TABLES", 2)
    for name in "abc":
        arrange(1, name, [])
    assert list(arrangements(1)) == ["b", "c"]
    arrange(1, "customers:v9", [])
    arrange(1, "d", [])  # a view goes before a table
    assert list(arrangements(1)) == ["c", "d"]
    forget_all(["c", "x"])
    assert list(arrangements(1)) == ["d"]
    assert list(arrangements(2)) == ["customers"]
