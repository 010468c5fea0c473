"""Who reaches a customer of somebody else: with a share to look or to work, one that ended, none."""

import re
from contextlib import AbstractContextManager, nullcontext
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from kebu.base.fields.directories import Context
from kebu.base.journal.authors import Author
from kebu.base.journal.choices import Door
from kebu.crm.customers.collaborators import Grant, let_in
from kebu.crm.customers.mass_actions import assign_many
from kebu.crm.customers.models import Collaborator, Customer
from kebu.office.staff.models import User
from tests.access.conftest import MakePlaces, Places
from tests.access.test_matrix import FORMS, Guard, Row, attempt, fits, lines_of
from tests.access.test_matrix import rows as all_rows
from tests.cast import ClientOf, MakeUser

pytestmark = [pytest.mark.slow, pytest.mark.django_db]
COLUMNS = ("view", "edit", "kept", "ended", "former")
GONE = ("ended", "former")
PLACE = re.compile(r"{(\w+)}")


@pytest.fixture
def places(rep: User, mate: User, make_places: MakePlaces) -> Places:
    """A customer of `rep` with all that hangs on it; `user` is whom one would give it to."""
    return {**make_places(rep), "user": str(mate.pk)}


@pytest.fixture
def viewers(rep: User, admin: User, places: Places, make_user: MakeUser) -> dict[str, User]:
    """Somebody of another department in each relation to the customer."""
    customer = Customer.objects.get(number=places["customer"])
    by, at, context = Author.for_user(admin, Door.PAGE), timezone.now(), Context()
    people = {name: make_user(name, f"某{name}", "sales", department="销售二部") for name in COLUMNS}
    for name, level in (("view", "view"), ("edit", "edit"), ("ended", "edit")):
        let_in([customer], Grant(people[name].pk, level), by=by, at=at)
    yesterday = timezone.localdate() - timedelta(days=1)
    Collaborator.objects.filter(user=people["ended"]).update(until_on=yesterday)
    book, ids = Customer.objects.all(), [customer.pk]
    for name, keeps in (("former", False), ("kept", True)):
        assign_many(book, ids, people[name].pk, by=by, at=at, context=context)
        assign_many(book, ids, rep.pk, by=by, at=at, context=context, keeps_former=keeps)
    return {name: User.objects.get(pk=user.pk) for name, user in people.items()}


def tried(
    viewer: str, rows: list[tuple[Row, str]], places: Places, user: User, client_of: ClientOf, guard: Guard
) -> list[str]:
    """What went otherwise than expected."""
    client, wrong = client_of(user), []
    for row, expected in rows:
        free: AbstractContextManager[None] = nullcontext()
        got = attempt(client, row, places, free if expected == "ok" else guard())
        if not fits(expected, got):
            wrong.append(f"{row.verb} {row.address}: {got}, not {expected}")
        elif viewer in GONE and got.endswith("secrets"):
            wrong.append(f"{row.verb} {row.address}: tells what {viewer} does not see")
    return wrong


@pytest.mark.parametrize("viewer", [name for name in COLUMNS if name not in GONE])
def test_what_a_share_allows(
    viewer: str, viewers: dict[str, User], places: Places, client_of: ClientOf, read_only: Guard
) -> None:
    rows = [(row, row.expected[viewer]) for row in lines_of(Path(__file__).parent / "sharing.txt")]
    assert not tried(viewer, rows, places, viewers[viewer], client_of, read_only)


@pytest.mark.parametrize("viewer", GONE)
def test_what_is_over_is_over(
    viewer: str, viewers: dict[str, User], places: Places, client_of: ClientOf, read_only: Guard
) -> None:
    """Whose share ended, or whose customer it was, gets what a colleague gets who never saw it."""
    whole = [row for row in all_rows() if all(name in places for name in PLACE.findall(row.address))]
    rows = [(row, row.expected["mate"]) for row in whole if "{" in row.address or row.address in FORMS]
    assert len(rows) > 40
    assert not tried(viewer, rows, places, viewers[viewer], client_of, read_only)
