"""`make mutations ROOM=crm/recycling`: each check of a room is switched off, and the tests of the room run.

A pytest plugin. The tests run once, and it is noted which of them come by which check; then each check is
switched off by itself and those tests run again, the quickest first, until one fails. A check that none of
them misses is listed: a second one refuses all the same, the matrix holds it (`make mutations` alone), it
decides what a page shows and nothing else, or a test is missing.
"""

import os
import sys
import time
from collections import defaultdict
from collections.abc import Iterator

import pytest
from _pytest.runner import runtestprotocol

from tests.access.mutants import Check, Spot, checks, switched_off, watched

MOST = 80  # tests tried for one check
HUNTED = [check for check in checks() if os.environ.get("KEBU_TEST_MUTATED", "") in str(check.path)]
SPOTS = {check.spot for check in HUNTED}
seen: dict[str, set[Spot]] = {}
seconds: dict[str, float] = {}


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    """Note what the test comes by, the first time it runs."""
    if item.nodeid in seen:
        return (yield)
    seen[item.nodeid], start = set(), time.process_time()
    sys.setprofile(watched(SPOTS, seen[item.nodeid]))
    try:
        return (yield)
    finally:
        sys.setprofile(None)
        seconds[item.nodeid] = time.process_time() - start


@pytest.hookimpl(wrapper=True)
def pytest_runtestloop(session: pytest.Session) -> Iterator[None]:
    """After all tests, the hunt."""
    result = yield
    by_spot = defaultdict[Spot, list[pytest.Item]](list)
    for item in sorted(session.items, key=lambda item: seconds.get(item.nodeid, 0.0)):
        for spot in seen.get(item.nodeid, ()):
            by_spot[spot].append(item)
    survivors = [check for check in HUNTED if not is_missed(check, by_spot[check.spot][:MOST], session.items)]
    lines = [f"{check} ({len(by_spot[check.spot])} tests come by)" for check in survivors]
    print(f"\n{len(HUNTED)} checks, {len(survivors)} unnoticed", *lines, sep="\n", flush=True)
    return result


def is_missed(check: Check, items: list[pytest.Item], every: list[pytest.Item]) -> bool:
    """Whether one of the tests fails without it."""
    with switched_off(check):
        return any(fails(item, every[0] if item is not every[0] else every[-1]) for item in items)


def fails(item: pytest.Item, other: pytest.Item) -> bool:
    """Run it once more; ``other`` keeps alive what lasts for a session."""
    item._initrequest()  # type: ignore[attr-defined]
    return any(report.failed for report in runtestprotocol(item, log=False, nextitem=other))
