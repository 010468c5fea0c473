"""The whole desk: every group in the order of the day, and within its statements."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from kebu.base.fields.models import touch
from kebu.crm.churn.tests.cast import warned
from kebu.crm.customers.models import Customer
from kebu.crm.followups.tests.cast import given, morning
from kebu.crm.key_dates.tests.cast import day, key_date
from kebu.crm.pool.models import PoolRule, PoolWarning
from kebu.crm.pool.rules import base_of
from kebu.crm.promises.choices import Side
from kebu.front.desk.tests.test_agenda import promised
from kebu.office.staff.models import User
from tests.cast import ClientOf, MakeCustomer

pytestmark = pytest.mark.django_db
STATEMENTS = 15
ORDER = ["overdue", "today", "fresh", "week", "falling", "payments", "key_dates", "birthday", "churn"]


def soon_to_fall(customer: Customer) -> None:
    """Nobody followed up for forty days, and its owner was warned."""
    now = timezone.now()
    PoolRule.objects.create(grade="B", is_on=True, days=45, warn_days=7, created_at=now, updated_at=now)
    Customer.objects.filter(pk=customer.pk).update(assigned_at=now - timedelta(days=40))
    base = Customer.objects.annotate(base=base_of()).values_list("base", flat=True).get(pk=customer.pk)
    PoolWarning.objects.create(
        customer=customer, owner_id=customer.owner_id or 0, base_at=base, warned_at=now
    )


def test_every_group_stands_in_its_place(
    rep: User,
    admin: User,
    make_customer: MakeCustomer,
    client_of: ClientOf,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    for days in (-2, 0, 3):
        make_customer(rep, next_follow_up_at=timezone.now() + timedelta(days=days, minutes=1))
    given(rep, None, -3, goal="交月报", due_at=morning(-2))
    promised(rep, make_customer(rep), Side.OURS, 2, "发修订图纸")
    soon_to_fall(make_customer(rep, name="快掉的公司", grade="B"))
    key_date(make_customer(rep), day(3), sort="payment", amount="126000")
    key_date(make_customer(rep), day(3))
    born = timezone.localdate() + timedelta(days=2)
    make_customer(rep, name="寿星", kind="person", birthday=f"1990-{born:%m-%d}")
    warned(make_customer(rep, name="要走的公司", customer_type="won"))
    client = client_of(rep)
    for directory in ("staff", "cadence", "workdays", "own_fields"):
        touch(directory)
    client.get("/")
    with django_assert_max_num_queries(STATEMENTS):
        page = client.get("/").content.decode()
    groups = re.findall(r'aria-labelledby="g-(\w+)"', page)
    assert groups == [code for code in ORDER if code in groups]
    assert {*ORDER} - {*groups} <= {"fresh"}
    for words in ("还有7天掉入公海", "B级客户45天没有跟进", "126,000元", "寿星", "要走的公司"):
        assert words in page
