"""Several people at work on the contacts of one customer: its facts and the search index stay true."""

import threading
import time
from collections.abc import Callable

import pytest
from django.db import transaction
from django.utils import timezone

from kebu.base.fields.directories import Context
from kebu.base.journal.authors import Author
from kebu.base.journal.choices import Door
from kebu.crm.contacts.actions import add_contact, make_key
from kebu.crm.contacts.models import Contact
from kebu.crm.customers.actions import change_customer
from kebu.crm.customers.models import INDEX, Customer
from kebu.crm.recycling.actions import discard
from kebu.crm.recycling.registry import TREES
from kebu.office.staff.models import User
from tests.at_once import faults
from tests.cast import ClientOf, MakeCustomer

pytestmark = pytest.mark.django_db(transaction=True)
AT_ONCE = 6
HTMX = {"HX-Request": "true"}


def adding(pk: int, name: str, by: Author) -> Callable[[], Contact]:
    """An action that adds a contact to the customer, as a page does: loaded first, then changed."""

    def add() -> Contact:
        customer = Customer.objects.get(pk=pk)
        return add_contact(customer, {"name": name}, by=by, at=timezone.now(), context=Context())

    return add


def test_contacts_added_at_once_are_all_known(rep: User, make_customer: MakeCustomer) -> None:
    customer, by = make_customer(rep), Author.for_user(rep, Door.PAGE)
    names = [f"联系人{number}" for number in range(AT_ONCE)]
    assert faults([adding(customer.pk, name, by) for name in names]) == []
    customer.refresh_from_db()
    assert sorted(customer.contact_names) == names
    assert customer.contacts.filter(is_key=True).count() == 1
    assert all(INDEX.find(name) == [customer.pk] for name in names)


def test_two_new_key_contacts_at_once(rep: User, make_customer: MakeCustomer) -> None:
    customer, by = make_customer(rep), Author.for_user(rep, Door.PAGE)
    made = [adding(customer.pk, f"联系人{number}", by)() for number in range(AT_ONCE)]

    def key(pk: int) -> Callable[[], None]:
        return lambda: make_key(Contact.objects.get(pk=pk), by=by, at=timezone.now())

    assert faults([key(contact.pk) for contact in made[1:]]) == []
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


def test_who_goes_into_the_bin_meanwhile_is_not_found(
    rep: User, make_customer: MakeCustomer, client_of: ClientOf
) -> None:
    """Told by the page 404, not a fault: the form was sent while somebody deleted the customer."""
    customer, is_gone, answers = make_customer(rep), threading.Event(), list[int]()
    by, at, client = Author.for_user(rep, Door.PAGE), timezone.now(), client_of(rep)
    contact = add_contact(customer, {"name": "魏敬言"}, by=by, at=at, context=Context())

    def throw_away_slowly() -> None:
        with transaction.atomic():
            discard(TREES["customer"], [customer.pk], by=by, at=at)
            is_gone.set()
            time.sleep(0.5)

    def add_meanwhile() -> None:
        is_gone.wait(10)
        sent = {"name": "于澄", "submission": "k1", "version": "1"}
        for path in (f"/contacts/{contact.pk}/edit/", f"/contacts/new/?customer={customer.number}"):
            answers.append(client.post(path, sent, headers=HTMX).status_code)

    assert faults([throw_away_slowly, add_meanwhile]) == []
    assert answers == [404, 404]
    assert not Contact.objects.exists()
