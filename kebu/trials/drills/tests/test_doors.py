"""No create door is missing in double_submit: whatever claims the key of a form is tried there."""

import ast
from collections.abc import Iterator
from pathlib import Path

from kebu.trials.drills.stage import DOORS

KEBU = Path(__file__).parents[3]
CLAIMING = ("claim_submission", "Once")  # the one says the kind by name, the other in the second place
OWN = {"base.records"}  # what all the others claim by


def claims() -> Iterator[str]:
    """Room and kind, as the source says it, of everything that claims a key."""
    for path in sorted(KEBU.glob("*/*/**/*.py")):
        room = ".".join(path.relative_to(KEBU).parts[:2])
        if "tests" in path.parts or room in OWN:
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in CLAIMING:
                named = {word.arg: word.value for word in node.keywords}
                yield f"{room} {ast.unparse(named.get('kind') or node.args[1])}"


def test_every_door_with_a_key_is_tried() -> None:
    assert {door.claims for door in DOORS if door.claims} == set(claims())


def test_codes_tell_doors_apart() -> None:
    codes = [door.code for door in DOORS]
    assert len(set(codes)) == len(codes)
