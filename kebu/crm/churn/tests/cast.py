"""Customers that draw back, for tests."""

from datetime import datetime, timedelta

from django.utils import timezone

from kebu.crm.churn.choices import Sign
from kebu.crm.churn.models import ChurnWarning
from kebu.crm.churn.signs import Rules, Signal
from kebu.crm.customers.models import Customer
from kebu.crm.interactions.models import Interaction


def talked(customer: Customer, *days_ago: int) -> None:
    """Talks so many days ago, brought in as a history."""
    now = timezone.now()
    for days in days_ago:
        at = now - timedelta(days=days)
        Interaction.objects.create(
            customer=customer, happened_at=at, summary="聊过", created_at=at, updated_at=at
        )


def warned(customer: Customer, at: datetime | None = None, **values: object) -> ChurnWarning:
    """A warning as the night would have left it."""
    at = at or timezone.now()
    row = ChurnWarning(customer=customer, opened_at=at, created_at=at, updated_at=at)
    row.take([Signal(Sign.TALKS, {"usual": 6.0, "recent": 1})], Rules())
    for name, value in {"risk": "warn", "score": 3, **values}.items():
        setattr(row, name, value)
    row.save(force_insert=True)
    return row
