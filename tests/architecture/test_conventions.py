"""House rules that can be read off the source."""

import ast
import re
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command

from tests.architecture.house import PACKAGE, ROOT, files, name_of, nodes, project_files, rooms, tree_of

OWN = files(".py", under=PACKAGE, tests=False)
FORBIDDEN_NAMES = {
    "services.py",
    "utils.py",
    "helpers.py",
    "managers.py",
    "signals.py",
    "common.py",
    "misc.py",
}


def test_no_signal_receivers() -> None:
    """What a save causes stands in the verb, not in a receiver."""
    wrong = [
        f"{name_of(path)}:{node.lineno}"
        for path in OWN
        for node in nodes(path)
        if isinstance(node, ast.ImportFrom)
        and (node.module or "").startswith(("django.db.models.signals", "django.dispatch"))
    ]
    assert not wrong


def test_no_save_overrides() -> None:
    wrong = [
        f"{model.__name__}.{name}"
        for model in apps.get_models()
        if model.__module__.startswith("kebu.")
        for name in ("save", "delete", "save_base", "refresh_from_db")
        if name in vars(model)
    ]
    assert not wrong


def test_no_thread_local_state() -> None:
    wrong = [
        name_of(path)
        for path in OWN
        for node in nodes(path)
        if isinstance(node, ast.Attribute)
        and node.attr == "local"
        and isinstance(node.value, ast.Name)
        and node.value.id == "threading"
    ]
    assert not wrong


def test_no_drawer_for_odds_and_ends() -> None:
    assert not [name_of(path) for path in OWN if path.name in FORBIDDEN_NAMES]


@pytest.mark.parametrize("room", rooms(), ids=name_of)
def test_room_introduces_itself(room: Path) -> None:
    """The docstring of a room's __init__.py: 3 to 8 lines; beside it only names to export."""
    module = tree_of(room / "__init__.py")
    docstring = ast.get_docstring(module) or ""
    assert 3 <= len(docstring.splitlines()) <= 8
    assert not [
        node for node in module.body[1:] if not isinstance(node, ast.Import | ast.ImportFrom | ast.Assign)
    ]
    assert docstring.startswith(room.name)


@pytest.mark.django_db
def test_no_missing_migration() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_no_postgres_only_fields() -> None:
    wrong = [
        f"{name_of(path)}:{node.lineno}"
        for path in OWN
        for node in nodes(path)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("django.contrib.postgres")
    ]
    assert not wrong


def test_no_machine_paths() -> None:
    """A file of the project never names a folder of somebody's machine."""
    text_suffixes = {
        ".py",
        ".md",
        ".toml",
        ".txt",
        ".html",
        ".js",
        ".mjs",
        ".css",
        ".json",
        ".yml",
        ".sh",
        "",
    }
    marks = ("/" + "work/", "/" + "home/", "/" + "Users/", "/" + "root/")
    wrong = [
        f"{name_of(path)}: {mark}"
        for path in project_files()
        if path.suffix in text_suffixes and path.stat().st_size < 2_000_000
        for mark in marks
        if mark in path.read_text(errors="ignore")
    ]
    assert not wrong


def test_lock_files_carry_no_addresses() -> None:
    """Where packages come from is the machine's business, not the project's."""
    python = sorted((ROOT / "requirements").glob("*.txt"))
    assert len(python) == 3
    assert not [name_of(path) for path in python if "://" in path.read_text()]
    assert '"resolved"' not in (ROOT / "frontend" / "package-lock.json").read_text()


def test_every_lock_is_current_with_its_source() -> None:
    """A package added to pyproject.toml must be pinned: `make lock`."""
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    wanted = {"runtime": project["project"]["dependencies"], **project["dependency-groups"]}
    for name, requirements in wanted.items():
        locked = (ROOT / "requirements" / f"{name}.txt").read_text()
        for requirement in requirements:
            package = requirement.split("~=")[0].split("[")[0].strip()
            assert f"\n{package.replace('_', '-')}==" in f"\n{locked}", (
                f"{package} is not pinned: run make lock"
            )


# What shows a value past its field's rule, with the reason.
PAST_THE_RULE = {
    "kebu/front/reveals/looks.py": "a look is asked for, counted and written down",
    "kebu/crm/customers/mass_form.py": "what somebody typed himself",
    "kebu/crm/customers/reverting.py": "words kept with a batch, judged when they are shown",
    "kebu/crm/changes/actions.py": "words kept with a proposal, judged when they are shown",
}


def test_values_are_shown_by_their_fields() -> None:
    """A kind shows any value; only the field knows whether this reader may read it."""
    wrong = {
        name_of(path)
        for path in OWN
        if not path.is_relative_to(PACKAGE / "base" / "fields")
        for node in nodes(path)
        if isinstance(node, ast.Attribute)
        and node.attr in ("show", "show_json")
        and ast.unparse(node.value).endswith("kind")
    }
    assert wrong == set(PAST_THE_RULE)


def test_pages_name_the_reader() -> None:
    """A context without a reader is the house itself, to which every value is open."""
    pages = ("views.py", "pages.py", "page.py", "steps.py", "bulk.py")
    wrong = [
        f"{name_of(path)}:{node.lineno}"
        for path in OWN
        if path.name.endswith(pages) and not path.is_relative_to(PACKAGE / "base" / "fields")
        for node in nodes(path)
        if isinstance(node, ast.Call)
        and ast.unparse(node.func) == "Context"
        and "reader" not in {keyword.arg for keyword in node.keywords}
    ]
    assert not wrong


def test_no_test_looks_for_a_bare_figure_in_a_page() -> None:
    """A page carries tokens and keys: «120» is found in some by chance, and found or missed for nothing."""
    wrong = [
        f"{name_of(path)}:{node.lineno}"
        for path in files(".py")
        if path.name.startswith("test_")
        for node in nodes(path)
        if isinstance(node, ast.Compare)
        and isinstance(node.left, ast.Constant)
        and isinstance(node.ops[0], ast.In | ast.NotIn)
        and re.fullmatch(r"[0-9]{1,5}", str(node.left.value))
        and re.search(r"\b(content|page|text)\b", ast.unparse(node.comparators[0]))
    ]
    assert not wrong
