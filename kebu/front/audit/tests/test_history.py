"""The history of one customer, field by field."""

from typing import Any

import pytest
from django.utils import timezone

from kebu.base.fields.directories import Context
from kebu.base.journal.authors import Author
from kebu.base.journal.choices import Door
from kebu.base.journal.models import JournalEntry
from kebu.crm.contacts.actions import change_contact
from kebu.crm.customers.actions import change_customer, verify
from kebu.crm.customers.mass_edit import COLUMNS, Wish, change_many
from kebu.crm.customers.models import Customer
from kebu.office.staff.models import User
from tests.cast import ClientOf, MakeCustomer

pytestmark = pytest.mark.django_db


def change(customer: Customer, by: User, **values: Any) -> None:
    author = Author.for_user(by, Door.PAGE)
    change_customer(
        customer, values, version=customer.version, by=author, at=timezone.now(), context=Context()
    )


def test_everything_that_hangs_on_the_customer(
    rep: User, make_customer: MakeCustomer, client_of: ClientOf
) -> None:
    customer = make_customer(rep, [{"name": "王砺峰", "phone": "+8613912345678"}], name="苏州澄岳有限公司")
    other = make_customer(rep, name="别的客户有限公司")
    change(customer, rep, remark="只收承兑")
    change(other, rep, remark="别人的备注")
    contact = customer.contacts.get()
    author = Author.for_user(rep, Door.PAGE)
    change_contact(
        contact, {"title": "总监"}, version=contact.version, by=author, at=timezone.now(), context=Context()
    )
    page = client_of(rep).get(f"/customers/{customer.number}/history/").content.decode()
    for words in ("新建客户", "新建联系人", "联系人变更", "王砺峰", "只收承兑", "总监"):
        assert words in page
    assert "别人的备注" not in page


def test_what_follows_a_change_of_many_is_not_told(
    rep: User, mate: User, make_customer: MakeCustomer, client_of: ClientOf
) -> None:
    customer = make_customer(mate, name="苏州澄岳有限公司")
    owned = [Wish(row, {"owner": rep.pk}) for row in Customer.objects.filter(pk=customer.pk)]
    change_many(owned, by=Author.for_user(mate, Door.PAGE), at=timezone.now(), context=Context())
    assert COLUMNS in JournalEntry.objects.filter(kind="customer").latest("pk").changes
    client = client_of(rep)
    for path in ("history/", ""):
        page = client.get(f"/customers/{customer.number}/{path}").content.decode()
        assert "分配" in page
        assert "&#x27;assigned_at" not in page


def test_one_field(rep: User, make_customer: MakeCustomer, client_of: ClientOf) -> None:
    customer = make_customer(rep, remark="最初")
    change(customer, rep, remark="后来", address="苏州工业园区")
    change(customer, rep, address="昆山")
    verify(customer, "phone", is_verified=True, by=Author.for_user(rep, Door.PAGE), at=timezone.now())
    client, base = client_of(rep), f"/customers/{customer.number}/history/"
    page = client.get(f"{base}?field=customer.remark")
    assert [[(p.before, p.after) for p in c.pairs] for c in page.context["changes"]] == [
        [("最初", "后来")],
        [("", "最初")],
    ]
    assert "昆山" not in page.content.decode()
    assert "已核实" in client.get(f"{base}?field=customer.phone").content.decode()
    assert len(client.get(f"{base}?field=customer.nonsense").context["changes"]) == 4


def test_the_timeline_leads_there(rep: User, make_customer: MakeCustomer, client_of: ClientOf) -> None:
    customer = make_customer(rep)
    page = client_of(rep).get(f"{customer.get_absolute_url()}?show=changes").content.decode()
    assert f"/customers/{customer.number}/history/" in page


def test_hidden_customers_have_no_history(
    rep: User, outsider: User, make_customer: MakeCustomer, client_of: ClientOf
) -> None:
    customer = make_customer(rep)
    assert client_of(outsider).get(f"/customers/{customer.number}/history/").status_code == 404
