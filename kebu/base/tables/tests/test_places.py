"""An arrangement of columns: read tolerantly, kept per person and table."""

import pytest

from kebu.base.tables.actions import arrange, forget
from kebu.base.tables.places import Place, read_places, write_places
from kebu.base.tables.queries import arrangements

pytestmark = pytest.mark.django_db
BAD = (None, "", {}, 7, [None], [[]], [["a"]], [["a", 1, 2]], [[7, 7]], [["", 1]], ["x" * 61])


def test_what_is_no_arrangement_is_none() -> None:
    for kept in BAD:
        assert read_places(kept) == [], kept
    kept = [["a", 120], "b", ["a", 9], ["c", 9], ["d", "x"], ["e", 10**9], ["f", True], ["g", "200"]]
    places = read_places(kept)
    assert places == [
        Place("a", 120), Place("b"), Place("c", 48), Place("d"), Place("e", 800), Place("f"), Place("g", 200),
    ]  # fmt: skip
    assert read_places(write_places(places)) == places
    assert len(read_places([str(number) for number in range(200)])) == 60


def test_each_has_his_own_and_the_last_wish_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    arrange(1, "customers", [Place("grade", 90)])
    arrange(2, "customers", [Place("owner")])
    arrange(1, "customers", [Place("stage")])
    arrange(1, "customers:v3", [Place("region")])
    assert arrangements(1) == {"customers": [Place("stage")], "customers:v3": [Place("region")]}
    forget(1, "customers")
    assert list(arrangements(1)) == ["customers:v3"]
    monkeypatch.setattr("kebu.base.tables.actions.MOST_TABLES", 2)
    for name in "abc":
        arrange(1, name, [])
    assert list(arrangements(1)) == ["b", "c"]
    assert list(arrangements(2)) == ["customers"]
