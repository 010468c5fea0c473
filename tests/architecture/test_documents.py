"""Documents and code say the same."""

import ast
import re
from collections import Counter
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings

from kebu.project.env import VARIABLES
from tests.architecture.house import PACKAGE, ROOT, files, name_of, nodes, project_files, rooms, tree_of


def table_rows(name: str) -> list[list[str]]:
    """The cells of every table row of a document."""
    lines = (ROOT / "docs" / name).read_text().splitlines()
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("|")]
    return [row for row in rows if not set(row[0]) <= {"-", " "}]


def test_every_setting_is_documented_with_its_default() -> None:
    rows = [row for row in table_rows("deploy.md") if re.fullmatch("`[A-Z_]+`", row[0])]
    documented = {row[0].strip("`"): row[1].strip("`") for row in rows}
    assert documented == {variable.name: variable.default for variable in VARIABLES.values()}


def test_the_environment_is_read_in_one_place() -> None:
    """Rooms read django.conf.settings; only kebu/project, and trials that start it, know variables."""
    wrong = [
        f"{name_of(path)}:{node.lineno} {node.value}"
        for path in files(".py", under=PACKAGE, tests=False)
        if path.parent.name != "project" and "trials" not in path.parts
        for node in nodes(path)
        if isinstance(node, ast.Constant) and node.value in VARIABLES and not hasattr(settings, node.value)
    ]
    assert not wrong


def labels() -> dict[str, str]:
    """Model → the label a person reads; models nobody sees have none."""
    found = {
        model.__name__: str(model._meta.verbose_name)
        for model in apps.get_models()
        if model.__module__.startswith("kebu.")
    }
    return {name: label for name, label in found.items() if re.search(r"[一-鿿]", label)}


def test_models_are_called_as_the_glossary_says() -> None:
    glossary = {row[0]: row[1] for row in table_rows("glossary.md")}
    assert labels() == {name: glossary.get(name) for name in labels()}


def test_a_word_stands_in_the_glossary_once() -> None:
    words = Counter(row[0] for row in table_rows("glossary.md"))
    assert not [word for word, count in words.items() if count > 1]


def test_every_room_stands_on_the_map_once() -> None:
    lines = (ROOT / "docs" / "architecture.md").read_text().splitlines()
    named = Counter(
        name
        for line in lines
        if line.startswith("|")
        for name in re.findall(r"`([a-z_]+)`", line.split("|")[2])
    )
    assert named == Counter(room.name for room in rooms())


# How many requirements each part of the catalogue has.
CATALOGUE = {"S0": 39, "S1": 28, "S2": 23, "S3": 23, "S4": 22, "X": 19, "D": 11}
FEATURES = ROOT / "docs" / "features.md"


def test_every_requirement_stands_in_the_features_once() -> None:
    wanted = {f"S{n}-{i:02d}" for n in range(5) for i in range(1, CATALOGUE[f"S{n}"] + 1)}
    wanted |= {f"{part}{i}" for part in "XD" for i in range(1, CATALOGUE[part] + 1)}
    rows = [row for row in table_rows("features.md") if row[0] != "ids"]
    rest = FEATURES.read_text().split("\n## Not yet\n")[1]
    named = Counter(re.findall(r"S\d-\d\d|[XD]\d+", " ".join(row[0] for row in rows) + rest))
    assert {one for one, count in named.items() if count > 1} == set()
    assert named.keys() == wanted


def test_every_feature_names_tests_that_exist() -> None:
    rows = [row for row in table_rows("features.md") if row[0] != "ids"]
    assert len(rows) > 50
    for row in rows:
        named = re.findall(r"`([^`]+)`", row[3])
        assert named, f"{row[0]} names no test"
        assert not [test for test in named if not is_test(test)], row[0]


def is_test(name: str) -> bool:
    """Say whether ``room/test_x.py::function``, or the same with a path from the root, is a test."""
    place, _colons, function = name.partition("::")
    room, _slash, file = place.partition("/")
    path = ROOT / place if room == "tests" else next(PACKAGE.glob(f"*/{room}/tests/{file}"), None)
    return path is not None and path in project_files() and function in functions_of(path)


def functions_of(path: Path) -> set[str]:
    functions = (node for node in ast.walk(tree_of(path)) if isinstance(node, ast.FunctionDef))
    return {function.name for function in functions if function.name.startswith("test_")}


def test_tests_are_told_from_what_is_none() -> None:
    assert is_test("customers/test_list.py::test_tabs")
    assert is_test("tests/architecture/test_documents.py::test_tests_are_told_from_what_is_none")
    wrong = (
        "customers/test_list.py::test_none",
        "customers/test_none.py::test_tabs",
        "customers/test_list.py",
    )
    assert not any(map(is_test, wrong))


@pytest.mark.parametrize("document", files(".md"), ids=name_of)
def test_links_lead_to_files(document: Path) -> None:
    """Pages and pictures of the project itself; addresses elsewhere are not asked."""
    found = re.findall(r"\]\(([^)#\s]+)[^)]*\)|(?:src|srcset|href)=\"([^\"]+)\"", document.read_text())
    own = [link for pair in found for link in pair if link and "://" not in link]
    assert not [link for link in own if not (document.parent / link).exists()]
