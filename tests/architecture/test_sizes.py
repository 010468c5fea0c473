"""Files and functions stay small. An honest exception stands in EXCEPTIONS with its reason."""

import ast
import statistics
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.house import PACKAGE, ROOT, files, name_of, tree_of

FILE_MEDIAN, FILE_CAP = 80, 400
FUNCTION_MEDIAN, FUNCTION_CAP = 8, 50
TEMPLATE_CAP = 160
SCRIPT_CAP, SCRIPT_TOTAL = 120, 3000

# name of the file (or file:function) → why it may be longer
EXCEPTIONS: dict[str, str] = {}


def lines_in(path: Path) -> int:
    return len(path.read_text().splitlines())


def functions(path: Path) -> Iterator[tuple[str, int]]:
    """Name and length of each function, without its docstring and decorators."""
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            has_docstring = ast.get_docstring(node) is not None and len(node.body) > 1
            first = node.body[1] if has_docstring else node.body[0]
            signature = node.body[0].lineno - node.lineno
            yield f"{name_of(path)}:{node.name}", (node.end_lineno or 0) - first.lineno + 1 + signature


def too_long(sizes: dict[str, int], cap: int) -> dict[str, int]:
    return {name: size for name, size in sizes.items() if size > cap and name not in EXCEPTIONS}


def test_python_files() -> None:
    sizes = {name_of(path): lines_in(path) for path in files(".py", under=PACKAGE)}
    assert not too_long(sizes, FILE_CAP)
    own = [lines_in(path) for path in files(".py", under=PACKAGE, tests=False) if path.name != "__init__.py"]
    assert statistics.median(own) <= FILE_MEDIAN


def test_functions() -> None:
    sizes = dict(item for path in files(".py", under=PACKAGE) for item in functions(path))
    assert not too_long(sizes, FUNCTION_CAP)
    assert statistics.median(sizes.values()) <= FUNCTION_MEDIAN


def test_templates() -> None:
    assert not too_long(
        {name_of(path): lines_in(path) for path in files(".html", under=PACKAGE)}, TEMPLATE_CAP
    )


def test_scripts() -> None:
    own = [path for suffix in (".js", ".mjs") for path in files(suffix, under=ROOT / "frontend")]
    sizes = {name_of(path): lines_in(path) for path in own}
    assert not too_long(sizes, SCRIPT_CAP)
    assert sum(sizes.values()) <= SCRIPT_TOTAL


def test_exceptions_are_still_needed() -> None:
    assert all((ROOT / name.split(":")[0]).exists() for name in EXCEPTIONS)
