"""What can be looked at: a field of a customer, of a contact, or what an entry of the journal keeps."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.urls import reverse

from kebu.base.access.choices import FieldRule, Permission
from kebu.base.access.queries import demand, get_visible
from kebu.base.fields.directories import Context
from kebu.base.fields.fieldsets import FIELD_SETS, Field, rule_for
from kebu.base.fields.formats import Email, Phone
from kebu.base.journal.models import JournalEntry
from kebu.crm.contacts.fields import CONTACT_FIELDS
from kebu.crm.contacts.models import Contact
from kebu.crm.customers.fields import CUSTOMER_FIELDS
from kebu.crm.customers.models import Customer
from kebu.front.audit.queries import visible_entries
from kebu.front.reveals.actions import Look
from kebu.office.staff.models import User


@dataclass(frozen=True, slots=True)
class Sight:
    """A masked value that this user may look at: what the journal will say, and what he will see."""

    look: Look
    field: Field
    values: tuple[Any, ...]
    back: str

    @property
    def target(self) -> str:
        """The element that shows it masked."""
        kind, _dot, name = self.look.key.partition(".")
        if self.look.entry_id:
            return f"masked-entry-{self.look.entry_id}-{name}"
        return f"masked-{kind}-{self.look.record_id}-{name}"

    @property
    def phone(self) -> str:
        """The number to dial, "" of anything else."""
        return str(self.values[-1]) if isinstance(self.field.kind, Phone) and len(self.values) == 1 else ""

    @property
    def email(self) -> str:
        """The address to write to, "" of anything else."""
        return str(self.values[-1]) if isinstance(self.field.kind, Email) and len(self.values) == 1 else ""

    def texts(self) -> list[str]:
        """The values in full."""
        context = Context()
        return [self.field.kind.show(value, context) for value in self.values]


def of_customer(user: User, number: str, name: str) -> Sight:
    """A field of a customer: 404 when he does not see it, 403 beyond the reach of his right."""
    customer = get_visible(Customer.objects.all(), user, number=number)
    demand(user, Permission.CUSTOMER_REVEAL, customer)
    item = _masked(CUSTOMER_FIELDS, name, user)
    look = Look(item.key, customer.pk, customer.name, customer.pk)
    return _filled(Sight(look, item, (item.value(customer),), customer.get_absolute_url()))


def of_contact(user: User, pk: int, name: str) -> Sight:
    """A field of a contact; its customer decides."""
    contact = get_visible(Contact.objects.select_related("customer"), user, pk=pk)
    demand(user, Permission.CUSTOMER_REVEAL, contact.customer)
    item = _masked(CONTACT_FIELDS, name, user)
    look = Look(item.key, contact.pk, contact.name, contact.customer_id)
    return _filled(Sight(look, item, (item.value(contact),), contact.customer.get_absolute_url()))


def of_entry(user: User, pk: int, name: str) -> Sight:
    """What an entry keeps of a field, before and after; who sees the customer needs the right there too."""
    entry = visible_entries(user).filter(pk=pk).first()
    if entry is None or entry.kind not in FIELD_SETS or name not in entry.changes:
        raise Http404
    item = _masked(FIELD_SETS[entry.kind], name, user)
    if user.can(Permission.CUSTOMER_VIEW):
        _demand_at(user, entry)
    look = Look(item.key, entry.record_id, entry.record_name, entry.customer_id, entry.pk)
    values = tuple(item.kind.from_json(stored) for stored in entry.changes[name])
    return _filled(Sight(look, item, values, reverse("audit:list")))


def _demand_at(user: User, entry: JournalEntry) -> None:
    customer = Customer.objects.filter(pk=entry.customer_id or 0).first()
    if customer is not None:
        demand(user, Permission.CUSTOMER_REVEAL, customer)
    elif user.owner_ids(Permission.CUSTOMER_REVEAL) is not None:
        raise PermissionDenied


def _masked(fields: Mapping[str, Field], name: str, user: User) -> Field:
    """The field, if masked for this user: what is open needs no look, what is hidden does not exist."""
    item = fields.get(name)
    if item is None or rule_for(user, item) is not FieldRule.MASKED:
        raise Http404
    return item


def _filled(sight: Sight) -> Sight:
    if all(sight.field.is_empty(value) for value in sight.values):
        raise Http404
    return sight
