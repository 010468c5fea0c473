"""Contacts: added once, changed with care, seen by whoever sees the customer."""

from typing import Any

import pytest
from django.test import Client

from kebu.base.journal.models import JournalEntry
from kebu.crm.contacts.models import Contact
from kebu.crm.customers.models import INDEX, Customer
from kebu.office.staff.models import User
from tests.cast import ClientOf, MakeCustomer

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true", "HX-Target": "sheet"}


@pytest.fixture
def customer(rep: User, make_customer: MakeCustomer) -> Customer:
    return make_customer(owner=rep, contacts=[{"name": "郑国栋", "title": "采购经理"}])


@pytest.fixture
def contact(customer: Customer) -> Contact:
    return customer.contacts.get()


def form(contact: Contact, **changes: Any) -> dict[str, Any]:
    return {"name": contact.name, "title": contact.title, "version": contact.version, **changes}


def add(client: Client, customer: Customer, **values: Any) -> Any:
    return client.post(
        f"/contacts/new/?customer={customer.number}", {"submission": "k1", **values}, headers=HTMX
    )


def test_added_contact_is_found_and_journalled(rep: User, client_of: ClientOf, customer: Customer) -> None:
    answer = add(client_of(rep), customer, name="单桂静", phone="139 1234 5678", birthday="农历八月十五")
    assert answer.status_code == 204
    assert {"contact-saved", "sheet-close"} <= set(__import__("json").loads(answer.headers["HX-Trigger"]))
    person = Contact.objects.get(name="单桂静")
    assert (person.phone, person.birthday, person.is_key) == ("+8613912345678", "L--08-15", False)
    assert INDEX.find("shangui") == [customer.pk]
    assert JournalEntry.objects.filter(kind="contact", record_id=person.pk, action="create").exists()


def test_the_same_submission_counts_once(rep: User, client_of: ClientOf, customer: Customer) -> None:
    for _ in range(3):
        assert add(client_of(rep), customer, name="单桂静").status_code == 204
    assert customer.contacts.count() == 2


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"name": ""}, "姓名必须填写"),
        ({"name": "王", "phone": "1391234"}, "手机号"),
        ({"name": "王", "birthday": "昨天"}, "生日"),
        ({"name": "长" * 100}, "太长了"),
    ],
)
def test_bad_input_comes_back_with_the_remedy(
    rep: User, client_of: ClientOf, customer: Customer, values: dict[str, str], message: str
) -> None:
    answer = add(client_of(rep), customer, **values)
    assert (answer.status_code, customer.contacts.count()) == (422, 1)
    assert message in answer.content.decode()


def test_change_and_conflict(rep: User, client_of: ClientOf, contact: Contact) -> None:
    client, path = client_of(rep), f"/contacts/{contact.pk}/edit/"
    first = client.post(path, form(contact, title="采购总监"), headers=HTMX)
    second = client.post(path, form(contact, title="副总", remark="爱喝茶"), headers=HTMX)
    assert (first.status_code, second.status_code) == (204, 409)
    text = second.content.decode()
    assert all(word in text for word in ("副总", "采购总监", "采购经理", "keep-title", "爱喝茶"))
    contact.refresh_from_db()
    assert (contact.title, contact.remark) == ("采购总监", "")
    third = client.post(
        path, form(contact, title="副总", remark="爱喝茶", **{"keep-title": "now"}), headers=HTMX
    )
    contact.refresh_from_db()
    assert (third.status_code, contact.title, contact.remark) == (204, "采购总监", "爱喝茶")


def test_a_form_without_version_changes_nothing(rep: User, client_of: ClientOf, contact: Contact) -> None:
    answer = client_of(rep).post(f"/contacts/{contact.pk}/edit/", {"name": "别人"}, headers=HTMX)
    contact.refresh_from_db()
    assert (answer.status_code, contact.name) == (422, "郑国栋")


def test_key_contact(rep: User, client_of: ClientOf, customer: Customer) -> None:
    client = client_of(rep)
    add(client, customer, name="蒋雅文", title="总经理")
    person = Contact.objects.get(name="蒋雅文")
    assert client.post(f"/contacts/{person.pk}/key/", headers=HTMX).status_code == 204
    customer.refresh_from_db()
    assert customer.key_contact == "蒋雅文 总经理"
    assert customer.contacts.filter(is_key=True).count() == 1


def test_who_may(
    manager: User, outsider: User, auditor: User, client_of: ClientOf, customer: Customer, contact: Contact
) -> None:
    paths = (f"/contacts/new/?customer={customer.number}", f"/contacts/{contact.pk}/edit/")
    for path in paths:
        statuses = [
            client_of(user).post(path, form(contact, name="改了")).status_code
            for user in (manager, outsider, auditor)
        ]
        assert statuses == [403, 404, 403]
    assert client_of(outsider).post(f"/contacts/{contact.pk}/key/").status_code == 404
    assert list(Contact.objects.values_list("name", flat=True)) == ["郑国栋"]


def test_person_tells_the_next_birthday(rep: User, client_of: ClientOf, customer: Customer) -> None:
    client = client_of(rep)
    add(client, customer, name="单桂静", birthday="农历八月十五")
    person = Contact.objects.get(name="单桂静")
    page = client.get(customer.get_absolute_url()).content.decode()
    assert "生日：农历八月十五，下次" in page
    assert person.next_birthday is not None
    assert person.next_birthday.isoformat() in page


def test_wrong_method_and_address(rep: User, client_of: ClientOf, contact: Contact) -> None:
    client = client_of(rep)
    assert client.get(f"/contacts/{contact.pk}/key/").status_code == 405
    assert client.get("/contacts/999999/edit/").status_code == 404
    assert client.get("/contacts/new/?customer=%00").status_code == 400


@pytest.mark.parametrize(
    ("kept", "shown"), [("L--08-15", "农历八月十五"), ("L1987-06+-01", "农历1987年闰六月初一")]
)
def test_a_lunar_birthday_stands_as_people_write_it_and_survives_saving(
    rep: User, client_of: ClientOf, make_customer: MakeCustomer, kept: str, shown: str
) -> None:
    contact = make_customer(owner=rep, contacts=[{"name": "郑国栋", "birthday": kept}]).contacts.get()
    client, address = client_of(rep), f"/contacts/{contact.pk}/edit/"
    assert f'value="{shown}"' in client.get(address).content.decode()
    sent = {"name": "郑国梁", "birthday": shown, "version": contact.version}
    assert client.post(address, sent, headers={"HX-Request": "true"}).status_code == 204
    contact.refresh_from_db()
    assert (contact.name, contact.birthday) == ("郑国梁", kept)


def test_a_submission_counts_for_its_customer_alone(
    rep: User, client_of: ClientOf, customer: Customer, make_customer: MakeCustomer
) -> None:
    other = make_customer(owner=rep)
    for one in (customer, other):
        address = f"/contacts/new/?customer={one.number}"
        client_of(rep).post(address, {"submission": "k1", "name": "许诺"}, headers=HTMX)
    assert other.contacts.get().name == "许诺"
