"""A day is settled while its customer is worked on: who hangs on a customer waits for it first."""

import threading
import time

import pytest
from django.db import transaction
from django.utils import timezone

from kebu.base.journal.authors import Author
from kebu.crm.key_dates.actions import settle
from kebu.crm.key_dates.models import KeyDate
from kebu.crm.key_dates.tests.cast import day, key_date
from kebu.office.staff.models import User
from tests.at_once import faults
from tests.cast import MakeCustomer

pytestmark = pytest.mark.django_db(transaction=True)


def test_who_settles_a_day_waits_for_the_customer_before_the_day(
    rep: User, make_customer: MakeCustomer
) -> None:
    """Both would else wait for each other: the customer's followers look at it after the day is written."""
    customer = make_customer(rep, customer_type="won")
    key_date(customer, day(-30))
    row = key_date(customer, day(3), sort="visit")
    is_held = threading.Event()

    def throw_away_slowly() -> None:
        with transaction.atomic():
            customer.hold()
            is_held.set()
            time.sleep(0.5)
            KeyDate.objects.filter(pk=row.pk).delete()

    def settle_meanwhile() -> None:
        is_held.wait(10)
        settle(row, version=row.version, by=Author.system(), at=timezone.now())

    assert faults([throw_away_slowly, settle_meanwhile]) == []
