"""Every part of a bench measures something on a small installation."""

import pytest

from kebu.trials.bench import measure
from kebu.trials.bench.runs import SERVED, measure_size

pytestmark = [pytest.mark.slow, pytest.mark.django_db]


def test_every_part_that_is_served_is_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(measure, "REQUESTS", 3)
    results, floors = measure_size(120, None, tuple(SERVED))
    names = {one.name for one in results}
    assert {"list", "access_list", "list_filter2", "board", "find_2", "palette", "create"} <= names
    assert all(one.p50_ms > 0 and one.floor_ms > 0 for one in results)
    assert floors["empty_ms"] < floors["plain50_ms"]
