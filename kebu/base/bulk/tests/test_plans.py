"""Advice about indexes reaches the SQL, or the tests hear of it."""

import pytest
from django.db import connection
from django.utils import timezone

from kebu.base.bulk.plans import Unadvised, advised, order_index, read_along, rows_along
from kebu.crm.customers.models import Customer
from tests.cast import MakeCustomer

INDEX = "customer_found"
pytestmark = pytest.mark.skipif(connection.vendor != "sqlite", reason="only SQLite is advised")


@pytest.mark.django_db
def test_the_index_is_named(make_customer: MakeCustomer) -> None:
    customer = make_customer()
    rows = Customer.objects.filter(pk=customer.pk).values_list("pk")
    sql, _params = rows.query.sql_with_params()
    assert f'INDEXED BY "{INDEX}" WHERE' in advised(sql, rows, INDEX)


def test_advice_that_goes_nowhere_is_told() -> None:
    rows = Customer.objects.values_list("pk")
    with pytest.raises(Unadvised, match=INDEX):
        advised("SELECT 1 FROM elsewhere ", rows, INDEX)


def test_in_use_it_costs_nothing_but_time() -> None:
    sql = "SELECT 1 FROM elsewhere "
    with pytest.warns(Unadvised):
        assert advised(sql, Customer.objects.values_list("pk"), INDEX).startswith(sql)


def test_a_table_may_end_the_sql() -> None:
    rows = Customer.objects.order_by().values_list("pk")
    sql, _params = rows.query.sql_with_params()
    assert advised(sql, rows, INDEX).rstrip().endswith(f'INDEXED BY "{INDEX}"')


@pytest.mark.django_db
def test_what_is_read_along_is_what_fulfils(make_customer: MakeCustomer) -> None:
    customer = make_customer()
    rows = Customer.objects.filter(pk__in=[customer.pk]).order_by().values_list("pk")
    assert read_along(rows, INDEX) == [(customer.pk,)]


@pytest.mark.django_db
def test_rows_in_an_order_are_read_along_its_index(make_customer: MakeCustomer) -> None:
    customer = make_customer(next_follow_up_at=timezone.now())
    index = order_index(Customer, "next_follow_up_at")
    rows = Customer.objects.live().order_by("next_follow_up_at", "pk").only("next_follow_up_at")
    (found,) = rows_along(rows[:1], index)
    assert index == "customer_next"
    assert (found.pk, found.next_follow_up_at) == (customer.pk, customer.next_follow_up_at)
    assert order_index(Customer, "owner_id") == "customer_owner"
    assert order_index(Customer, "remark") == ""
    assert list(rows_along(rows.none(), index)) == []
    assert list(rows_along(rows, "")) == [customer]
