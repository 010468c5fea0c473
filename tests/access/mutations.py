"""`make mutations`: each check of a right is switched off by itself; some cell must notice.

The cells are those of test_relations and test_matrix that are refused, or in which nothing may be told. Only
those that come by the check are tried, until one is answered otherwise. What none notices is listed: a second
check refuses all the same, or it decides what a page shows or what a job does, which the tests of its room
hold, or a cell is missing.
"""

import logging
import sys
from collections import defaultdict
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any, NamedTuple

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern

from kebu.base.access.decorators import PUBLIC, SIGNED_IN, requires
from kebu.office.staff.models import User
from tests.access.conftest import MakePlaces, Places, Viewers
from tests.access.mutants import Spot, checks, switched_off, watched
from tests.access.oracle import RELATIONS, doors, expected
from tests.access.test_matrix import BLIND, TOLD, Guard, Row, attempt, resolved, rows
from tests.access.test_relations import related
from tests.architecture.test_urls import all_patterns
from tests.cast import ClientOf, MakeUser

pytestmark = pytest.mark.django_db
ROLES = ("sales", "manager", "service", "marketing", "auditor")
MOST = 40  # cells tried for one check


class Cell(NamedTuple):
    """A try that is refused, or must tell nothing; ``relation`` is "" for those of matrix.txt."""

    who: str
    relation: str
    verb: str
    address: str

    @property
    def row(self) -> Row:
        return Row(self.verb, self.address, {})


class Ground:
    """Everybody who tries, signed in, and what is tried."""

    def __init__(self, clients: dict[str, Client], people: dict[str, User], guard: Guard) -> None:
        self.clients, self.people, self.guard = clients, people, guard
        self.books: dict[str, dict[str, Places]] = {}
        self.places: Places = {}
        self.told: dict[Cell, str] = {}

    @contextmanager
    def at(self, who: str, relation: str) -> Iterator[Places]:
        """The customer in that relation to him."""
        if not relation:
            yield self.places
            return
        with related(relation, self.people[who], self.books[who]) as places:
            yield places

    def answer(self, cell: Cell, places: Places) -> str:
        client = self.clients[cell.who]
        cookies, point = dict(client.cookies), transaction.savepoint()
        try:
            return attempt(client, cell.row, places, self.guard())
        except Exception as error:  # noqa: BLE001  a failure is another answer
            return type(error).__name__
        finally:
            transaction.set_rollback(False)
            transaction.savepoint_rollback(point)
            client.cookies.clear()
            client.cookies.update(cookies)

    def differs(self, cells: list[Cell]) -> Cell | None:
        """The first of the cells that is answered otherwise now."""
        tried = defaultdict[tuple[str, str], list[Cell]](list)
        for cell in cells[:MOST]:
            tried[cell.who, cell.relation].append(cell)
        for (who, relation), some in tried.items():
            with self.at(who, relation) as places:
                for cell in some:
                    if self.answer(cell, places) != self.told[cell]:
                        return cell
        return None


@pytest.fixture
def ground(
    viewers: Viewers, places: Places, make_user: MakeUser, make_places: MakePlaces, client_of: ClientOf,
    read_only: Guard,
) -> Ground:  # fmt: skip
    people = {role: make_user(f"as-{role}", f"某{role}", role) for role in ROLES}
    people |= viewers
    ground = Ground({name: client_of(user) for name, user in people.items()}, people, read_only)
    mate = make_user("mei", "梅迟", "sales")
    other = make_user("he", "何清越", "sales", department="销售二部")
    team, far = make_places(mate), make_places(other)
    for role in ROLES:
        own = {"own": make_places(people[role]), "team": team, "other": far}
        ground.books[role] = {name: found | {"user": str(mate.pk)} for name, found in own.items()}
    ground.places = places
    return ground


def cells() -> list[Cell]:
    """Refused cells, and those in which somebody looks who must learn nothing."""
    found = [
        Cell(role, relation, door.verb, door.address)
        for role in ROLES
        for relation in RELATIONS
        for door in doors()
        if expected(door, role, relation) != "ok"
    ]
    for row in rows():
        for who, told in row.expected.items():
            blind = who in BLIND and row.verb == "GET" and (who, row.address) not in TOLD
            if told != "ok" or blind:
                found.append(Cell(who, "", row.verb, row.address))
    return found


def gates() -> list[tuple[str, URLPattern]]:
    """The addresses whose view names a right."""
    free = (PUBLIC, SIGNED_IN)
    return [
        (name, one) for name, one in all_patterns() if getattr(one.callback, "permission", PUBLIC) not in free
    ]


@contextmanager
def opened(entry: Any) -> Iterator[None]:
    """The view without the right it names, for the block."""
    before = entry.callback
    entry.callback = requires()(before.__wrapped__)
    try:
        yield
    finally:
        entry.callback = before


def shut(ground: Ground, opened_by: AbstractContextManager[None], cells: list[Cell]) -> Cell | None:
    """The cell that notices when that is gone."""
    with opened_by:
        return ground.differs(cells)


def test_every_check_is_noticed(ground: Ground) -> None:
    logging.disable()
    found, spots = checks(), {check.spot for check in checks()}
    by_spot, by_name = defaultdict[Spot, list[Cell]](list), defaultdict[str, list[Cell]](list)
    tried = defaultdict[tuple[str, str], list[Cell]](list)
    for cell in cells():
        tried[cell.who, cell.relation].append(cell)
    for (who, relation), some in tried.items():
        with ground.at(who, relation) as places:
            for cell in some:
                seen: set[Spot] = set()
                sys.setprofile(watched(spots, seen))
                try:
                    ground.told[cell] = ground.answer(cell, places)
                finally:
                    sys.setprofile(None)
                by_name[resolved(cell.row, places | ground.places)].append(cell)
                for spot in seen:
                    by_spot[spot].append(cell)
    views = [f"{name}: its right" for name, one in gates() if not shut(ground, opened(one), by_name[name])]
    print(f"\n{len(gates())} views name a right, {len(views)} unnoticed", *views, sep="\n", flush=True)
    inside = [
        f"{check} ({len(by_spot[check.spot])} cells come by)"
        for check in found
        if not shut(ground, switched_off(check), by_spot[check.spot])
    ]
    print(f"{len(found)} checks inside, {len(inside)} unnoticed", *inside, sep="\n")
    logging.disable(logging.NOTSET)
