"""Each right by itself: who has all others everywhere, and this one over his own customers, is refused."""

import pytest
from django.test import Client

from kebu.base.access.choices import Permission
from kebu.office.staff.models import Role
from tests.access.conftest import Places
from tests.access.oracle import doors
from tests.access.test_matrix import Guard, Row, attempt
from tests.cast import ClientOf, MakeUser

pytestmark = [pytest.mark.slow, pytest.mark.django_db]
EVERYTHING = {one.value: "all" for one in Permission}


@pytest.fixture
def reader(make_user: MakeUser) -> Role:
    user = make_user("quan", "全知")
    role = Role.objects.create(name="几乎什么都能", grants=EVERYTHING)
    user.roles.set([role])
    return role


def test_every_door_asks_the_right_it_says(
    reader: Role, places: Places, client_of: ClientOf, read_only: Guard
) -> None:
    client: Client = client_of(reader.users.get())
    wrong = []
    for right in (one for one in Permission if one.is_scoped and one != Permission.CUSTOMER_VIEW):
        reader.grants = EVERYTHING | {right.value: "own"}
        reader.save()
        for door in doors():
            if door.right.rstrip("!") == right:
                got = attempt(client, Row(door.verb, door.address, {}), places, read_only())
                if got != door.odd.get("403", "403"):
                    wrong.append(f"{door.verb} {door.address} with {right} over his own: {got}")
    assert not wrong, "\n".join(wrong)
