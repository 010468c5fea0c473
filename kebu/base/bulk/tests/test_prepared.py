"""A prepared query brings what Django's own brings, for every value, in one statement."""

from threading import Thread
from typing import Any

import pytest
from django.db import connections
from django.db.models import BooleanField, ExpressionWrapper, F, Max, QuerySet
from pytest_django import DjangoAssertNumQueries

from kebu.base.bulk.prepared import Fixed, FixedStack, prepared, prepared_values
from kebu.base.journal.choices import Action
from kebu.base.journal.models import JournalEntry
from kebu.crm.customers.models import Customer
from kebu.office.staff.models import Department
from tests.cast import MakeCustomer


@prepared
def latest(customer_id: int, entry_id: int) -> QuerySet[JournalEntry]:
    found = JournalEntry.objects.filter(pk__lte=entry_id, customer_id=customer_id)
    return found.exclude(kind="interaction", action=Action.CREATE).order_by("-pk")[:2]


@pytest.mark.slow
@pytest.mark.django_db
def test_the_same_rows_for_every_value(
    make_customer: MakeCustomer, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    pairs = [(make_customer(name=name).pk, name) for name in ("甲公司", "乙公司")]
    last = JournalEntry.objects.latest("pk").pk
    for pk, name in pairs:
        with django_assert_num_queries(1):
            entries = latest(pk, last)
            told = [(entry.record_name, entry.changes, entry.at) for entry in entries]
        plain = JournalEntry.objects.filter(customer_id=pk).order_by("-pk")[:2]
        assert told == [(entry.record_name, entry.changes, entry.at) for entry in plain]
        assert told[0][0] == name
    assert latest(pairs[0][0], 0) == []


@prepared
def numbered(number: str) -> QuerySet[Any]:
    return Customer.objects.filter(number=number).annotate(
        latest_at=Max("interactions__happened_at"), at=Max("created_at")
    )


@pytest.mark.django_db
def test_keys_may_be_texts_and_annotations_come_along(make_customer: MakeCustomer) -> None:
    customer = make_customer(name="甲公司")
    make_customer(name="乙公司")
    (found,) = numbered(customer.number)
    assert (found, found.name) == (customer, "甲公司")
    assert (found.latest_at, found.at) == (None, Customer.objects.get(pk=customer.pk).created_at)
    assert numbered("' OR 1=1 --") == []


@prepared_values
def told_of(customer_id: int, number: str) -> QuerySet[Customer, tuple[Any, ...]]:
    rows = Customer.objects.filter(pk=customer_id, number=number)
    return rows.values_list("name", "created_at", "tag_ids")


@pytest.mark.django_db
def test_values_come_as_rows_for_every_value(
    make_customer: MakeCustomer, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    one, other = make_customer(name="甲公司"), make_customer(name="乙公司")
    for each in (one, other, one):
        with django_assert_num_queries(1):
            (found,) = told_of(each.pk, each.number)
        assert [*found] == [each.name, each.created_at, each.tag_ids]
    assert told_of(one.pk, other.number) == []


@pytest.mark.django_db
def test_several_are_asked_in_one_statement_and_keep_their_orders(
    make_customer: MakeCustomer, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    columns, live = ("name", "created_at"), Customer.objects.live()
    stack = FixedStack(
        {
            "first": live.order_by("pk").values_list(*columns)[:2],
            "none": live.filter(pk__in=[]).values_list(*columns),
            "last": live.order_by("-pk").values_list(*columns)[:2],
            "empty": live.filter(name="没有").values_list(*columns),
        }
    )
    for name in ("甲公司", "乙公司", "丙公司"):
        make_customer(name=name)
    with django_assert_num_queries(1):
        found = {code: [tuple(row) for row in rows] for code, rows in stack.rows().items()}
    rows = list(live.order_by("pk").values_list(*columns))
    assert found == {"first": rows[:2], "none": [], "last": rows[:0:-1], "empty": []}


class IsOwn(BooleanField):  # type: ignore[type-arg]
    """Whether a value is read by the connection of the thread that asks."""

    def from_db_value(self, value: object, expression: object, connection: Any) -> bool:
        return connection is connections["default"]


def asked() -> QuerySet[Any]:
    return Department.objects.annotate(is_own=ExpressionWrapper(F("id"), IsOwn())).order_by("pk")


@prepared
def known(pk: int) -> QuerySet[Any]:
    return asked().filter(pk__gte=pk)


@pytest.mark.django_db(transaction=True)
def test_each_thread_reads_by_its_own_connection(departments: dict[str, Any]) -> None:
    fixed = Fixed(asked().values_list("is_own"))
    told: list[bool] = []

    def ask() -> None:
        told.extend(row.is_own for row in known(0))
        told.extend(is_own for (is_own,) in fixed.rows())
        connections["default"].close()

    ask()
    for _turn in range(2):
        other = Thread(target=ask)
        other.start()
        other.join()
    assert told == [True] * 6 * len(departments)
