"""What is kept for the next run is filled once and measured in copies; every part measures something."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from kebu.trials.bench import measure, slices
from kebu.trials.bench.filling import STEPS
from kebu.trials.bench.runs import SERVED, kept, measure_size
from kebu.trials.site.database import Database
from kebu.trials.site.installation import drop_database
from kebu.trials.site.kept import Kept

pytestmark = [pytest.mark.slow, pytest.mark.django_db]
CUSTOMERS = 120


@pytest.fixture
def keep(tmp_path: Path) -> Iterator[Path]:
    """A folder to keep things in, for the length of a test."""
    yield tmp_path
    if database := Kept(tmp_path, CUSTOMERS).database:
        drop_database(database)


def names(one: Kept) -> list[str]:
    """The names of the customers there."""
    database = Database(one)
    try:
        return [name for (name,) in database.rows("SELECT name FROM customers_customer ORDER BY id")]
    finally:
        database.close()


def test_every_part_is_measured_and_leaves_what_is_kept(keep: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A run makes customers in its copy; those that are kept stay as they are."""
    few = ((measure, "REQUESTS", 3), (measure, "WARM_UP", 1), (slices, "SLICES", 6), (slices, "SEARCHES", 6))
    for room, name, value in few:
        monkeypatch.setattr(room, name, value)
    one = kept(CUSTOMERS, keep, STEPS)
    before = names(one)
    assert len(before) == CUSTOMERS
    results, floors = measure_size(CUSTOMERS, keep, tuple(SERVED))
    found = {one.name for one in results}
    assert {"list", "access_list", "list_filter2", "board", "find_2", "palette", "create"} <= found
    assert all(one.p50_ms > 0 and one.floor_ms > 0 for one in results)
    assert floors["empty_ms"] < floors["plain50_ms"]
    assert names(one) == before
