"""Each check of a right is switched off, and tests run: a pytest plugin.

`make mutations` runs for each check the test that noticed.txt names; it must fail, and pass with the check.

`make mutations ROOM=crm/recycling` looks for such tests for checks that stand in no list yet. Those of
the room run once, and it is noted which check refuses something in which of them; then each check is switched
off by itself and these tests run again, the quickest first, until one fails. What is told can be copied into
noticed.txt. A check that none of them misses is listed at the end: a cell (`make mutations`) or another
room's tests hold it, a second check refuses all the same, or a test is missing.
"""

import os
import time
from collections import defaultdict
from collections.abc import Iterator

import pytest
from _pytest.runner import runtestprotocol
from django.db import connections
from pytest_django.plugin import DjangoDbBlocker, blocking_manager_key

from tests.access.mutants import Check, Switches, checks, switches
from tests.access.noticed import DOUBLED, NOTICED

MOST = 15  # tests tried for one check
ROOMS = os.environ.get("KEBU_TEST_MUTATED", "").split()
TESTS = {check: by for check, by in NOTICED.items() if "::" in by}
PRODUCT = pytest.StashKey[Switches]()
refusing = defaultdict[int, list[pytest.Item]](list)
seconds: dict[str, float] = {}


def is_hunted(check: Check) -> bool:
    if not ROOMS:
        return check.name in TESTS
    is_listed = check.name in NOTICED or check.name in DOUBLED
    return not is_listed and any(check.name.startswith(f"{room}/") for room in ROOMS)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Without a room only the tests that are named."""
    if not ROOMS:
        items[:] = [item for item in items if base_of(item) in set(TESTS.values())]


def base_of(item: pytest.Item) -> str:
    """A test without its parameters."""
    return item.nodeid.partition("[")[0]


@pytest.hookimpl(wrapper=True)
def pytest_runtestloop(session: pytest.Session) -> Iterator[None]:
    """All tests, then the hunt; tests that empty the tables come last."""
    found = [check for check in checks() if is_hunted(check)]
    with switches(found) as product:
        session.config.stash[PRODUCT] = product
        result = yield
        left = dict(enumerate(found))
        for is_emptying in (False, True):
            for number, check in list(left.items()):
                items = [item for item in tests_for(check, number) if empties(item) == is_emptying]
                noticing = hunted(product, number, items[:MOST], session.items)
                if noticing:
                    del left[number]
                    print(f"\n{check.name}\n    {noticing}" if ROOMS else ".", end="", flush=True)
    survivors = [f"{check} (refuses in {len(refusing[number])} tests)" for number, check in left.items()]
    print(f"\n{len(found)} checks, {len(survivors)} unnoticed", *survivors, sep="\n", flush=True)
    session.testsfailed += 0 if ROOMS else len(survivors)
    return result


def tests_for(check: Check, number: int) -> list[pytest.Item]:
    """Those in which it refuses something, the quickest first; only the one that is named."""
    items = sorted(refusing[number], key=lambda item: seconds[item.nodeid])
    return items if ROOMS else [item for item in items if base_of(item) == TESTS[check.name]]


def empties(item: pytest.Item) -> bool:
    """Whether the test leaves empty tables behind."""
    marker = item.get_closest_marker("django_db")
    return "transactional_db" in getattr(item, "fixturenames", ()) or bool(
        marker and marker.kwargs.get("transaction")
    )


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    """Note what refuses something in the test, the first time it runs."""
    product = item.config.stash[PRODUCT]
    if item.nodeid in seconds:
        return (yield)
    product.refusals()
    start = time.process_time()
    try:
        return (yield)
    finally:
        seconds[item.nodeid] = time.process_time() - start
        for number in product.refusals():
            refusing[number].append(item)


def hunted(product: Switches, number: int, items: list[pytest.Item], every: list[pytest.Item]) -> str:
    """The test that fails without the check and passes with it."""
    for item in items:
        other = every[0] if item is not every[0] else every[-1]  # keeps alive what lasts for a session
        with product.without(number):
            fails = is_failing(item, other)
        if fails:
            if not is_failing(item, other):
                return base_of(item)
            print(f"\nfails at a second run: {item.nodeid}", flush=True)
    return ""


def is_failing(item: pytest.Item, other: pytest.Item) -> bool:
    """Run it once more, in a process of its own: what it leaves in memory goes with it."""
    child = os.fork()
    if child:
        return bool(os.waitpid(child, 0)[1])
    failed = True
    try:
        with django_db_blocker(item).unblock():
            connections.close_all()
        item._initrequest()  # type: ignore[attr-defined]
        failed = any(report.failed for report in runtestprotocol(item, log=False, nextitem=other))
    finally:
        os._exit(failed)


def django_db_blocker(item: pytest.Item) -> DjangoDbBlocker:
    """What forbids the database outside of tests."""
    return item.config.stash[blocking_manager_key]
