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


def test_somebody_unknown_drops_the_contact_chosen_before(client: Client, customer: Customer) -> None:
    chips = hear(client, "昨天拜访张总，预算20万", customer)
    assert (chips["contact"], chips["heard_person"]) == ("", "")
    assert "没有姓张的联系人" in heard_page(client, customer, "昨天拜访张总")
    kept = hear(client, "昨天拜访张总，他答应付款", customer, heard_person="张伟")
    assert kept["heard_person"] == "张伟"
    customer.contacts.filter(name="蒋雅文").update(name="郑雅文")
    page = heard_page(client, customer, "跟郑总通了电话")
    assert "姓郑的不止一位" in page
    assert "heard_person" not in page
    for text in ("下周总结一下", "和对方经理聊了", "工程经理不在", "价格谈好了", "到总部开会"):
        assert "没有姓" not in heard_page(client, customer, text)


def heard_page(client: Client, customer: Customer, text: str) -> str:
    url = f"/interactions/heard/?customer={customer.number}"
    return client.post(url, {"summary": text}, headers=HEARD).content.decode()


@pytest.mark.parametrize("typed", ["张伟", ""])
def test_who_was_met_first_is_made_with_the_record_once_named(
    client: Client, customer: Customer, typed: str
) -> None:
    form = {
        "summary": "拜访张总",
        "method": "visit",
        "submission": "s4",
        "contact": "",
        "heard_person": typed,
    }
    for _again in range(2):
        url = f"/interactions/new/?customer={customer.number}"
        assert client.post(url, form, headers=HEARD).status_code == 200
    made = Interaction.objects.get()
    assert (made.contact.name if made.contact else "") == typed
    assert customer.contacts.count() == (3 if typed else 2)
    back = client.post(url, {**form, "summary": "", "submission": "s5"}, headers=HEARD)
    assert ('name="heard_person" value="张伟"' in back.content.decode()) is bool(typed)


def test_who_may_add_no_contacts_is_not_asked_for_one(
    customer: Customer, rep: User, client_of: ClientOf
) -> None:
    role = rep.roles.get()
    role.grants = {name: reach for name, reach in role.grants.items() if name != Permission.CONTACT_CREATE}
    role.save()
    client = client_of(User.objects.get(pk=rep.pk))
    assert "heard_person" not in hear(client, "拜访张总", customer)
    form = {"summary": "拜访张总", "method": "visit", "submission": "s6", "heard_person": "张伟"}
    assert (
        client.post(f"/interactions/new/?customer={customer.number}", form, headers=HEARD).status_code == 200
    )
    assert customer.contacts.count() == 2
    assert Interaction.objects.get().contact is None
