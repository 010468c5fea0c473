"""Views that show the least a page or a write can cost."""

from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.test import RequestFactory
from django.urls import resolve
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from kebu.base.access.decorators import public
from kebu.office.staff.models import User
from kebu.trials.bench import writes
from kebu.trials.bench.capture import Sight, Statement, run, watching


@dataclass
class PlainRow:
    """One line of the plain table, an object as a model instance would be."""

    number: str
    name: str
    type: str
    stage: str
    owner: str
    created_on: date


KEYS = ('SELECT "customers_customer"."id" AS "pk"', "SELECT array_agg(found.key)")  # PostgreSQL: as one value
TEAM = 'SELECT "staff_user"."id", (SELECT COUNT('
DUE = 'SELECT "followups_planexecutor"."user_id" AS "user", COUNT('  # plans and promises of the team's table
ROWS = [
    PlainRow(
        f"CUS2026{i:05d}",
        f"苏州示例{i:03d}精密机械有限公司",
        "意向客户",
        "谈判",
        "周慕白",
        date(2026, 11, 1 + i % 28),
    )
    for i in range(50)
]


@public
@require_GET
def empty(request: HttpRequest) -> HttpResponse:
    """Nothing but the way through the server and its middleware."""
    return HttpResponse("")


@public
@require_GET
def plain(request: HttpRequest) -> HttpResponse:
    """The plain table everybody writes first: 50 objects, 6 columns, a link and a date filter per row.

    It is a yardstick that anyone can rebuild, not the least possible: attributes are looked up and escaped,
    the link is a ``{% url %}``, the day goes through ``|date``. It extends nothing, asks no database and
    reads no session.
    """
    return render(request, "bench/plain.html", {"rows": ROWS})


@public
@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """The page at ``?path=``: the same template from constants plus its main query as raw SQL."""
    sight, main = _seen(request.GET["path"], request.user.pk)
    run(main)
    return HttpResponse(sight.render(request))


@cache
def _seen(address: str, user_id: int) -> tuple[Sight, list[Statement]]:
    """Run the real view once as that user and keep what it showed."""
    path, _, query = address.partition("?")
    request: Any = RequestFactory().get(path, QueryDict(query))
    match = resolve(path)
    request.user, request.resolver_match, request.session = User.objects.get(pk=user_id), match, {}
    request._messages = []  # noqa: SLF001
    with watching() as sight:
        match.func(request, *match.args, **match.kwargs)
    main = [statement for statement in sight.statements if _is_main(statement[0])]
    if not main:
        raise LookupError(f"no main query seen on {address}")
    shown = next((at for at, (sql, _) in enumerate(main) if _shows(sql)), len(main))
    return sight, main[: shown + 1]


def _is_main(sql: str) -> bool:
    """Say whether a statement fetches customers for display, their keys, searches, or counts for a team."""
    head, _, rest = sql.partition(" FROM ")
    return _shows(sql) or head in KEYS or "search_" in rest or sql.lstrip("(").startswith((TEAM, DUE))


def _shows(sql: str) -> bool:
    """Say whether it reads customers with their names; what else is asked of each may come before FROM."""
    head = sql.partition(" FROM ")[0]
    return '"customers_customer"."name"' in head and ' FROM "customers_customer" ' in sql


@public
@csrf_exempt
@require_POST
def write(request: HttpRequest, name: str) -> HttpResponse:
    """The bare statements of a write, in one transaction of the same durability."""
    writes.FLOORS[name]()
    return HttpResponse("")
