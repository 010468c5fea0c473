"""Whose birthday is near, among what one remembers before a call."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from kebu.base.fields.choices import Use
from kebu.base.fields.directories import Context
from kebu.base.kit.birthdays import Birthday
from kebu.crm.contacts.fields import CONTACT_FIELDS
from kebu.crm.contacts.models import Contact
from kebu.crm.customers.fields import CUSTOMER_FIELDS
from kebu.crm.customers.models import Customer

SOON = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Reminder:
    """One line of 通话前一分钟; ``is_due`` says that the day is when it must be done."""

    label: str
    text: str
    day: date | None = None
    is_due: bool = False


def birthdays_near(customer: Customer, contacts: Iterable[Contact], context: Context) -> list[Reminder]:
    """The birthdays of the coming month that the reader may know of."""
    is_seen = CONTACT_FIELDS["birthday"].allows(Use.READ, context)
    people = [(contact.name, contact.birthday) for contact in contacts] if is_seen else []
    if customer.is_person and CUSTOMER_FIELDS["birthday"].allows(Use.READ, context):
        people.append((customer.name, customer.birthday))
    near = []
    for name, text in people:
        day = Birthday.from_storage(text).next_on(context.today) if text else None
        if day and day <= context.today + SOON:
            near.append(Reminder(_("记着"), _("%(name)s生日") % {"name": name}, day))
    return near
