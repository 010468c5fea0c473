"""Whom one is likely to log a follow-up for."""

from datetime import date

from kebu.base.access.choices import Permission
from kebu.base.access.queries import search_labels
from kebu.base.kit.dates import day_bounds
from kebu.crm.customers.models import INDEX, Customer
from kebu.crm.customers.queries import numbers_for
from kebu.office.staff.models import User

MOST = 8
LIKELY = 5  # with the line below them they fill a phone's screen
MANY_OWNERS = 10


def likely_customers(user: User, today: date) -> list[Customer]:
    """Mine that are due first, then those I spoke to last."""
    mine = Customer.objects.owned_by(user).live()
    due = list(
        mine.filter(next_follow_up_at__lt=day_bounds(today)[1]).order_by("next_follow_up_at", "id")[:LIKELY]
    )
    known = {customer.pk for customer in due}
    last = mine.exclude(last_contact_at=None).order_by("-last_contact_at", "-id")[: LIKELY * 2]
    newest = mine.order_by("-id")[:LIKELY]
    for customer in [*last, *newest]:
        if customer.pk not in known:
            known.add(customer.pk)
            due.append(customer)
    return due[:LIKELY]


def found_customers(
    user: User, query: str, right: Permission = Permission.INTERACTION_CREATE
) -> list[Customer]:
    """Customers that match and with whom the user may do that, the newest first."""
    labels = search_labels(user, right)
    labels = labels if labels is None or len(labels) <= MANY_OWNERS else None
    mine = Customer.objects.within(user, right).live()
    return INDEX.newest(mine, query, labels, MOST, numbers_for(user))
