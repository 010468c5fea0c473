"""Key dates for tests."""

from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from kebu.crm.customers.models import Customer
from kebu.crm.key_dates.models import KeyDate

LONG_AGO = timedelta(days=90)


def day(days: int) -> date:
    """So many days from today."""
    return timezone.localdate() + timedelta(days=days)


def key_date(customer: Customer, next_on: date, **values: Any) -> KeyDate:
    """A contract that ends on that day, thirty days of which one knows before; kept long ago."""
    at = timezone.now() - LONG_AGO
    told = {"name": "年度框架合同", "sort": "contract", "lead_days": 30, **values}
    row = KeyDate(customer=customer, next_on=next_on, created_at=at, updated_at=at, **told)
    row.derive()
    row.save()
    return row
