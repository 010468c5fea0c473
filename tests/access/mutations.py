"""`make mutations`: each check of a right is switched off by itself; the cell of noticed.txt must notice.

The cells are those of test_relations and test_matrix that are refused, or in which nothing may be told.
Checks that stand in no list are tried by all cells in which they refuse something, until one is answered
otherwise; what is told can be copied into noticed.txt.
"""

import logging
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

import pytest
from django.db import transaction
from django.test import Client

from kebu.office.staff.models import User
from tests.access.conftest import MakePlaces, Places, Viewers
from tests.access.gates import gates, opened
from tests.access.mutants import checks, switches
from tests.access.noticed import DOUBLED, NOTICED
from tests.access.oracle import RELATIONS, doors, expected
from tests.access.test_matrix import BLIND, TOLD, Guard, Row, attempt, resolved, rows
from tests.access.test_relations import related
from tests.cast import ClientOf, MakeUser

pytestmark = pytest.mark.django_db
ROLES = ("sales", "manager", "service", "marketing", "auditor")
MOST = 60  # cells tried for one check


class Cell(NamedTuple):
    """A try that is refused, or must tell nothing; ``relation`` is "" for those of matrix.txt."""

    who: str
    relation: str
    verb: str
    address: str

    @property
    def row(self) -> Row:
        return Row(self.verb, self.address, {})

    def __str__(self) -> str:
        return f"cell {self.who} {self.relation or '-'} {self.verb} {self.address}"


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


def test_cells_notice(ground: Ground) -> None:
    logging.disable()
    found = checks()
    by_check, by_name = defaultdict[str, list[Cell]](list), defaultdict[str, list[Cell]](list)
    tried = defaultdict[tuple[str, str], list[Cell]](list)
    for cell in cells():
        tried[cell.who, cell.relation].append(cell)
    with switches(found) as product:
        for (who, relation), some in tried.items():
            with ground.at(who, relation) as places:
                for cell in some:
                    product.refusals()
                    ground.told[cell] = ground.answer(cell, places)
                    by_name[resolved(cell.row, places | ground.places)].append(cell)
                    for number in product.refusals():
                        by_check[found[number].name].append(cell)
        told = {}
        for name, entry in gates():
            with opened(entry):
                told[f"view {name}"] = ground.differs(wanted(f"view {name}", by_name[name]))
        for number, check in enumerate(found):
            with product.without(number):
                told[check.name] = ground.differs(wanted(check.name, by_check[check.name]))
    logging.disable(logging.NOTSET)
    for name, noticing in told.items():
        if name not in NOTICED and name not in DOUBLED:
            print(f"{name}\n    {noticing or 'UNNOTICED'}")
    held = {name for name, by in NOTICED.items() if by.startswith("cell ")}
    print(f"{len(told)} checks, {len(held)} held by cells")
    assert not [f"{name}: not noticed by {NOTICED[name]}" for name in held if not told.get(name)]


def wanted(name: str, some: list[Cell]) -> list[Cell]:
    """The cell that is said to notice; all of them for what stands nowhere."""
    if name in DOUBLED:
        return []
    return [cell for cell in some if NOTICED.get(name, str(cell)) == str(cell)]
