"""Customers in the pool."""

from datetime import datetime

from django.utils import timezone

from kebu.base.fields.directories import Context
from kebu.base.journal.authors import Author
from kebu.base.journal.choices import Door
from kebu.crm.customers.models import Customer
from kebu.crm.pool.actions import release
from kebu.crm.pool.models import PoolEntry, PoolPolicy
from kebu.office.staff.models import User


def give_back(
    customer: Customer, by: User, reason: str = "暂时没有需求", at: datetime | None = None
) -> PoolEntry:
    """The customer, given back to the pool by that user."""
    author, now = Author.for_user(by, Door.PAGE), at or timezone.now()
    release(Customer.objects.all(), [customer.pk], reason, by=author, at=now, context=Context())
    return PoolEntry.objects.open().get(customer=customer)


def limit(**values: int | None) -> None:
    """Set the office's limits; those not named are none."""
    now = timezone.now()
    told = {"most_held": None, "most_a_day": None, "cooling_days": 0} | values
    PoolPolicy.objects.update_or_create(pk=1, defaults={**told, "created_at": now, "updated_at": now})
