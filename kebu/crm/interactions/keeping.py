"""What a follow-up brings besides the record: each form that logs one keeps it here."""

from datetime import datetime
from typing import Any

from django.http import QueryDict

from kebu.base.fields.directories import Context
from kebu.base.journal.authors import Author
from kebu.base.kit.errors import Unreadable
from kebu.crm.contacts.actions import add_contact
from kebu.crm.contacts.models import Contact
from kebu.crm.customers.actions import change_customer
from kebu.crm.customers.models import Customer
from kebu.crm.interactions.concluding import concluder
from kebu.crm.interactions.forms import InteractionForm
from kebu.crm.interactions.hearing import BUDGET, MARKS, PERSON, Chip, Hearer
from kebu.office.staff.models import User

LONGEST, MOST = 40, 30


def told_of(data: QueryDict) -> tuple[str, list[str]]:
    """The budget and the marks of the chips that were left standing under the sentence."""
    return data.get(BUDGET, "").replace("\x00", "").strip()[:LONGEST], data.getlist(MARKS)[:MOST]


def name_told(data: QueryDict) -> str:
    """The name typed for somebody who is no contact yet."""
    return data.get(PERSON, "").replace("\x00", "").strip()[:LONGEST]


def meet(
    customer: Customer, data: QueryDict, user: User, *, by: Author, at: datetime, context: Context
) -> Contact | None:
    """The contact of that name, made if there is none; in the caller's transaction."""
    name = name_told(data)
    if not name or not Hearer(user, customer, [], context).may_meet():
        return None
    stands = customer.contacts.filter(name=name).first()
    return stands or add_contact(customer, {"name": name}, by=by, at=at, context=context)


def keep_heard(
    customer: Customer, data: QueryDict, user: User, *, by: Author, at: datetime, context: Context
) -> None:
    """Change of the customer itself what the chips say, in the caller's transaction."""
    budget, marks = told_of(data)
    if not budget and not marks:
        return
    try:
        heard = Hearer(user, customer, [], context).changes(budget, marks)
    except Unreadable:
        return
    if heard:
        customer.refresh_from_db()
        told: dict[str, Any] = {"by": by, "at": at, "context": context}
        change_customer(customer, heard, version=customer.version, **told)


def heard_again(customer: Customer, data: QueryDict, user: User, context: Context) -> list[Chip]:
    """The chips that no field of the form holds, as a form that comes back shows them: what was typed into
    them stands, what was taken away stays away."""
    budget, marks = told_of(data)
    hearer, name = Hearer(user, customer, [], context), name_told(data)
    met = [hearer.newcomer(name)] if name and hearer.may_meet() else []
    return [*met, *hearer.standing(budget, marks)] if budget or marks else met


def keep_standing(
    form: InteractionForm, customer: Customer, user: User, *, by: Author, at: datetime, context: Context
) -> None:
    """Make a plan of the next step that the follow-up replaces, in the caller's transaction."""
    if to_keep := form.to_keep:
        concluder().keep(to_keep, customer, user, by=by, at=at, context=context)
        customer.refresh_from_db()
