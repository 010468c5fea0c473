"""What inputs offer while somebody types: long lists that are searched, regions."""

import pytest
from django import forms

from kebu.base.fields.directories import Context, Directory, Entry
from kebu.base.ui.finders import FEW, Finder, spoken
from kebu.crm.customers.fields import CUSTOMER_FIELDS
from kebu.office.staff.models import User
from tests.cast import ClientOf

pytestmark = pytest.mark.django_db


def test_a_long_list_is_searched_by_its_words(rep: User) -> None:
    widget = CUSTOMER_FIELDS["industry"].kind.widget(Context())
    drawn = widget.render("industry", "C14", {"id": "id_industry"})
    assert isinstance(widget, Finder)
    assert 'data-finder id="id_industry"' in drawn
    assert 'data-words="shi pin zhi zao ye|食品业 shi pin ye|' in drawn


def test_a_short_list_stays_a_plain_one(rep: User) -> None:
    widget = CUSTOMER_FIELDS["stage"].kind.widget(Context())
    assert type(widget) is forms.Select


def test_owners_are_found_by_their_surname_as_it_is_read() -> None:
    directory = Directory(tuple(Entry(n, "单雄信", code=f"u{n}", is_person=True) for n in range(FEW + 1)))
    assert directory.spoken["3"] == "shan xiong xin"
    assert spoken("单雄信") != "shan xiong xin"


def test_regions_are_offered_to_everybody_who_is_signed_in(rep: User, client_of: ClientOf) -> None:
    answer = client_of(rep).get("/fields/regions/?q=szks")
    assert answer.json() == {"items": ["江苏省-苏州市-昆山市"]}
    assert client_of(rep).get("/fields/regions/?q=bj").json()["items"][0] == "北京市"
    assert client_of(rep).get("/fields/regions/?q=' %22<").json() == {"items": []}
