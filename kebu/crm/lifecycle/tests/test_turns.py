"""Every way on which a customer becomes another type is written down, once."""

from importlib import import_module

import pytest
from django.apps import apps
from django.utils import timezone

from kebu.base.fields.directories import Context
from kebu.base.journal.authors import Author
from kebu.base.journal.choices import Door
from kebu.crm.customers.actions import change_customer
from kebu.crm.customers.models import Customer
from kebu.crm.customers.tests.test_batches import edit
from kebu.crm.customers.tests.test_bulk import HTMX, ids, told
from kebu.crm.lifecycle.models import TypeTurn
from kebu.crm.recycling.actions import discard, restore
from kebu.crm.recycling.models import Discarded
from kebu.crm.recycling.trees import CUSTOMER
from kebu.office.staff.models import User
from tests.cast import ClientOf, MakeCustomer

pytestmark = pytest.mark.django_db


def turns() -> list[tuple[str, str, int | None]]:
    return list(TypeTurn.objects.order_by("id").values_list("before", "after", "owner"))


def become(customer: Customer, kind: str, by: User) -> None:
    customer.refresh_from_db()
    author, at, context = Author.for_user(by, Door.PAGE), timezone.now(), Context(reader=by)
    change = {"customer_type": kind}
    change_customer(customer, change, version=customer.version, by=author, at=at, context=context)


def test_a_change_is_a_turn_and_an_arrival_is_none(rep: User, make_customer: MakeCustomer) -> None:
    customer = make_customer(rep, customer_type="potential")
    assert turns() == []
    become(customer, "won", rep)
    become(customer, "won", rep)
    become(customer, "lost", rep)
    assert turns() == [("potential", "won", rep.pk), ("won", "lost", rep.pk)]


def test_many_at_once_and_taken_back(rep: User, make_customer: MakeCustomer, client_of: ClientOf) -> None:
    """Undone, they turned there and back: reviews read the first and the last."""
    made = [make_customer(rep, customer_type=kind) for kind in ("potential", "prospect", "won")]
    answer = edit(client_of(rep), ids(*made), customer_type="won")
    won = [("potential", "won", rep.pk), ("prospect", "won", rep.pk)]
    assert turns() == won
    client_of(rep).post(told(answer)["undo"], headers=HTMX)
    assert turns() == [*won, ("won", "potential", rep.pk), ("won", "prospect", rep.pk)]


def test_what_the_journal_tells_of_before_is_read_once(rep: User, make_customer: MakeCustomer) -> None:
    customers = [make_customer(rep, customer_type="potential") for _n in range(3)]
    for customer in customers:
        become(customer, "won", rep)
    become(customers[0], "lost", rep)
    names = ("customer_id", "before", "after", "at", "owner_id")
    told = list(TypeTurn.objects.order_by("at", "pk").values(*names))
    TypeTurn.objects.all().delete()
    discard(CUSTOMER, [customers[2].pk], by=Author.for_user(rep, Door.PAGE), at=timezone.now())
    import_module("kebu.crm.lifecycle.migrations.0002_from_journal").fill(apps, None)
    left = [row for row in told if row["customer_id"] != customers[2].pk]
    assert list(TypeTurn.objects.order_by("at", "pk").values(*names)) == left


def test_what_goes_into_the_bin_comes_back_with_its_turns(rep: User, make_customer: MakeCustomer) -> None:
    customer = make_customer(rep, customer_type="potential")
    become(customer, "won", rep)
    told = list(TypeTurn.objects.values())
    by, at = Author.for_user(rep, Door.PAGE), timezone.now()
    discard(CUSTOMER, [customer.pk], by=by, at=at)
    assert not TypeTurn.objects.exists()
    restore(Discarded.objects.all(), by=by, at=at)
    assert list(TypeTurn.objects.values()) == told
