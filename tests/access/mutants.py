"""Checks of rights in the product, and how to switch a single one off in this process."""

import ast
import builtins
import importlib
import inspect
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from itertools import groupby
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any, NamedTuple

from django.db import connection
from django.http import Http404

import kebu

HOME = Path(kebu.__file__).parent
ROWS = {"within", "visible_to", "editable_by", "owned_by", "of_reach", "shared_with"}
FOUND = {"get_visible", "demand_visible"}
YES = {"may", "can", "demand"}
ASKS = ROWS | FOUND | YES | {"rule_for", "owner_ids"}
ASKED = re.compile(rf"\b({'|'.join(sorted(ASKS))})\(")
LEFT_OUT = ("tests", "migrations", "trials", "access")


class Check(NamedTuple):
    """One call that asks for a right; ``name`` outlives edits of the lines around it."""

    path: Path
    function: str
    line: int
    column: int
    asks: str
    name: str

    def __str__(self) -> str:
        return f"{self.path.relative_to(HOME.parent)}:{self.line} {self.name}"


def checks() -> list[Check]:
    """Every call of ASKS in a function of the product."""
    found = list[Check]()
    for path in sorted(HOME.rglob("*.py")):
        if not set(path.relative_to(HOME).parts) & set(LEFT_OUT):
            text = path.read_text(encoding="utf-8")
            if ASKED.search(text):
                found += _checks_of(path, ast.parse(text))
    return found


def _checks_of(path: Path, tree: ast.Module) -> Iterator[Check]:
    place, said = path.relative_to(HOME).as_posix(), Counter[str]()
    for function, call in _calls(tree):
        name = f"{place} {function}: {_about(call)}"
        said[name] += 1
        number = f" #{said[name]}" if said[name] > 1 else ""
        yield Check(path, function, call.lineno, call.col_offset, _name(call), name + number)


def _calls(tree: ast.Module) -> Iterator[tuple[str, ast.Call]]:
    for node in tree.body:
        methods = node.body if isinstance(node, ast.ClassDef) else [node]
        prefix = f"{node.name}." if isinstance(node, ast.ClassDef) else ""
        for function in methods:
            if isinstance(function, ast.FunctionDef):
                calls = [one for one in ast.walk(function) if isinstance(one, ast.Call) and is_check(one)]
                for call in sorted(calls, key=lambda one: (one.lineno, one.col_offset, one.end_col_offset)):
                    yield prefix + function.name, call


def is_check(call: ast.Call) -> bool:
    """Whether it asks for a right; ``within`` and ``owner_ids`` are words for other things, too."""
    asks, count = _name(call), len(call.args)
    return asks in ASKS and not (asks == "within" and count < 2) and not (asks == "owner_ids" and count != 1)


def _name(call: ast.Call) -> str:
    """The called name, as ``within`` of ``rows.within(…)``; "" of anything else."""
    func = call.func
    return func.attr if isinstance(func, ast.Attribute) else getattr(func, "id", "")


def _about(call: ast.Call) -> str:
    """The check in few words: ``demand CUSTOMER_EDIT``, ``Customer.visible_to``."""
    asks, said = _name(call), [ast.unparse(one).removeprefix("Permission.") for one in call.args]
    if asks in ROWS and isinstance(call.func, ast.Attribute):
        of = ast.unparse(call.func.value).split(".")[0]
        return " ".join([f"{of}.{asks}", *said[1:]])
    if asks in FOUND:
        return f"{asks} {said[0].split('.')[0]}"
    return f"{asks} {said[-1] if asks in ('can', 'owner_ids') else said[1]}"


class _Switches(ast.NodeTransformer):
    """Puts a switch before each check: rows are all let through, questions answered yes."""

    def __init__(self, numbers: dict[tuple[int, int, str], int]) -> None:
        self.numbers = numbers

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        number = self.numbers.get((node.lineno, node.col_offset, _name(node)))
        if number is None or not is_check(node):
            return node
        asks, rows = _name(node), list[ast.expr]()
        without: ast.expr = ast.Constant({"rule_for": "visible", "owner_ids": None}.get(asks, True))
        if asks in ROWS and isinstance(node.func, ast.Attribute):
            rows = [node.func.value]
            without = _call("every_row", *rows)
        elif asks in FOUND:
            without = ast.Call(_switch("any_row"), node.args, node.keywords)
        key = ast.Constant(number)
        return ast.IfExp(_call("is_off", key), without, _call("answered", key, node, *rows))


def _switch(name: str) -> ast.expr:
    return ast.Attribute(ast.Name(SWITCHES, ast.Load()), name, ast.Load())


def _call(name: str, *args: ast.expr) -> ast.expr:
    return ast.Call(_switch(name), list(args), [])


class Switches:
    """Which check is off, and which have refused something since ``refused`` was emptied."""

    def __init__(self, found: list[Check]) -> None:
        self.checks, self.off = found, -1
        self.refused = set[int]()
        self.open = Counter[int]()

    def is_off(self, number: int) -> bool:
        if number == self.off:
            return True
        self.open[number] += 1
        return False

    def answered(self, number: int, answer: Any, rows: Any = None) -> Any:
        self.open[number] -= 1
        if number not in self.refused and self._refuses(self.checks[number].asks, answer, rows):
            self.refused.add(number)
        return answer

    def _refuses(self, asks: str, answer: Any, rows: Any) -> bool:
        """Whether it would make a difference had it not been asked."""
        if asks in ("may", "can"):
            return not answer
        if asks == "rule_for":
            return bool(answer != "visible")
        if asks == "owner_ids":
            return answer is not None
        return asks in ROWS and self.is_narrower(answer, rows)

    def is_narrower(self, some: Any, rows: Any) -> bool:
        """Whether rows were left out; a queryset that cannot be counted by itself may leave out some."""
        if self.off != -1:
            return False
        wrappers, connection.execute_wrappers = connection.execute_wrappers, []
        forced, connection.force_debug_cursor = connection.force_debug_cursor, False
        try:
            return bool(some.count() < rows.all().count())
        except Exception:  # noqa: BLE001  a reference outwards, no database
            return True
        finally:
            connection.execute_wrappers, connection.force_debug_cursor = wrappers, forced

    def refusals(self) -> set[int]:
        """Those that refused, from the last call to this one."""
        found = self.refused | {number for number, count in self.open.items() if count > 0}
        self.refused, self.open = set(), Counter()
        return found

    @staticmethod
    def every_row(rows: Any) -> Any:
        return rows.all()

    @staticmethod
    def any_row(rows: Any, _user: Any, **lookup: Any) -> Any:
        """What is there, whoever asks; 404 when there is nothing."""
        found = rows if isinstance(rows, list) else rows.filter(**lookup)[:1]
        if not found:
            raise Http404
        return found[0]

    @contextmanager
    def without(self, number: int) -> Iterator[None]:
        """The product without that check, for the block."""
        self.forget(number)
        self.off = number
        try:
            yield
        finally:
            self.off = -1
            self.forget(number)

    def forget(self, number: int) -> None:
        """What functions beside the check remember was made with it, or without."""
        for one in list(function_of(self.checks[number]).__globals__.values()):
            if callable(getattr(one, "cache_clear", None)):
                one.cache_clear()


SWITCHES = "_switches_of_checks"


@contextmanager
def switches(found: list[Check]) -> Iterator[Switches]:
    """The product with a switch before each of the checks, for the block."""
    built = Switches(found)
    setattr(builtins, SWITCHES, built)
    before = list[tuple[FunctionType, CodeType]]()
    numbered = groupby(enumerate(found), key=lambda one: one[1].path)
    try:
        for path, group in numbered:
            some = list(group)
            numbers = {(one.line, one.column, one.asks): number for number, one in some}
            tree = _Switches(numbers).visit(ast.parse(path.read_text(encoding="utf-8")))
            codes = _codes(compile(ast.fix_missing_locations(tree), str(path), "exec"))
            for check in {one.function: one for _number, one in some}.values():
                function = function_of(check)
                before.append((function, function.__code__))
                function.__code__ = codes[check.function]
        yield built
    finally:
        for function, code in before:
            function.__code__ = code
        delattr(builtins, SWITCHES)


def _codes(code: CodeType) -> dict[str, CodeType]:
    """The code of functions and methods by name."""
    found = dict[str, CodeType]()
    for one in code.co_consts:
        if isinstance(one, CodeType):
            found |= {one.co_qualname: one} | _codes(one)
    return found


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
