"""Whom one is likely to log a follow-up for."""

import re
from datetime import date

from kebu.base.access.choices import Permission
from kebu.base.access.queries import search_labels
from kebu.base.kit.dates import day_bounds
from kebu.crm.customers.models import INDEX, Customer
from kebu.crm.customers.queries import numbers_for
from kebu.crm.interactions.pressing import Candidate, Moment, moment_of, pressing
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
    return _filled_up(user, due)


def _filled_up(user: User, due: list[Customer]) -> list[Customer]:
    """With those I spoke to last, and then the newest, as many as are shown."""
    if len(due) >= LIKELY:
        return due[:LIKELY]
    mine = Customer.objects.owned_by(user).live()
    known = {customer.pk for customer in due}
    last = mine.exclude(last_contact_at=None).order_by("-last_contact_at", "-id")[: LIKELY * 2]
    newest = mine.order_by("-id")[:LIKELY]
    for customer in [*last, *newest]:
        if customer.pk not in known:
            known.add(customer.pk)
            due.append(customer)
    return due[:LIKELY]


def likely_candidates(user: User, today: date) -> list[Candidate]:
    """Mine of whom something is due, as the desk tells it: a next follow-up, a plan, a promise; what is due
    first at the top. Then those I spoke to last."""
    mine, until = Customer.objects.owned_by(user).live(), day_bounds(today)[1]
    pressed = pressing(user, today, MOST)
    due = list(mine.filter(next_follow_up_at__lt=until).order_by("next_follow_up_at", "id")[:LIKELY])
    known = {customer.pk for customer in due}
    also = [key for key in pressed if key not in known][:LIKELY]
    due += mine.filter(pk__in=also) if also else []

    def first(one: Customer) -> Moment | None:
        stands = one.next_follow_up_at
        days = [day for day in (stands, pressed.get(one.pk)) if day is not None]
        return min(days, key=moment_of, default=None)

    due.sort(key=lambda one: (moment_of(first(one) or today), one.pk))
    return [Candidate(one.number, one.name, first(one)) for one in _filled_up(user, due)]


def found_customers(
    user: User, query: str, right: Permission = Permission.INTERACTION_CREATE
) -> list[Customer]:
    """Customers that match and with whom the user may do that, the newest first."""
    labels = search_labels(user, right)
    labels = labels if labels is None or len(labels) <= MANY_OWNERS else None
    mine = Customer.objects.within(user, right).live()
    return INDEX.newest(mine, query, labels, MOST, numbers_for(user))


LEADING = re.compile(
    r"^(?:[\s，,。]|今天|昨天|前天|刚才|刚刚|刚|上午|下午|早上|晚上|中午|给|跟|和|与|去了?|到了?|在|拜访了?|走访了?|联系了?|约了?|打电话给?|电话|微信|打给|回访了?)+"
)
SHORTEST, LONGEST_NAME = 2, 10
FEW = 5


def named_customers(user: User, text: str) -> list[Customer]:
    """Customers whose name, or a contact's, the sentence begins with, behind a few words: the longest piece
    that is found counts."""
    for segment in re.split(r"[，,。；;：:\s]+", text.strip())[:2]:
        name = LEADING.sub("", segment)[:LONGEST_NAME]
        for size in range(len(name), SHORTEST - 1, -1):
            found = found_customers(user, name[:size])
            if 0 < len(found) <= FEW:
                return found
    return []
