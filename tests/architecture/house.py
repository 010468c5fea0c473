"""What the architecture tests look at: the tracked files, the rooms and the map of the house."""

import ast
import subprocess
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
PACKAGE = ROOT / "kebu"


@cache
def project_files() -> tuple[Path, ...]:
    """Every file of the project: tracked ones and new ones that git does not ignore."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    names = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\0")
    return tuple(path for name in sorted(names) if name and (path := ROOT / name).is_file())


def files(suffix: str, *, under: Path = ROOT, tests: bool = True) -> list[Path]:
    """Project files with this suffix; migrations are left out, and tests on request."""
    return [
        path
        for path in project_files()
        if path.suffix == suffix
        and path.is_relative_to(under)
        and "migrations" not in path.parts
        and (tests or "tests" not in path.parts)
    ]


def name_of(path: Path) -> str:
    """The file's name inside the project, for messages."""
    return str(path.relative_to(ROOT))


@cache
def tree_of(path: Path) -> ast.Module:
    """The parsed source of a Python file."""
    return ast.parse(path.read_text())


def nodes(suffix_free: Path) -> Iterator[ast.AST]:
    """Every node of a Python file."""
    return ast.walk(tree_of(suffix_free))


@cache
def rooms() -> tuple[Path, ...]:
    """The folders of all rooms."""
    inits = [path for path in project_files() if path.name == "__init__.py"]
    return tuple(
        path.parent
        for path in inits
        if len(path.relative_to(ROOT).parts) == 4 and path.is_relative_to(PACKAGE)
    )


@cache
def layer_lists() -> dict[str, list[list[str]]]:
    """Container → its layers from the top, each a list of neighbours; as the import contracts have them."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    return {
        container: [[name.strip(" ()") for name in layer.split("|")] for layer in contract["layers"]]
        for contract in contracts
        if contract["type"] == "layers"
        for container in contract["containers"]
        if "*" not in container
    }


def looks_down(importer: str, imported: str) -> bool:
    """Say whether the map lets one module (``kebu.crm.contacts.models``) look at another."""
    mine, other = importer.split("."), imported.split(".")
    depth = next((n for n, (a, b) in enumerate(zip(mine, other, strict=False)) if a != b), None)
    if depth is None or depth > 2:
        return True  # the same room
    ranks = {name: rank for rank, layer in enumerate(layer_lists()[".".join(mine[:depth])]) for name in layer}
    return ranks[mine[depth]] < ranks[other[depth]]
