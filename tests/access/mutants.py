"""Checks of rights in the sources, and how to switch a single one off in this process."""

import ast
import importlib
import inspect
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from types import CodeType, FrameType, FunctionType
from typing import Any, NamedTuple

import kebu

HOME = Path(kebu.__file__).parent
ROWS = {"within", "visible_to", "editable_by", "owned_by", "of_reach"}
YES = {"may", "can", "demand"}
ASKS = ROWS | YES | {"get_visible", "rule_for"}
LEFT_OUT = ("tests", "migrations", "trials", "access")
Spot = tuple[str, str]  # file, outermost function or method


class Check(NamedTuple):
    """One call that asks for a right."""

    path: Path
    function: str
    line: int
    column: int
    asks: str

    @property
    def spot(self) -> Spot:
        return (str(self.path), self.function)

    def __str__(self) -> str:
        return f"{self.path.relative_to(HOME.parent)}:{self.line} {self.function}: {self.asks}"


def checks() -> list[Check]:
    """Every call of ASKS in a function of the product."""
    found = []
    for path in sorted(HOME.rglob("*.py")):
        if not set(path.relative_to(HOME).parts) & set(LEFT_OUT):
            found += [Check(path, *one) for one in _calls(ast.parse(path.read_text(encoding="utf-8")))]
    return found


def _calls(tree: ast.Module) -> Iterator[tuple[str, int, int, str]]:
    for node in tree.body:
        methods = node.body if isinstance(node, ast.ClassDef) else [node]
        prefix = f"{node.name}." if isinstance(node, ast.ClassDef) else ""
        for function in methods:
            if isinstance(function, ast.FunctionDef):
                for call in ast.walk(function):
                    if isinstance(call, ast.Call) and (asks := _name(call)) in ASKS:
                        yield prefix + function.name, call.lineno, call.col_offset, asks


def _name(call: ast.Call) -> str:
    """The called name, as ``within`` of ``rows.within(…)``; "" of anything else."""
    func = call.func
    return func.attr if isinstance(func, ast.Attribute) else getattr(func, "id", "")


class _Off(ast.NodeTransformer):
    """Takes one check away: rows are all let through, questions answered yes."""

    def __init__(self, check: Check) -> None:
        self.check = check

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        asks = _name(node)
        if (node.lineno, node.col_offset, asks) != (self.check.line, self.check.column, self.check.asks):
            return node
        if asks in ROWS and isinstance(node.func, ast.Attribute):
            return ast.Call(ast.Attribute(node.func.value, "all", ast.Load()), [], [])
        if asks == "get_visible":
            return ast.Call(ast.Attribute(node.args[0], "get", ast.Load()), [], node.keywords)
        return ast.Constant("visible" if asks == "rule_for" else True)


@contextmanager
def switched_off(check: Check) -> Iterator[None]:
    """The product without that check, for the block."""
    function = function_of(check)
    tree = _Off(check).visit(ast.parse(check.path.read_text(encoding="utf-8")))
    compiled = compile(ast.fix_missing_locations(tree), str(check.path), "exec")
    before = function.__code__
    function.__code__ = next(code for code in _codes(compiled) if code.co_qualname == check.function)
    try:
        yield
    finally:
        function.__code__ = before


def _codes(code: CodeType) -> Iterator[CodeType]:
    for one in code.co_consts:
        if isinstance(one, CodeType):
            yield one
            yield from _codes(one)


def function_of(check: Check) -> FunctionType:
    """The function itself, behind its decorators."""
    name = ".".join(check.path.relative_to(HOME.parent).with_suffix("").parts)
    found: Any = importlib.import_module(name)
    for part in check.function.split("."):
        found = inspect.getattr_static(found, part)
    while not (isinstance(found, FunctionType) and found.__code__.co_qualname == check.function):
        if isinstance(found, property):
            found = found.fget
        elif isinstance(found, cached_property):
            found = found.func
        else:
            found = found.__wrapped__
    return found


def watched(spots: set[Spot], seen: set[Spot]) -> Callable[[FrameType, str, Any], None]:
    """A profiler that notes which of the functions run."""

    def note(frame: FrameType, event: str, _arg: Any) -> None:
        if event == "call" and (spot := (frame.f_code.co_filename, frame.f_code.co_qualname)) in spots:
            seen.add(spot)

    return note
