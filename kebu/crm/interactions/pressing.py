"""What presses at somebody's own customers besides their next follow-ups: rooms above tell it, so that the
sheet of the phone suggests whom the desk shows."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import NamedTuple

from kebu.base.kit.dates import day_bounds
from kebu.crm.customers.models import Customer
from kebu.office.staff.models import User

Moment = date | datetime


class Pressing(NamedTuple):
    """Something due of that customer, until today at the latest, and when it is."""

    customer_id: int
    due_at: Moment


class Candidate(NamedTuple):
    """A customer to log a follow-up for, with what is due of it first."""

    number: str
    name: str
    due_at: Moment | None


Source = Callable[[User, date, int], Sequence[Pressing]]
_SOURCES: list[Source] = []


def register(source: Source) -> None:
    """Let a room tell what presses: the first so many of a user's, what is due first at the top."""
    if source not in _SOURCES:
        _SOURCES.append(source)


def pressing(user: User, today: date, most: int) -> dict[int, Moment]:
    """When the first thing is due of each customer, by the customer's key."""
    found = [one for source in _SOURCES for one in source(user, today, most)]
    first: dict[int, Moment] = {}
    for one in sorted(found, key=lambda one: moment_of(one.due_at)):
        first.setdefault(one.customer_id, one.due_at)
    return first


def moment_of(due: Moment) -> datetime:
    """A day begins when it does."""
    return due if isinstance(due, datetime) else day_bounds(due)[0]


def candidates(customers: Sequence[Customer]) -> list[Candidate]:
    """Customers that were looked for, with their next follow-up."""
    return [Candidate(one.number, one.name, one.next_follow_up_at) for one in customers]
