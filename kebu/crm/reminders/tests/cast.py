"""What the tests of reminders share."""

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from kebu.base.jobs.models import Job
from kebu.base.jobs.registry import KINDS, learn
from kebu.crm.customers.models import Customer
from kebu.crm.reminders.models import Mark
from kebu.office.notices.models import Notice
from kebu.office.staff.models import User


def go(kind: str = "reminders.due") -> dict[str, Any]:
    """One round of reminders, as a worker does it."""
    learn()
    job = Job.objects.enqueue(kind)
    found = Job.objects.filter(pk=job.pk)
    found.update(state="running", lease_holder="t", lease_until=timezone.now() + timedelta(minutes=1))
    job = found.get()
    result = KINDS[kind].function(job, lambda: None)
    job.finish(result, at=timezone.now())
    return dict(result or {})


def read_up_to(name: str, at: datetime) -> None:
    """As if the last round had been then."""
    Mark.objects.update_or_create(name=name, defaults={"at": at})


def told(user: User, kind: str = "") -> list[str]:
    """The titles of somebody's notices of a kind, the first first."""
    found = Notice.objects.filter(user=user, kind__startswith=f"reminders.{kind}").order_by("id")
    return list(found.values_list("title", flat=True))


def put(customer: Customer, **columns: Any) -> None:
    """Give a customer these columns, past all rules."""
    Customer.objects.filter(pk=customer.pk).update(**columns)
