"""Doubles while typing: seen ones with a link, hidden ones with their owner's name alone."""

import pytest
from django.db import connection

from kebu.crm.contacts.models import Contact
from kebu.crm.customers.models import Customer
from kebu.exchange.dedupe.queries import _has_phone
from kebu.office.staff.models import User
from tests.cast import ClientOf, MakeCustomer

pytestmark = pytest.mark.django_db


def shown(user: User, client_of: ClientOf, **params: str) -> str:
    answer = client_of(user).post("/duplicates/", params)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.fixture
def known(rep: User, make_customer: MakeCustomer) -> None:
    contact = {"name": "王磊", "phone": "+8613912345678"}
    make_customer(owner=rep, name="苏州澄岳精密有限责任公司", phone="+8651262850917", contacts=[contact])


@pytest.mark.usefixtures("known")
@pytest.mark.parametrize(
    "params",
    [
        {"name": "苏州 澄岳精密有限公司"},
        {"phone": "0512-6285 0917"},
        {"phone": "139 1234 5678"},
        {"name": "苏州澄岳精密"},
    ],
)
def test_my_own_is_named(rep: User, client_of: ClientOf, params: dict[str, str]) -> None:
    text = shown(rep, client_of, **params)
    assert "苏州澄岳精密有限责任公司" in text
    assert "/customers/CUS" in text


@pytest.mark.usefixtures("known")
def test_another_ones_tells_only_the_owner(outsider: User, client_of: ClientOf) -> None:
    text = shown(outsider, client_of, name="苏州澄岳精密有限公司")
    assert "已存在，负责人周慕白" in text
    assert "有限责任公司" not in text
    assert "CUS" not in text


@pytest.mark.usefixtures("known")
def test_similar_names_of_others_are_not_told(outsider: User, client_of: ClientOf) -> None:
    assert shown(outsider, client_of, name="苏州澄岳精密").strip() == ""


@pytest.mark.parametrize("params", [{}, {"name": ""}, {"phone": "12"}, {"phone": "a" * 500}])
def test_nothing_to_compare(rep: User, client_of: ClientOf, params: dict[str, str]) -> None:
    assert shown(rep, client_of, **params).strip() == ""


def test_only_who_creates_customers(auditor: User, client_of: ClientOf) -> None:
    assert client_of(auditor).post("/duplicates/", {"name": "苏州澄岳"}).status_code == 403


def test_phones_are_looked_up_in_their_index() -> None:
    """Without it every chunk of an import reads the whole table."""
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL chooses by the size of the table, which is empty here")
    for model, index in ((Customer, "customer_phone"), (Contact, "contact_phone")):
        assert f"USING INDEX {index}" in model.objects.filter(_has_phone(["+8613800138000"])).explain()
