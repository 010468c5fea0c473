"""The customers beside one in the list it was opened from."""

from typing import Any
from urllib.parse import quote

import pytest

from kebu.base.fields.directories import Context
from kebu.crm.customers.facets import SORTED_FIRST as SORTS
from kebu.crm.customers.models import Customer
from kebu.crm.customers.neighbours import neighbours
from kebu.office.staff.models import User
from tests.cast import ClientOf, MakeCustomer

pytestmark = pytest.mark.django_db


def beside(user: User, text: str, customer: Customer) -> list[str]:
    found = neighbours(user, text, Customer.objects.get(pk=customer.pk), Context())
    assert found is not None
    return [one.name if one else "" for one in (found.before, found.after)]


@pytest.mark.slow
@pytest.mark.parametrize("sort", [sign + name for name in SORTS for sign in ("", "-")])
def test_walking_meets_the_rows_of_the_list_in_order(
    sort: str, rep: User, client_of: ClientOf, make_customer: MakeCustomer
) -> None:
    for number in range(5):
        some = {"grade": "AB"[number % 2], "industry": "C34", "customer_type": "won"}
        make_customer(rep, name=f"客户{number}", **(some if number % 3 else {}))
    client = client_of(rep)
    rows = client.get(f"/customers/?view=mine&sort={sort}").context["rows"]
    walked, url = [], rows[0].url
    while url:
        page = client.get(url)
        walked.append(page.context["customer"].pk)
        beside = page.context["beside"]
        url = beside.after_url
    assert walked == [row.id for row in rows]


def test_only_the_list_asked_for(rep: User, mate: User, manager: User, make_customer: MakeCustomer) -> None:
    first = make_customer(rep, name="阿一", grade="A", customer_type="won")
    make_customer(rep, name="阿二", grade="B")
    last = make_customer(mate, name="阿三", grade="A")
    assert beside(manager, "view=team&sort=number", first) == ["", "阿二"]
    assert sorted(beside(manager, "view=team&grade=A&sort=name", first)) == ["", "阿三"]
    assert beside(rep, "view=mine&grade=A", first) == ["", ""]  # the mate's stays hidden
    assert beside(manager, "view=team&grade=A&industry=量子", last) == ["", ""]


def test_its_place_counts_when_it_left_the_list(rep: User, make_customer: MakeCustomer) -> None:
    one, two, three = (make_customer(rep, name=f"客户{n}", grade="A") for n in "123")
    Customer.objects.filter(pk=two.pk).update(grade="C")
    assert beside(rep, "view=mine&grade=A&sort=number", two) == [one.name, three.name]


def test_a_statement_for_each_side(
    rep: User, make_customer: MakeCustomer, django_assert_max_num_queries: Any
) -> None:
    customers = [make_customer(rep, name=f"客户{n}", grade="A") for n in range(5)]
    context = Context()
    neighbours(rep, "view=mine&grade=A&sort=name", customers[2], context)
    with django_assert_max_num_queries(3):  # one more finds the few who fulfil the conditions
        neighbours(rep, "view=mine&grade=A&sort=name", customers[2], context)


def test_without_a_list_there_are_none_and_nothing_fails(
    rep: User, client_of: ClientOf, make_customer: MakeCustomer
) -> None:
    customer = make_customer(rep)
    client, address = client_of(rep), customer.get_absolute_url()
    assert 'rel="next"' not in client.get(address).content.decode()
    for text in ("", "x", "view=none&sort=-", "q=" + "张" * 900, "grade=Z&owner=x", "a" * 3000, "q=NUMBER"):
        assert client.get(f"{address}?list={quote(text)}").status_code == 200, text


def test_row_links_carry_the_list(rep: User, client_of: ClientOf, make_customer: MakeCustomer) -> None:
    customer = make_customer(rep, name="NUMBER公司")
    url = client_of(rep).get("/customers/?q=NUMBER&sort=name").context["rows"][0].url
    assert url == customer.get_absolute_url() + "?list=view%3Dmine%26q%3DNUMBER%26sort%3Dname&at=1"
    page = client_of(rep).get(url).content.decode()
    assert f'href="/customers/?view=mine&amp;q=NUMBER&amp;sort=name#customer-{customer.number}"' in page
