"""Masked numbers are not read by importing the neighbouring ones."""

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from kebu.base.journal.choices import Action
from kebu.base.journal.models import JournalEntry
from kebu.crm.customers.models import Customer
from kebu.exchange.imports.models import Import
from kebu.exchange.imports.tests.sheets import taken
from kebu.front.reveals.models import RevealCount
from kebu.office.staff.models import User
from tests.cast import ClientOf, MakeCustomer, MakeUser

pytestmark = pytest.mark.django_db
NUMBER = "1381234567{}"


@pytest.fixture
def marketer(make_user: MakeUser) -> User:
    """Sees every customer, and of numbers their outline."""
    return make_user("fang", "方见山", "marketing")


@pytest.fixture
def customers(rep: User, make_customer: MakeCustomer, settings: Any) -> list[Customer]:
    settings.KEBU_REVEAL_QUOTA = 2
    return [
        make_customer(rep, name=f"昆山云栖{place}号有限公司", phone=f"+86{NUMBER.format(place)}")
        for place in range(4)
    ]


def tried(client: Client, folder: Path, *places: int) -> Import:
    """A file that tries these numbers under names nobody has."""
    return taken(client, folder, [[f"试探{place}有限公司", NUMBER.format(place)] for place in places])


def looks(user: User) -> list[int]:
    found = JournalEntry.objects.filter(action=Action.REVEAL, author_id=user.pk).order_by("id")
    return list(found.values_list("record_id", flat=True))


def test_each_number_found_counts_as_a_look(
    marketer: User, customers: list[Customer], client_of: ClientOf, tmp_path: Path
) -> None:
    client = client_of(marketer)
    known = taken(client, tmp_path, [[customers[3].name, NUMBER.format(3)]])  # its name says it all
    assert known.rows.get().match_id == customers[3].pk
    assert looks(marketer) == []
    assert tried(client, tmp_path, 0, 7, 8).rows.filter(match_id=customers[0].pk).count() == 1
    tried(client, tmp_path, 9, 0)  # found today already
    assert looks(marketer) == [customers[0].pk]
    assert RevealCount.objects.get().count == 1


def test_beyond_the_quota_the_check_stops_and_says_nothing(
    marketer: User, customers: list[Customer], client_of: ClientOf, tmp_path: Path
) -> None:
    client = client_of(marketer)
    stopped = tried(client, tmp_path, 0, 1, 2, 7)
    assert (stopped.state, stopped.rows.count(), looks(marketer)) == ("checking", 0, [])
    page = client.get(f"/imports/{stopped.pk}/").content.decode()
    assert "每人每天2个" in page
    again = tried(client, tmp_path, 1)  # one alone tells nothing more today
    assert (again.state, again.rows.count()) == ("checking", 0)
    assert tried(client, tmp_path, 7).state == "checked"
    told = JournalEntry.objects.filter(action=Action.DENY, author_id=marketer.pk)
    assert set(told.values_list("record_name", flat=True)) == {"导入核对脱敏的号码超过每天2个"}


def test_corrections_are_no_way_round(
    marketer: User, customers: list[Customer], client_of: ClientOf, tmp_path: Path
) -> None:
    client = client_of(marketer)
    source = tried(client, tmp_path, 0, 1, 7)
    row = source.rows.get(number=4)
    answer = client.post(f"/imports/{source.pk}/corrections/", {"cell-4-1": NUMBER.format(2)})
    assert answer.status_code == 302
    assert "每人每天2个" in client.get(f"/imports/{source.pk}/").content.decode()
    row.refresh_from_db()
    assert (row.match_id, row.cells[1]) == (None, NUMBER.format(7))
    assert len(looks(marketer)) == 2


def test_who_sees_the_numbers_is_not_counted(
    manager: User, customers: list[Customer], client_of: ClientOf, tmp_path: Path
) -> None:
    assert tried(client_of(manager), tmp_path, 0, 1, 2, 3).rows.filter(is_double=True).count() == 4
    assert looks(manager) == []
