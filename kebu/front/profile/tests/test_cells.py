"""Editing in a cell of the list: the same door as on the customer's page, in the table's shape."""

import json
from typing import Any

import pytest
from django.test import Client

from kebu.crm.customers.models import Customer
from kebu.office.staff.models import User
from tests.cast import ClientOf, MakeCustomer

pytestmark = pytest.mark.django_db


@pytest.fixture
def customer(rep: User, make_customer: MakeCustomer) -> Customer:
    return make_customer(rep, grade="B")


def cell(client: Client, customer: Customer, name: str, value: str | None = None, **more: Any) -> Any:
    """What the list asks for: the form of a cell, or that it be saved."""
    url = f"{customer.get_absolute_url()}field/{name}/"
    headers = {
        "HX-Request": "true",
        "HX-Target": f"cell-{customer.number}-{name}",
        "X-Cells": "grade,stage,customer_type,region",
    }
    if value is None:
        return client.get(url, headers=headers)
    return client.post(url, {name: value, "version": customer.version, **more}, headers=headers)


def test_a_cell_is_edited_saved_and_taken_back(rep: User, client_of: ClientOf, customer: Customer) -> None:
    client = client_of(rep)
    form = cell(client, customer, "grade").content.decode()
    assert 'hx-target="closest td" hx-swap="innerHTML"' in form
    assert "标为待沟通确认" not in form  # marks belong to the page
    answer = cell(client, customer, "grade", "A")
    assert answer.content.decode().strip() == (
        '<span class="k-grade" data-grade="A"><span class="k-sr">客户分级</span>A</span>'
    )
    told = json.loads(answer["HX-Trigger"])
    assert "customer-changed" not in told  # the row stays where it is while the next cell is typed in
    assert told["row-changed"] == {"number": customer.number}
    undone = client.post(told["toast"]["undo"], headers={"HX-Request": "true"})
    assert undone.status_code == 204
    assert "customer-changed" in undone["HX-Trigger"]
    assert Customer.objects.get().grade == "B"


def test_what_follows_comes_along_where_it_is_shown(
    rep: User, client_of: ClientOf, customer: Customer
) -> None:
    client = client_of(rep)
    answer = cell(client, customer, "address", "苏州市吴中区临湖路118号").content.decode()
    assert f'<div hx-swap-oob="innerHTML:#cell-{customer.number}-region">江苏苏州吴中' in answer
    assert "macro_region" not in answer  # not a column now
    customer.refresh_from_db()
    renamed = cell(client, customer, "name", "海纳<b>有限公司")
    assert "海纳&lt;b&gt;有限公司</a>" in renamed.content.decode()
    assert "customer-changed" in json.loads(renamed["HX-Trigger"])


def test_wrong_and_overtaken_keep_what_was_typed_in_the_cell(
    rep: User, client_of: ClientOf, customer: Customer
) -> None:
    client = client_of(rep)
    wrong = cell(client, customer, "potential_score", "300")
    assert wrong.status_code == 422
    assert wrong.content.decode().startswith("<form ")
    stale = Customer.objects.get()
    cell(client, customer, "grade", "C")
    clash = cell(client, stale, "grade", "A")
    text = clash.content.decode()
    assert clash.status_code == 409
    assert text.startswith("<form ")
    assert all(f"<dt>{word}</dt>" in text for word in ("我的", "现在", "原来"))
    now = client.get(
        f"{customer.get_absolute_url()}field/grade/?shown=1",
        headers={"HX-Request": "true", "HX-Target": f"cell-{customer.number}-grade"},
    )
    assert 'data-grade="C"' in now.content.decode()
    assert "<dd" not in now.content.decode()


def test_nobody_edits_what_is_not_his(
    manager: User, outsider: User, client_of: ClientOf, customer: Customer
) -> None:
    assert cell(client_of(manager), customer, "grade", "A").status_code == 403
    assert cell(client_of(outsider), customer, "grade", "A").status_code == 404
    assert Customer.objects.get().grade == "B"
