"""People whose record, or whose customer, lies in the recycle bin: found by name, erased like everybody else;
and whoever a restored backup brought back, wherever he lies."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from kebu.base.access.queries import Viewer
from kebu.base.journal.authors import Author
from kebu.crm.contacts.models import Contact
from kebu.crm.customers.models import Customer
from kebu.crm.recycling.actions import discard, purge, restore
from kebu.crm.recycling.models import Discarded, DiscardedQuerySet
from kebu.crm.recycling.packing import Parcel, unpacked
from kebu.crm.recycling.registry import TREES
from kebu.front.privacy import register
from kebu.front.privacy.erasing import NAMELESS, Tally, erase_gone, erase_person
from kebu.front.privacy.people import Person

CONTACTS, CUSTOMERS = "contacts.Contact", "customers.Customer"
MOST = 50  # parcels opened for one search


@dataclass(frozen=True, slots=True)
class Binned:
    """A person in the bin: the parcel he lies in, and his record as it was."""

    item: Discarded
    person: Person

    @property
    def place(self) -> str:
        """His customer's name, "" when he is it himself."""
        return self.item.customer_name if self.person.contact else ""


def people_in(items: Iterable[Discarded]) -> Iterator[Binned]:
    """Everybody in these parcels."""
    for item in items:
        rows = dict(Parcel.of(item.payload).rows)
        own = [unpacked(CUSTOMERS, row) for row in rows.get(CUSTOMERS, ())]
        stub = Customer(pk=item.customer_id, number=item.number, name=item.customer_name)
        for customer in own:
            if isinstance(customer, Customer) and customer.is_person:
                yield Binned(item, Person(customer, None))
        for contact in (unpacked(CONTACTS, row) for row in rows.get(CONTACTS, ())):
            if isinstance(contact, Contact):
                yield Binned(item, Person(stub, contact))


def parcels() -> DiscardedQuerySet:
    """What of the bin may hold people, the latest first."""
    return Discarded.objects.filter(kind__in=("customer", "contact")).order_by("-id")


def named(text: str, user: Viewer) -> list[Binned]:
    """People in the bin whose name holds the text, of customers that the user sees."""
    mine = parcels().visible_to(user)
    found = mine.filter(payload__contains=json.dumps(text, ensure_ascii=False)[1:-1])[:MOST]
    return [one for one in people_in(found) if text in one.person.record.name]


def in_parcel(pk: int, key: str, user: Viewer) -> Binned | None:
    """The person of this key in this parcel, if the user sees the customer."""
    found = people_in(parcels().visible_to(user).filter(pk=pk))
    return next((one for one in found if one.person.key == key), None)


def of_record(kind: str, record_id: int) -> Binned | None:
    """The person behind a record that lies in the bin."""
    table = CUSTOMERS if kind == "customer" else CONTACTS
    found = parcels().filter(payload__contains=table)
    if kind == "customer":
        found = found.filter(kind=kind, record_id=record_id)
    else:
        found = found.filter(payload__contains=f'"id": {record_id},')
    everybody = people_in(found)
    return next(
        (one for one in everybody if (one.person.kind, one.person.record.pk) == (kind, record_id)), None
    )


@transaction.atomic
def erase_binned(found: Binned, *, by: Author, at: datetime, reason: str) -> Tally:
    """Take out what he lies in, erase him as if he had never been deleted, put the rest back as it lay."""
    customers = Discarded.objects.filter(kind="customer", record_id=found.item.customer_id)
    lying = {"deleted_at", "deleted_by_id", "batch"}
    before = customers.values(*lying).first()
    items = list(Discarded.objects.filter(pk=found.item.pk).exclude(kind="customer"))
    if not restore(customers, by=by, at=at).records and not _is_there(found.item.customer_id):
        purge(items, by=by, at=at)  # his customer is gone for good: nothing but the parcel holds him
        return erase_gone(found.person, by=by, at=at, reason=reason)
    restore(items, by=by, at=at)
    customer = Customer.objects.get(pk=found.item.customer_id)
    contact = Contact.objects.get(pk=found.person.contact.pk) if found.person.contact else None
    tally = erase_person(Person(customer, contact), by=by, at=at, reason=reason)
    if before is not None:
        discard(TREES["customer"], [customer.pk], by=by, at=at)
        customers.update(**before)
    return tally


def _is_there(customer_id: int) -> bool:
    return Customer.objects.filter(pk=customer_id).exists()


def erase_again(*, by: Author, at: datetime) -> int:
    """Erase whom a restored backup brought back; count them."""
    count, why, wanted = 0, "恢复备份后，按登记再次清除", list(register.lines())
    lying = _lying() if wanted else frozenset()
    for line in wanted:
        if person := _brought_back(line):
            erase_person(person, by=by, at=at, reason=why)
            count += 1
        elif (line.kind, line.id) in lying:
            found = of_record(line.kind, line.id)
            if found and _is_same(found.person, line):
                erase_binned(found, by=by, at=at, reason=why)
                count += 1
    return count


def _lying() -> frozenset[tuple[str, int]]:
    """Everybody in the bin, by the kind and number of his record: the bin is gone through once."""
    everybody = people_in(parcels().iterator(100))
    return frozenset((one.person.kind, one.person.record.pk or 0) for one in everybody)


def _brought_back(line: register.Erased) -> Person | None:
    if line.kind == "contact":
        contact = Contact.objects.select_related("customer").filter(pk=line.id).first()
        found = Person(contact.customer, contact) if contact else None
    else:
        customer = Customer.objects.filter(pk=line.id).first()
        found = Person(customer, None) if customer else None
    return found if found and _is_same(found, line) else None


def _is_same(person: Person, line: register.Erased) -> bool:
    """Not another record of the same number, nor the empty one that an erasure left."""
    return person.record.created_at.isoformat() == line.born and person.record.name != NAMELESS
