"""A person whose data is kept: a contact, or a customer of kind 个人, behind one address."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.http import Http404

from kebu.base.access.queries import Viewer, get_visible
from kebu.base.fields.fieldsets import Field, FieldSet
from kebu.base.kit.phones import format_phone
from kebu.base.kit.text import whole_number
from kebu.crm.contacts.fields import CONTACT_FIELDS
from kebu.crm.contacts.models import Contact
from kebu.crm.customers.choices import CustomerKind
from kebu.crm.customers.fields import CUSTOMER_FIELDS
from kebu.crm.customers.models import Customer

CONTACT = "contact-"
SHORTEST = 2  # letters of a name that can be looked for in texts


@dataclass(frozen=True, slots=True)
class Person:
    """One person; ``contact`` is None when the customer himself is it."""

    customer: Customer
    contact: Contact | None

    @property
    def record(self) -> Customer | Contact:
        return self.contact or self.customer

    @property
    def key(self) -> str:
        """How addresses name him."""
        return f"{CONTACT}{self.contact.pk}" if self.contact else self.customer.number

    @property
    def kind(self) -> str:
        """The kind of record, as the journal calls it."""
        return self.fields.kind

    @property
    def fields(self) -> FieldSet:
        return CONTACT_FIELDS if self.contact else CUSTOMER_FIELDS

    @property
    def personal_fields(self) -> list[Field]:
        """The fields that say something about him."""
        return [item for item in self.fields.values() if item.purpose or item.name == "name"]

    def words(self) -> tuple[str, ...]:
        """What he can be recognised by in texts, longest first."""
        record = self.record
        found = {record.name, record.email, record.wechat, *_spellings(record.phone)}
        return tuple(sorted((word for word in found if len(word) >= SHORTEST), key=len, reverse=True))


def _spellings(phone: str) -> Iterator[str]:
    """The ways a phone number may stand in a text."""
    if not phone:
        return
    yield from (phone, format_phone(phone), format_phone(phone).replace(" ", ""))
    yield phone.removeprefix("+86")
    yield phone.partition(";")[0].removeprefix("+86")


def people_named(text: str, user: Viewer) -> Iterator[Person]:
    """Those whose name holds the text, of customers that the user sees."""
    contacts = Contact.objects.visible_to(user).filter(name__contains=text).select_related("customer")
    yield from (Person(contact.customer, contact) for contact in contacts.order_by("name", "pk").iterator(50))
    customers = Customer.objects.visible_to(user).filter(kind=CustomerKind.PERSON, name__contains=text)
    yield from (Person(customer, None) for customer in customers.order_by("name", "pk").iterator(50))


def find_person(key: str, user: Viewer) -> Person:
    """The person behind an address, if ``user`` sees the customer; else 404."""
    if key.startswith(CONTACT):
        pk = whole_number(key.removeprefix(CONTACT))
        contacts = Contact.objects.select_related("customer")
        contact = get_visible(contacts, user, pk=pk or 0)
        return Person(contact.customer, contact)
    customer = get_visible(Customer.objects.all(), user, number=key)
    if not customer.is_person:
        raise Http404
    return Person(customer, None)
