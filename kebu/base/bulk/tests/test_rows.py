"""Many rows are kept as few are: texts that a stream could mistake, times, numbers, JSON, nothing at all."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import DataError, IntegrityError, connection, transaction
from django.utils import timezone

from kebu.base.bulk.fresh import fresh
from kebu.base.bulk.rows import insert_many, write_many
from kebu.base.journal.models import JournalEntry
from kebu.crm.customers.models import Customer
from kebu.crm.key_dates.models import KeyDate
from kebu.office.staff.models import User
from tests.cast import MakeCustomer

pytestmark = pytest.mark.django_db

AWKWARD = ["", "\\N", "a\tb\nc\r\\d", "'引号\"", "\\.", "{1,NULL}", "客簿 𠮷", "%s %% \\x41"]
MOMENT = datetime(1991, 4, 14, 15, 59, 59, 123456, tzinfo=UTC)


def entries(count: int) -> list[JournalEntry]:
    """Unsaved lines, each with another awkward text."""
    return [
        fresh(
            JournalEntry,
            at=MOMENT + timedelta(days=place),
            author_id=None if place % 2 else place,
            author_name="",
            door="page",
            kind="customer",
            record_id=place,
            record_name=AWKWARD[place % len(AWKWARD)],
            action="change",
            version=1,
            changes={"remark": [None, AWKWARD[place % len(AWKWARD)]], "budget": [[1, None], []]},
        )
        for place in range(count)
    ]


@pytest.mark.parametrize("count", [1, 50])
def test_rows_come_back_as_they_were_written(count: int) -> None:
    before = JournalEntry.objects.count()
    rows = entries(count)
    insert_many(rows)
    names = [field.attname for field in JournalEntry._meta.concrete_fields]
    kept = JournalEntry.objects.filter(pk__in=[row.pk for row in rows]).order_by("pk")
    assert list(kept.values(*names)) == [{name: getattr(row, name) for name in names} for row in rows]
    assert [row.pk for row in rows] == sorted({row.pk for row in rows})
    assert JournalEntry.objects.count() == before + count


def test_money_and_days_come_back(rep: User, make_customer: MakeCustomer) -> None:
    customer, now = make_customer(rep), timezone.now()
    told: dict[str, Any] = {
        "customer_id": customer.pk,
        "sort": "payment",
        "created_at": now,
        "updated_at": now,
    }
    rows = [
        fresh(
            KeyDate,
            **told,
            name=f"第{place}期",
            anchor_day=1,
            lead_days=7,
            next_on=date(2027, 1, 1),
            remind_on=date(2026, 12, 25),
            amount=None if place % 3 else Decimal("1234567.89") + place,
        )
        for place in range(40)
    ]
    insert_many(rows)
    kept = {row.pk: (row.amount, row.next_on) for row in KeyDate.objects.filter(customer=customer)}
    assert kept == {row.pk: (row.amount, row.next_on) for row in rows}


@pytest.mark.parametrize("count", [1, 40])
def test_what_the_table_refuses_is_told_in_one_way(count: int) -> None:
    rows = entries(count)
    rows[-1].record_name = None  # type: ignore[assignment]
    with pytest.raises(IntegrityError):
        insert_many(rows)
    assert not JournalEntry.objects.filter(record_name=AWKWARD[1]).exists()


def test_fields_are_written_where_rows_still_are(rep: User, make_customer: MakeCustomer) -> None:
    some, now = [make_customer(rep) for _n in range(4)], timezone.now()
    untouched = Customer.objects.filter(pk=some[3].pk).values().get()
    gone = max(one.pk for one in some) + 1000
    wanted: list[tuple[int, list[int], str, datetime]] = [
        (one.pk, [place] * place, AWKWARD[place + 2], now) for place, one in enumerate(some[:3])
    ]
    names = ("tag_ids", "remark", "updated_at")
    assert write_many(Customer, names, [*wanted, (gone, [], "", now)]) == 3
    kept = Customer.objects.filter(pk__in=[one.pk for one in some[:3]]).order_by("pk")
    assert list(kept.values_list("pk", *names)) == sorted(wanted)
    assert Customer.objects.filter(pk=some[3].pk).values().get() == untouched
    assert write_many(Customer, names, []) == 0


def test_of_a_version_only_the_next_is_written(rep: User, make_customer: MakeCustomer) -> None:
    one, other = make_customer(rep), make_customer(rep)
    told = [(one.pk, "改过", one.version + 1), (other.pk, "改过", other.version + 2)]
    assert write_many(Customer, ("remark", "version"), told) == 1
    kept = Customer.objects.order_by("pk").values_list("remark", "version")
    assert list(kept) == [("改过", one.version + 1), (other.remark, other.version)]


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite keeps texts of any length")
def test_what_is_too_long_is_refused_and_not_cut(rep: User, make_customer: MakeCustomer) -> None:
    one = make_customer(rep)
    with pytest.raises(DataError), transaction.atomic():
        write_many(Customer, ("next_step",), [(one.pk, "长" * 500)])
