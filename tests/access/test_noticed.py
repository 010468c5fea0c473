"""Of every check of a right it is known who would miss it.

noticed.txt names the test or cell, doubled.txt says why none can, unheld.txt lists what is still without a
test. Here names are compared; `make mutations` switches the checks off and asks the tests.
"""

import ast
from functools import cache
from pathlib import Path

import kebu
from tests.access.gates import gates
from tests.access.mutants import checks
from tests.access.mutations import cells
from tests.access.noticed import DOUBLED, NOTICED, UNHELD

MOST_UNHELD = 0
ROOT = Path(kebu.__file__).parent.parent


def known() -> set[str]:
    """Every check by its name."""
    return {check.name for check in checks()} | {f"view {name}" for name, _entry in gates()}


@cache
def names_in(path: str) -> set[str]:
    """The names of tests in a file."""
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


def test_every_check_stands_in_one_of_the_lists() -> None:
    """A new one: `make mutations` tells which cell misses it, `make mutations ROOM=crm/files` which test."""
    told = NOTICED.keys() | DOUBLED.keys() | UNHELD.keys()
    assert not sorted(known() - told), "write down who misses them"
    assert not sorted(told - known()), "they are gone"
    assert len(told) == len(NOTICED) + len(DOUBLED) + len(UNHELD), "one stands twice"


def test_the_rest_only_shrinks() -> None:
    assert len(UNHELD) <= MOST_UNHELD


def test_who_misses_them_is_there() -> None:
    doors, wrong = {str(cell) for cell in cells()}, []
    for check, by in NOTICED.items():
        path, _, name = by.partition("::")
        is_there = (
            by in doors if by.startswith("cell ") else (ROOT / path).is_file() and name in names_in(path)
        )
        wrong += [] if is_there else [f"{check}: {by}"]
    assert not wrong


def test_what_none_misses_has_a_reason() -> None:
    assert not [check for check, reason in DOUBLED.items() if len(reason) < 20]
