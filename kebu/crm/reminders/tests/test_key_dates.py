"""Who is told of a customer's days, once each."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from kebu.base.journal.models import JournalEntry
from kebu.crm.customers.models import Customer
from kebu.crm.key_dates.tests.cast import day, key_date
from kebu.crm.reminders.choices import Rule
from kebu.crm.reminders.models import ReminderPolicy
from kebu.crm.reminders.tests.cast import go, read_up_to, told
from kebu.office.notices.models import Notice
from kebu.office.staff.models import User
from tests.cast import MakeCustomer

pytestmark = pytest.mark.django_db


def ago(days: float) -> datetime:
    return timezone.now() - timedelta(days=days)


def test_a_purchase_that_comes_again_is_reminded_of_before_each(
    rep: User, make_customer: MakeCustomer
) -> None:
    customer = make_customer(rep, name="甲公司")
    bought = {"name": "季度耗材", "sort": "purchase", "repeat": "quarter", "lead_days": 14}
    row = key_date(customer, day(14), remark="上次3.2万", **bought)
    key_date(customer, day(15), **bought)
    gone = key_date(customer, day(14), **bought)
    type(gone).objects.filter(pk=gone.pk).update(settled_on=day(0))
    read_up_to("daily", ago(1))
    go("reminders.daily")
    go("reminders.daily")
    notice = Notice.objects.get(user=rep, kind=Rule.NEED)
    assert notice.title.startswith("客户甲公司的季度耗材预计")
    assert notice.text == "每季度；上次3.2万"
    assert notice.key == f"need:{row.pk}:{row.next_on.isoformat()}"


def test_a_payment_is_told_with_its_sum_as_the_pages_write_it(rep: User, make_customer: MakeCustomer) -> None:
    owed = {"name": "尾款10%", "sort": "payment", "amount": "38600", "lead_days": 7}
    row = key_date(make_customer(rep, name="甲公司"), day(7), **owed)
    read_up_to("daily", ago(1))
    go("reminders.daily")
    notice = Notice.objects.get(user=rep, kind=Rule.KEY_DATE)
    assert notice.title == f"客户甲公司的尾款10%，{row.next_on.month}月{row.next_on.day}日应收"
    assert notice.text == "应收款；38,600元"


def test_contracts_and_care_are_told_as_long_before_as_each_says(
    rep: User, make_customer: MakeCustomer
) -> None:
    customer, ends = make_customer(rep, name="甲公司"), day(30)
    key_date(customer, ends, remark="财务要盖章件")
    key_date(customer, day(31))
    key_date(customer, day(7), name="二十周年庆", sort="anniversary", lead_days=7, repeat="year")
    key_date(make_customer(None), day(30))
    read_up_to("daily", ago(1))
    for _round in range(2):
        go("reminders.daily")
    titles = told(rep, "key_date")
    assert f"客户甲公司的年度框架合同，{ends.month}月{ends.day}日到期" in titles
    assert len(titles) == 2
    texts = set(Notice.objects.filter(kind=Rule.KEY_DATE).values_list("text", flat=True))
    assert texts == {"合同到期；财务要盖章件", "周年纪念，每年"}


def test_what_is_kept_or_moved_near_its_day_is_told_at_once(rep: User, make_customer: MakeCustomer) -> None:
    row = key_date(make_customer(rep), day(10))
    Customer.objects.update(assigned_at=ago(9))
    read_up_to("daily", ago(1))
    go("reminders.daily")
    assert told(rep, "key_date") == []  # its time to act came long ago
    type(row).objects.filter(pk=row.pk).update(updated_at=timezone.now())
    go("reminders.daily")
    assert len(told(rep, "key_date")) == 1


def test_a_new_owner_hears_of_what_is_due(rep: User, mate: User, make_customer: MakeCustomer) -> None:
    row = key_date(make_customer(mate), day(10))
    Customer.objects.update(owner=rep, assigned_at=ago(0.5))
    read_up_to("daily", ago(1))
    go("reminders.daily")
    assert len(told(rep, "key_date")) == 1
    assert row.name in told(rep, "key_date")[0]
    assert told(mate, "key_date") == []


def test_an_office_that_does_not_want_them_has_none(rep: User, make_customer: MakeCustomer) -> None:
    key_date(make_customer(rep), day(30))
    now = timezone.now()
    ReminderPolicy.objects.create(pk=1, off=[Rule.KEY_DATE.value], created_at=now, updated_at=now)
    read_up_to("daily", ago(1))
    go("reminders.daily")
    assert told(rep, "key_date") == []


def test_what_comes_again_moves_on_by_itself_and_what_comes_once_waits(
    rep: User, make_customer: MakeCustomer
) -> None:
    customer = make_customer(rep)
    told_ = {"sort": "visit", "repeat": "quarter"}
    old, recent = (key_date(customer, day(days), **told_) for days in (-400, -10))
    resting = key_date(make_customer(rep, name="归档了"), day(-400), **told_)
    Customer.objects.filter(name="归档了").update(archived_at=ago(5))
    ended, yearly = key_date(customer, day(-400)), key_date(customer, day(-400), repeat="year")
    read_up_to("daily", ago(1))
    go("reminders.daily")
    for row in (old, recent, ended, yearly, resting):
        row.refresh_from_db()
    assert {row.next_on for row in (ended, yearly, resting)} == {day(-400)}
    assert day(-14) <= old.next_on < day(92)
    assert old.remind_on == old.next_on - timedelta(days=30)
    assert (recent.next_on, ended.next_on, ended.is_open) == (day(-10), day(-400), True)
    entry = JournalEntry.objects.get(kind="key-date")
    assert (entry.author_name, entry.customer_id) == ("系统", customer.pk)


def test_the_day_at_half_past_eight_counts_them(rep: User, make_customer: MakeCustomer) -> None:
    customer = make_customer(rep)
    key_date(customer, day(0))
    key_date(customer, day(1))
    key_date(make_customer(None), day(0))
    read_up_to("digest", ago(1))
    go("reminders.digest")
    notice = Notice.objects.get(kind=Rule.DIGEST)
    assert (notice.user, notice.title, notice.text) == (rep, "今天有1件事要做", "1个重要日子")
