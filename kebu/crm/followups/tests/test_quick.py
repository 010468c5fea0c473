"""The phone's sheet knows what is due of a customer: its plans and contacts come when it is picked."""

import json
import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from kebu.crm.customers.models import Customer
from kebu.crm.followups.completing import complete
from kebu.crm.followups.models import Plan
from kebu.crm.followups.tests.cast import given, hand, morning
from kebu.crm.interactions.models import Interaction
from kebu.crm.promises.models import Promise
from kebu.office.staff.models import User
from tests.cast import ClientOf, MakeCustomer

pytestmark = pytest.mark.django_db
SHEET = {"HX-Request": "true", "HX-Target": "sheet"}
HEARD = {"HX-Request": "true", "HX-Target": "heard"}


@pytest.fixture
def customer(rep: User, make_customer: MakeCustomer) -> Customer:
    return make_customer(owner=rep, contacts=[{"name": "郑国栋"}, {"name": "魏敬言"}])


@pytest.fixture
def client(rep: User, client_of: ClientOf) -> Client:
    return client_of(rep)


def pick(client: Client, customer: Customer, **values: str) -> str:
    """What the sheet hears when a customer is tapped."""
    form = {"customer": customer.number, "summary": "", "about": "", **values}
    answer = client.post("/interactions/heard/", form, headers=HEARD)
    assert answer.status_code == 200
    return answer.content.decode()


def save(client: Client, customer: Customer, **values: Any) -> Any:
    number = customer.number
    form = {"summary": "同意试样", "method": "phone", "customer": number, "about": number, "submission": "q1"}
    return client.post("/interactions/quick/", {**form, "place": "sheet", **values}, headers=SHEET)


def test_picking_a_customer_brings_its_plans_and_contacts(
    rep: User, client: Client, customer: Customer, make_customer: MakeCustomer, read_only: Any
) -> None:
    plan, bare = given(rep, customer, 0), make_customer(owner=rep)
    with read_only():
        page = pick(client, customer)
        again = pick(client, customer, about=customer.number)
        other = pick(client, bare, about=customer.number)
    assert 'id="about" hx-swap-oob="true"' in page
    assert f'name="about" value="{customer.number}"' in page
    assert re.search(rf'name="ended" value="{plan.pk}:1"[^>]* checked', page)
    assert "魏敬言" in page
    assert "about" not in again  # what was chosen there stands
    assert "魏敬言" not in other
    assert 'name="ended"' not in other


def test_the_sheet_completes_a_plan_once_and_takes_it_back(
    rep: User, client: Client, customer: Customer
) -> None:
    plan, who = given(rep, customer, 0), customer.contacts.get(name="魏敬言")
    answers = [save(client, customer, ended=f"{plan.pk}:1", contact=str(who.pk)) for _again in range(2)]
    assert [answer.status_code for answer in answers] == [204, 204]
    undo = json.loads(answers[0]["HX-Trigger"])["toast"]["undo"]
    plan.refresh_from_db()
    made = Interaction.objects.get()
    assert (plan.status, plan.interaction, made.contact) == ("done", made, who)
    assert client.post(undo, headers=SHEET).status_code == 204
    assert Plan.objects.get(pk=plan.pk).is_open
    assert not Interaction.objects.exists()


def test_what_was_chosen_for_another_customer_is_not_meant(
    rep: User, client: Client, customer: Customer, make_customer: MakeCustomer
) -> None:
    plan, other = given(rep, customer, 0), make_customer(owner=rep)
    answer = save(client, other, about=customer.number, ended=f"{plan.pk}:1")
    assert answer.status_code == 204
    assert Plan.objects.get().is_open
    assert Interaction.objects.get().customer == other


def test_a_plan_that_ended_meanwhile_keeps_the_text(rep: User, client: Client, customer: Customer) -> None:
    plan = given(rep, customer, 0)
    complete(Plan.objects.get(), version=1, **hand(rep))
    answer = save(client, customer, ended=f"{plan.pk}:1", heard_budget="20万")
    page = answer.content.decode()
    assert answer.status_code == 409
    for text in ("没有保存", "同意试样", 'value="20万"', f'value="{customer.number}" checked'):
        assert text in page
    assert not Interaction.objects.exists()


def test_who_is_due_on_the_desk_is_suggested_first(
    rep: User, client: Client, customer: Customer, make_customer: MakeCustomer
) -> None:
    quiet, called = make_customer(owner=rep, name="海纳精密"), make_customer(owner=rep, name="博维橡塑")
    given(rep, customer, 0, starts_at=morning(-2), due_at=morning(-1))
    Customer.objects.filter(pk=customer.pk).update(next_follow_up_at=None)
    told = Interaction.objects.create(
        customer=called, author=rep, summary="谈了", method="phone", happened_at=timezone.now(),
        our_promise="寄样", created_at=timezone.now(), updated_at=timezone.now(),
    )  # fmt: skip
    late = timezone.localdate() - timedelta(days=5)
    Promise.objects.create(
        customer=called, interaction=told, side="ours", text="寄样", made_on=late, due_on=late,
        responsible=rep, created_at=timezone.now(), updated_at=timezone.now(),
    )  # fmt: skip
    page = client.get("/interactions/quick/", headers=SHEET).content.decode()
    rows = re.findall(r'name="customer" value="([^"]+)".*?</label>', page)
    assert rows == [called.number, customer.number, quiet.number]
    first, second, last = re.findall(r'class="k-choice-row">.*?</label>', page)
    assert "逾期5天" in first
    assert "逾期2天" in second
    assert "<small>" not in last


def test_a_search_that_leaves_one_brings_its_plans(rep: User, client: Client, customer: Customer) -> None:
    plan, target = given(rep, customer, 0), {"HX-Request": "true", "HX-Target": "choices"}
    one = client.get(f"/interactions/quick/?q={customer.number}", headers=target).content.decode()
    assert f'name="ended" value="{plan.pk}:1"' in one
    none = client.get("/interactions/quick/?q=没有这家", headers=target).content.decode()
    assert '<div id="about" hx-swap-oob="true"></div>' in none


def test_statements(
    rep: User, client: Client, customer: Customer, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    given(rep, customer, 0)
    with django_assert_max_num_queries(15):
        pick(client, customer, summary="电话，预算20万")
    with django_assert_max_num_queries(15):
        client.get("/interactions/quick/", headers=SHEET)
