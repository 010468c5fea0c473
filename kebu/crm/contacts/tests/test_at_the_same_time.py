"""Several people at work on the contacts of one customer: its facts and the search index stay true."""

import threading
from collections.abc import Callable

import pytest
from django.db import connections
from django.utils import timezone

from kebu.base.fields.directories import Context
from kebu.base.journal.authors import Author
from kebu.base.journal.choices import Door
from kebu.crm.contacts.actions import add_contact, make_key
from kebu.crm.contacts.models import Contact
from kebu.crm.customers.actions import change_customer
from kebu.crm.customers.models import INDEX, Customer
from kebu.office.staff.models import User
from tests.cast import MakeCustomer

pytestmark = pytest.mark.django_db(transaction=True)
AT_ONCE = 6


def together(actions: list[Callable[[], object]]) -> list[Exception]:
    """Run all at the same moment, each on a connection of its own; returns what went wrong."""
    start, errors = threading.Barrier(len(actions)), list[Exception]()

    def run(action: Callable[[], object]) -> None:
        start.wait()
        try:
            action()
        except Exception as error:  # noqa: BLE001  shown by the test
            errors.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(action,)) for action in actions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return errors


def adding(pk: int, name: str, by: Author) -> Callable[[], Contact]:
    """An action that adds a contact to the customer, as a page does: loaded first, then changed."""

    def add() -> Contact:
        customer = Customer.objects.get(pk=pk)
        return add_contact(customer, {"name": name}, by=by, at=timezone.now(), context=Context())

    return add


def test_contacts_added_at_once_are_all_known(rep: User, make_customer: MakeCustomer) -> None:
    customer, by = make_customer(rep), Author.for_user(rep, Door.PAGE)
    names = [f"联系人{number}" for number in range(AT_ONCE)]
    assert together([adding(customer.pk, name, by) for name in names]) == []
    customer.refresh_from_db()
    assert sorted(customer.contact_names) == names
    assert customer.contacts.filter(is_key=True).count() == 1
    assert all(INDEX.find(name) == [customer.pk] for name in names)


def test_two_new_key_contacts_at_once(rep: User, make_customer: MakeCustomer) -> None:
    customer, by = make_customer(rep), Author.for_user(rep, Door.PAGE)
    made = [adding(customer.pk, f"联系人{number}", by)() for number in range(AT_ONCE)]

    def key(pk: int) -> Callable[[], None]:
        return lambda: make_key(Contact.objects.get(pk=pk), by=by, at=timezone.now())

    assert together([key(contact.pk) for contact in made[1:]]) == []
    customer.refresh_from_db()
    assert [c.with_title for c in customer.contacts.filter(is_key=True)] == [customer.key_contact]


def test_a_contact_added_from_an_old_page_keeps_the_new_name_findable(
    rep: User, mate: User, make_customer: MakeCustomer
) -> None:
    """The page was opened before the customer was renamed and given away."""
    customer, by = make_customer(rep), Author.for_user(rep, Door.PAGE)
    stale, at, context = Customer.objects.get(pk=customer.pk), timezone.now(), Context()
    renamed = {"name": "无锡云舟物流有限公司", "owner": mate.pk}
    change_customer(customer, renamed, version=1, by=by, at=at, context=context)
    add_contact(stale, {"name": "许诺"}, by=by, at=at, context=context)
    assert INDEX.find("云舟", labels=[f"o{mate.pk}"]) == [customer.pk]
    assert INDEX.find("许诺", labels=[f"o{mate.pk}"]) == [customer.pk]
