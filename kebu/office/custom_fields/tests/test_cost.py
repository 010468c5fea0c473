"""Sixty fields cost neither the list nor the customer's page a statement."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from kebu.office.custom_fields.tests.making import made
from kebu.office.staff.models import User
from tests.cast import ClientOf, MakeCustomer

pytestmark = pytest.mark.django_db


def statements(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as seen:
        client.get(address)
    return len(seen)


def test_sixty_fields_cost_no_statement(
    admin: User, client_of: ClientOf, make_customer: MakeCustomer
) -> None:
    customer, client = make_customer(admin), client_of(admin)
    addresses = ("/customers/?view=all", customer.get_absolute_url())
    before = [statements(client, address) for address in addresses]
    rows = [made(f"字段{number}", "number" if number % 2 else "text") for number in range(60)]
    for place in range(20):
        filled = {row.name: 7 if row.value_kind == "number" else "内容" for row in rows[:10]}
        make_customer(admin, name=f"苏州第{place}有限公司", **filled)
    assert [statements(client, address) for address in addresses] == before
