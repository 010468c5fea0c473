"""One sentence: what it says is shown while it is typed, and kept only as it was shown."""

import re
from typing import Any

import pytest
from django.test import Client

from kebu.base.access.choices import Permission
from kebu.crm.customers.models import Customer
from kebu.crm.interactions.models import Interaction
from kebu.office.staff.models import User
from tests.cast import ClientOf, MakeCustomer

pytestmark = pytest.mark.django_db
HEARD = {"HX-Request": "true", "HX-Target": "heard"}


@pytest.fixture
def customer(rep: User, make_customer: MakeCustomer) -> Customer:
    people = [{"name": "郑国栋", "title": "采购经理"}, {"name": "蒋雅文", "title": "财务主管"}]
    return make_customer(owner=rep, contacts=people, name="苏州海纳精密机械有限公司")


@pytest.fixture
def client(rep: User, client_of: ClientOf) -> Client:
    return client_of(rep)


def hear(client: Client, text: str, customer: Customer | None = None, **data: Any) -> dict[str, str]:
    url = f"/interactions/heard/?customer={customer.number}" if customer else "/interactions/heard/"
    answer = client.post(url, {"summary": text, **data}, headers=HEARD)
    assert answer.status_code == 200
    return dict(re.findall(r'data-heard="([a-z_]+)" data-value="([^"]*)"', answer.content.decode()))


def test_a_sentence_becomes_chips_and_writes_nothing(
    client: Client, customer: Customer, read_only: Any
) -> None:
    with read_only():
        chips = hear(client, "拜访郑经理，预算50到80万，答应周五前发报价，要产品采购方案", customer)
    assert chips["method"] == "visit"
    assert chips["contact"] == str(customer.contacts.get(name="郑国栋").pk)
    assert chips["heard_budget"] == "50–80万"
    assert chips["our_promise"] == "发报价"
    assert chips["our_promise_on"] == chips["next_follow_up_at"][:10]
    assert chips["heard_marks"] == "need-purchase"
    assert hear(client, "  ", customer) == {}


def test_what_the_chips_say_of_the_customer_is_kept_with_the_record(
    client: Client, customer: Customer
) -> None:
    form = {
        "summary": "预算50到80万", "method": "visit", "status": "ongoing", "submission": "s1",
        "heard_budget": "60万", "heard_marks": ["need-purchase", "need-none"],
    }  # fmt: skip
    answer = client.post(f"/interactions/new/?customer={customer.number}", form, headers=HEARD)
    assert answer.status_code == 200
    customer.refresh_from_db()
    assert [customer.budget_min, customer.budget_max] == [600_000, 600_000]
    assert customer.need_types == ["purchase"]
    assert Interaction.objects.get().summary == "预算50到80万"


def test_the_phone_finds_the_customer_in_the_sentence(client: Client, customer: Customer) -> None:
    text = "海纳精密蒋主管微信，客户答应月底付款"
    answer = client.post("/interactions/heard/", {"summary": text}, headers=HEARD).content.decode()
    assert f'value="{customer.number}" checked' in answer
    chips = hear(client, text)
    form = {"summary": text, "method": "wechat", "customer": customer.number, "submission": "s2"}
    told = {name: chips[name] for name in ("contact", "their_promise", "their_promise_on")}
    assert client.post("/interactions/quick/", form | told).status_code == 302
    made = Interaction.objects.get()
    assert (made.contact, made.their_promise) == (customer.contacts.get(name="蒋雅文"), "付款")
    assert made.their_promise_on is not None


def test_who_may_not_edit_the_customer_is_offered_no_budget(
    customer: Customer, mate: User, client_of: ClientOf
) -> None:
    role = mate.roles.get()
    role.grants = {**role.grants, Permission.CUSTOMER_VIEW: "all", Permission.INTERACTION_CREATE: "all"}
    role.save()
    client = client_of(User.objects.get(pk=mate.pk))
    assert hear(client, "电话，预算30万", customer) == {"method": "phone"}
    form = {
        "summary": "甲",
        "method": "phone",
        "status": "ongoing",
        "submission": "s3",
        "heard_budget": "30万",
    }
    client.post(f"/interactions/new/?customer={customer.number}", form, headers=HEARD)
    customer.refresh_from_db()
    assert customer.budget_max is None
