"""Who is told of a customer that may leave, once."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from kebu.crm.churn.tests.cast import warned
from kebu.crm.customers.models import Customer
from kebu.crm.reminders.choices import Rule
from kebu.crm.reminders.digest import text_of, title_of, what_comes
from kebu.crm.reminders.tests.cast import go, read_up_to, told
from kebu.office.notices.models import Notice
from kebu.office.staff.models import User
from tests.cast import MakeCustomer

pytestmark = pytest.mark.django_db


def ago(days: float) -> datetime:
    return timezone.now() - timedelta(days=days)


def test_the_owner_hears_of_a_warning_once_and_so_does_who_comes_after(
    rep: User, mate: User, make_customer: MakeCustomer
) -> None:
    customer = make_customer(rep, name="甲公司", customer_type="won")
    warned(customer, ago(0.2))
    warned(make_customer(rep, name="早说过的", customer_type="won"), ago(3))
    warned(make_customer(rep, name="在挽回的", customer_type="won"), ago(0.2), status="saving")
    warned(make_customer(None, name="公海的", customer_type="won"), ago(0.2))
    Customer.objects.exclude(pk=customer.pk).update(assigned_at=ago(9))
    read_up_to("daily", ago(1))
    for _round in range(2):
        go("reminders.daily")
    assert told(rep, "churn") == ["客户甲公司可能流失（预警）"]
    assert Notice.objects.get(kind=Rule.CHURN).text == "平时90天谈6次，最近90天谈1次"
    Customer.objects.filter(pk=customer.pk).update(owner=mate, assigned_at=timezone.now())
    go("reminders.daily")
    assert told(mate, "churn") == ["客户甲公司可能流失（预警）"]


def test_the_day_tells_how_many_wait(rep: User, make_customer: MakeCustomer) -> None:
    for status in ("open", "open", "saving"):
        warned(make_customer(rep, customer_type="won"), status=status)
    count = what_comes(timezone.now())[rep.pk]
    assert text_of(count) == "2个流失预警"
    assert title_of(count) == "今天没有新的安排，有2个客户可能流失"
