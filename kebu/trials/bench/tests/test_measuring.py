"""What is kept for the next run is filled once and measured in copies; every part measures something."""

import os
from pathlib import Path

import pytest

from kebu.trials.bench import filling, measure, slices
from kebu.trials.bench.filling import STEPS
from kebu.trials.bench.runs import SERVED, kept, measure_size
from kebu.trials.site.database import Database
from kebu.trials.site.installation import Installation
from kebu.trials.site.kept import Kept
from tests.database import begin_migrated

pytestmark = [
    pytest.mark.slow,
    pytest.mark.django_db,
    pytest.mark.skipif(bool(os.environ.get("DATABASE_URL")), reason="a yardstick: read on one database"),
]
CUSTOMERS = 120


def names(one: Kept) -> list[str]:
    """The names of the customers there."""
    database = Database(one)
    try:
        return [name for (name,) in database.rows("SELECT name FROM customers_customer ORDER BY id")]
    finally:
        database.close()


def people(site: Installation, customers: int) -> None:
    """The first step, from tables that need not be made anew."""
    begin_migrated(site)
    filling.people(site, customers)


def test_every_part_is_measured_and_leaves_what_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A run makes customers in its copy; those that are kept stay as they are."""
    few = ((measure, "REQUESTS", 2), (measure, "WARM_UP", 1), (slices, "SLICES", 4), (slices, "SEARCHES", 3))
    for room, name, value in few:
        monkeypatch.setattr(room, name, value)
    monkeypatch.setitem(STEPS, "people", people)
    one = kept(CUSTOMERS, tmp_path, STEPS)
    before = names(one)
    assert len(before) == CUSTOMERS
    results, floors = measure_size(CUSTOMERS, tmp_path, tuple(SERVED))
    found = {one.name for one in results}
    assert {
        "list",
        "desk_team",
        "desk_rep",
        "access_list",
        "list_filter2",
        "board",
        "find_2",
        "palette",
        "create",
    } <= found
    assert all(one.p50_ms > 0 and one.floor_ms > 0 for one in results)
    assert floors["empty_ms"] < floors["plain50_ms"]
    assert names(one) == before
