"""Which key dates a reader looks at."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from django.db.models import DecimalField, Q, Sum, Value
from django.db.models.functions import Coalesce

from kebu.crm.key_dates.choices import GROUPS, Group
from kebu.crm.key_dates.models import KeyDate, KeyDateQuerySet

OF_CUSTOMER = 50  # open ones that its page shows


def open_of(customer_id: int) -> list[KeyDate]:
    """The open key dates of a customer, the next first."""
    rows = KeyDate.objects.open().filter(customer_id=customer_id)
    return list(rows.order_by("next_on", "id")[:OF_CUSTOMER])


def of_group(rows: KeyDateQuerySet, group: Group) -> KeyDateQuerySet:
    """Those of one group of sorts."""
    return rows.filter(sort__in=GROUPS[group])


class Outstanding(NamedTuple):
    """What is still to be paid, and how much of it is late, in 元."""

    all: Decimal
    late: Decimal


def outstanding(rows: KeyDateQuerySet, today: date) -> Outstanding:
    """The sums of open payments."""
    nothing = Value(Decimal(0), DecimalField())
    late = Coalesce(Sum("amount", filter=Q(next_on__lt=today)), nothing)
    return Outstanding(**rows.aggregate(all=Coalesce(Sum("amount"), nothing), late=late))


class Falling(NamedTuple):
    """A key date on one of the days it falls on; only its next one is the row's own."""

    row: KeyDate
    on: date

    @property
    def is_next(self) -> bool:
        return self.on == self.row.next_on


def falling_between(rows: Iterable[KeyDate], first: date, last: date) -> list[Falling]:
    """Every day from one to another, both included, on which one of them falls, in the order of the days."""
    found = [Falling(row, day) for row in rows for day in row.days_between(first, last)]
    return sorted(found, key=lambda one: (one.on, one.row.pk))
