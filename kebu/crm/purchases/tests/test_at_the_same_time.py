"""Purchases of one customer kept at the same moment, and the night beside them: one rise, nobody refused."""

from datetime import datetime
from decimal import Decimal
from functools import partial

import pytest
from django.utils import timezone

from kebu.base.fields.directories import Context
from kebu.base.journal.authors import Author
from kebu.crm.customers.models import Customer
from kebu.crm.purchases.actions import keep_purchase
from kebu.crm.purchases.growth import Rule
from kebu.crm.purchases.models import Purchase, Rise
from kebu.crm.purchases.rises import look_again
from kebu.crm.purchases.tests.cast import bought, day
from kebu.office.staff.models import User
from tests.at_once import faults
from tests.cast import MakeCustomer

pytestmark = pytest.mark.django_db(transaction=True)


def keep(pk: int, key: str, at: datetime) -> None:
    told = {"bought_on": day(0), "what": "季度耗材", "amount": Decimal(300_000)}
    customer = Customer.objects.get(pk=pk)
    keep_purchase(customer, told, submission=key, by=Author.system(), at=at, context=Context())


def test_two_who_keep_and_the_night_make_one_rise(rep: User, make_customer: MakeCustomer) -> None:
    customer, at = make_customer(rep), timezone.now()
    bought(customer, 100, 100_000)
    bought(customer, 1, 150_000)
    acts = [partial(keep, customer.pk, key, at) for key in ("one", "two", "two")]
    assert faults([*acts, partial(look_again, [customer.pk], Rule(), at=at)]) == []
    assert Purchase.objects.filter(amount=300_000).count() == 2
    assert Rise.objects.get().now == Decimal(750_000)
