"""PostgreSQL keeps statements of one shape, and nothing else; whoever watches statements sees them."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from kebu.base.bulk.prepared import Fixed, prepared
from kebu.crm.customers.models import Customer
from tests.cast import MakeCustomer

on_postgresql = pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite keeps them by itself")
KEPT = "SELECT statement, generic_plans + custom_plans FROM pg_prepared_statements WHERE statement LIKE %s"


@prepared
def named(name: str, pk: int) -> QuerySet[Customer]:
    since = timezone.now() - timedelta(days=1)
    return Customer.objects.filter(name=name, pk__lte=pk, created_at__gte=since, custom={}).order_by("pk")


def kept() -> list[Any]:
    """What the connection keeps of statements about customers, and how often each was asked."""
    with connection.cursor() as cursor:
        cursor.execute(KEPT, ['%FROM "customers_customer"%'])
        found: list[Any] = cursor.fetchall()
    return found


@on_postgresql
@pytest.mark.django_db
def test_kept_and_seen_by_who_watches(
    make_customer: MakeCustomer, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    customer = make_customer(name="甲公司")
    fixed = Fixed(Customer.objects.filter(name="甲公司").values_list("pk"))
    with django_assert_num_queries(1) as told:
        assert named("甲公司", customer.pk) == [customer]
    assert "甲公司" in told.captured_queries[0]["sql"]
    seen: list[str] = []

    def watch(execute: Any, sql: str, *rest: Any) -> Any:
        seen.append(sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(watch):
        assert named("甲公司", customer.pk) == [customer]
    assert len(seen) == 1
    for _turn in range(2):
        assert named("甲公司", customer.pk) == [customer]
        assert fixed.rows() == [(customer.pk,)]
        list(Customer.objects.filter(name="甲公司"))
    assert sorted((count, "甲公司" in statement) for statement, count in kept()) == [(2, True), (3, False)]


@on_postgresql
@pytest.mark.django_db
def test_not_behind_a_pooler(make_customer: MakeCustomer, monkeypatch: pytest.MonkeyPatch) -> None:
    customer = make_customer(name="甲公司")
    connection.ensure_connection()
    monkeypatch.setattr(connection.connection, "prepare_threshold", None)
    assert [named("甲公司", customer.pk) for _turn in range(3)] == [[customer]] * 3
    assert kept() == []
