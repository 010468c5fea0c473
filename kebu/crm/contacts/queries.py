"""Birthdays that fall on the coming days."""

from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple

from kebu.base.fields.choices import Use
from kebu.base.fields.days import born_between
from kebu.base.fields.directories import Context
from kebu.base.kit.birthdays import Birthday
from kebu.crm.contacts.fields import CONTACT_FIELDS
from kebu.crm.contacts.models import ContactQuerySet
from kebu.crm.customers.fields import CUSTOMER_FIELDS
from kebu.crm.customers.models import BORN, CustomerQuerySet

COLUMNS = ("pk", "name", "birthday", "customer__number", "customer__name", "customer__grade")
OF_PERSONS = ("pk", "name", "birthday", "number", "kind", "grade")  # asked in one statement with contacts


class Celebrated(NamedTuple):
    """A person's birthday on a day: whose, at which customer ("" where the customer is the person)."""

    key: str
    name: str
    company: str
    number: str
    grade: str
    birthday: Birthday
    on: date

    @property
    def age(self) -> int | None:
        """Completed years, where the year of birth is known; lunar years are counted otherwise."""
        year = self.birthday.year
        return self.on.year - year if year and not self.birthday.is_lunar else None


def birthdays_between(
    contacts: ContactQuerySet,
    persons: CustomerQuerySet,
    first: date,
    last: date,
    context: Context,
    most: int,
) -> Iterator[Celebrated]:
    """Birthdays of these contacts, and of these customers who are persons, from one day to another, both
    included, as far as the reader may know them: at most ``most`` of each."""
    if CONTACT_FIELDS["birthday"].allows(Use.READ, context):
        yield from (of_contact(row, first) for row in born_contacts(contacts, first, last)[:most])
    if CUSTOMER_FIELDS["birthday"].allows(Use.READ, context):
        yield from (of_person(row, first) for row in born_persons(persons, first, last)[:most])


def born_contacts(contacts: ContactQuerySet, first: date, last: date) -> Any:
    """Of those contacts who has a birthday then, as ``of_contact`` reads them."""
    return contacts.filter(BORN, born_between("birthday", first, last)).order_by().values_list(*COLUMNS)


def born_persons(persons: CustomerQuerySet, first: date, last: date) -> Any:
    """Of those customers who are persons who has a birthday then, as ``of_person`` reads them."""
    return persons.filter(BORN, born_between("birthday", first, last)).order_by().values_list(*OF_PERSONS)


def of_contact(row: tuple[Any, ...], first: date) -> Celebrated:
    """The coming birthday of a contact."""
    pk, name, text, number, company, grade = row
    return _celebrated(f"c{pk}", name, company, number, grade, text, first)


def of_person(row: tuple[Any, ...], first: date) -> Celebrated:
    """The coming birthday of a customer who is a person."""
    _pk, name, text, number, _kind, grade = row
    return _celebrated(number, name, "", number, grade, text, first)


def _celebrated(
    key: str, name: str, company: str, number: str, grade: str, text: str, first: date
) -> Celebrated:
    birthday = Birthday.from_storage(text)
    return Celebrated(key, name, company, number, grade, birthday, birthday.next_on(first))
