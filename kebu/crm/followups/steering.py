"""How plans move the customer's next follow-up. Those of rules leave it alone.

A plan pulls it to its start when it comes earlier, or when nothing is planned. When the plan that stands
there goes or moves, the next open one takes its place.
"""

from datetime import datetime
from typing import Any

from kebu.base.fields.directories import Context
from kebu.base.journal.authors import Author
from kebu.crm.customers.actions import change_customer
from kebu.crm.customers.models import Customer
from kebu.crm.followups.models import Plan
from kebu.crm.followups.queries import next_of


def pull(plan: Plan, *, by: Author, at: datetime, context: Context) -> None:
    """A plan came, or comes earlier than before; its customer is held by the caller."""
    customer = plan.customer
    if customer is None or not plan.steers:
        return
    stands = customer.next_follow_up_at
    if stands is None or plan.starts_at < stands:
        _follow(customer, plan, by=by, at=at, context=context)


def let_go(plan: Plan, stood: datetime, *, by: Author, at: datetime, context: Context) -> None:
    """A plan that stood at that time has ended or moved; its customer is held by the caller."""
    customer = plan.customer
    if customer is None or not plan.steers:
        return
    if customer.next_follow_up_at == stood:
        _follow(customer, next_of(customer.pk), by=by, at=at, context=context)
    elif plan.is_open:
        pull(plan, by=by, at=at, context=context)


def _follow(customer: Customer, plan: Plan | None, *, by: Author, at: datetime, context: Context) -> None:
    values: dict[str, Any] = {"next_follow_up_at": None, "next_step": ""}
    if plan is not None:
        values = {"next_follow_up_at": plan.starts_at, "next_step": plan.goal}
    change_customer(customer, values, version=customer.version, by=by, at=at, context=context)


def fill(plan: Plan, *, by: Author, at: datetime, context: Context) -> None:
    """Where nothing is planned for the plan's customer, its next open plan is what comes next."""
    customer = plan.customer
    if customer is not None and customer.next_follow_up_at is None and (following := next_of(customer.pk)):
        _follow(customer, following, by=by, at=at, context=context)
