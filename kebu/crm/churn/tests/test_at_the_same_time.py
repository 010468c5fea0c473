"""The night looks at all while talks are logged: one warning each, and nobody is refused."""

import threading
import time

import pytest
from django.db import transaction
from django.utils import timezone

from kebu.base.fields.directories import Context
from kebu.base.journal.authors import Author
from kebu.base.journal.choices import Door
from kebu.base.records.models import Gone
from kebu.crm.churn.actions import work_on
from kebu.crm.churn.engine import settle
from kebu.crm.churn.models import ChurnWarning, rules
from kebu.crm.churn.tests.cast import warned
from kebu.crm.key_dates.models import KeyDate
from kebu.crm.key_dates.tests.cast import day, key_date
from kebu.crm.recycling.actions import discard
from kebu.crm.recycling.registry import TREES
from kebu.office.staff.models import User
from tests.at_once import faults
from tests.cast import MakeCustomer

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_who_look_at_once_open_one_warning(rep: User, make_customer: MakeCustomer) -> None:
    customer = make_customer(rep, customer_type="won")
    key_date(customer, day(-30))
    has_looked = threading.Event()

    def look() -> int:
        return settle([customer.pk], rules().values, at=timezone.now())

    def look_slowly() -> None:
        with transaction.atomic():
            look()
            has_looked.set()
            time.sleep(0.5)

    def look_meanwhile() -> None:
        has_looked.wait(10)
        look()

    assert faults([look_slowly, look_meanwhile]) == []
    assert ChurnWarning.objects.count() == 1


def test_what_somebody_mends_meanwhile_is_no_signal(rep: User, make_customer: MakeCustomer) -> None:
    """The night read the contract before it was seen to, and opens nothing after."""
    customer = make_customer(rep, customer_type="won")
    row = key_date(customer, day(-30))
    is_seen_to = threading.Event()

    def see_to_it_slowly() -> None:
        with transaction.atomic():
            customer.hold()
            KeyDate.objects.filter(pk=row.pk).update(settled_on=day(0))
            is_seen_to.set()
            time.sleep(0.5)

    def look_meanwhile() -> None:
        is_seen_to.wait(10)
        settle([customer.pk], rules().values, at=timezone.now())

    assert faults([see_to_it_slowly, look_meanwhile]) == []
    assert not ChurnWarning.objects.exists()


def test_who_goes_into_the_bin_meanwhile_is_worked_on_by_nobody(
    rep: User, make_customer: MakeCustomer
) -> None:
    """Told, not a fault: the sheet was open when somebody else deleted the customer."""
    row = warned(make_customer(rep, customer_type="won"))
    is_gone, by, at = threading.Event(), Author.for_user(rep, Door.PAGE), timezone.now()

    def throw_away_slowly() -> None:
        with transaction.atomic():
            discard(TREES["customer"], [row.customer_id], by=by, at=at)
            is_gone.set()
            time.sleep(0.5)

    def work_meanwhile() -> None:
        is_gone.wait(10)
        with pytest.raises(Gone, match="回收站"):
            work_on(row, {"cause": "price"}, version=1, by=by, at=at, context=Context(reader=rep))

    assert faults([throw_away_slowly, work_meanwhile]) == []
