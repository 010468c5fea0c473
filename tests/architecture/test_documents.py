"""Documents and code say the same."""

import ast
import re

from django.apps import apps
from django.conf import settings

from kebu.project.env import VARIABLES
from tests.architecture.house import PACKAGE, ROOT, files, name_of, nodes


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
