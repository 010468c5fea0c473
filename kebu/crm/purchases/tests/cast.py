"""Purchases for tests."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from kebu.crm.customers.models import Customer
from kebu.crm.purchases.growth import Rule
from kebu.crm.purchases.models import Purchase, Rise


def day(days: int) -> date:
    """So many days from today."""
    return timezone.localdate() + timedelta(days=days)


def bought(customer: Customer, days_ago: int, amount: Any = None, **values: Any) -> Purchase:
    """A purchase so many days ago, written past all rules."""
    at = timezone.now()
    row = Purchase(customer=customer, bought_on=day(-days_ago), created_at=at, updated_at=at)
    row.amount = None if amount is None else Decimal(amount)
    for name, value in {"what": "季度耗材", **values}.items():
        setattr(row, name, value)
    row.save(force_insert=True)
    return row


def risen(customer: Customer, days_ago: int = 0, **values: Any) -> Rise:
    """That a customer bought for 52.4万元 within 90 days, and for 40万元 before."""
    at, told = timezone.now() - timedelta(days=days_ago), {"measure": "amount", "now": Decimal(524_000)}
    told |= {"before": Decimal(400_000), **Rule()._asdict(), **values}
    return Rise.objects.create(
        customer=customer, found_on=day(-days_ago), created_at=at, updated_at=at, **told
    )
