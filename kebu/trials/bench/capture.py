"""Seeing what a page is made of: its template with the finished context, and its statements."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, cast

from django.db import connection
from django.http import HttpRequest
from django.template import Context
from django.template.backends import django as backend
from django.template.context import make_context

Statement = tuple[str, Any]


@dataclass
class Sight:
    """What one run of a view showed: the outermost template, its values, the statements in order."""

    template: Any = None
    values: dict[str, Any] = field(default_factory=dict)
    statements: list[Statement] = field(default_factory=list)

    def render(self, request: HttpRequest) -> str:
        """The same page from the same values, without asking the database."""
        context = Context(dict(self.values))
        context.request = request  # type: ignore[attr-defined]  # tags such as querystring look for it
        return str(self.template.render(context))


@contextmanager
def watching() -> Iterator[Sight]:
    """Watch everything rendered and executed inside the block."""
    sight = Sight()
    original = backend.Template.render

    def render(self: Any, context: Any = None, request: Any = None) -> Any:
        bound = make_context(context, request, autoescape=self.backend.engine.autoescape)
        with bound.bind_template(self.template):
            if sight.template is None:  # the outermost; components render templates of their own inside
                sight.template, sight.values = self.template, cast("dict[str, Any]", bound.flatten())
        return original(self, context, request)

    def note(execute: Callable[..., Any], sql: str, params: Any, many: bool, parts: Any) -> Any:
        sight.statements.append((sql, params))
        return execute(sql, params, many, parts)

    backend.Template.render = render  # type: ignore[method-assign]
    try:
        with connection.execute_wrapper(note):
            yield sight
    finally:
        backend.Template.render = original  # type: ignore[method-assign]


def run(statements: list[Statement]) -> int:
    """Execute the statements as raw SQL and fetch their rows; returns how many."""
    count = 0
    with connection.cursor() as cursor:
        for sql, params in statements:
            cursor.execute(sql, params)
            if cursor.description:
                count += len(cursor.fetchall())
    return count
