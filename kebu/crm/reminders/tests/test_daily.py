from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from kebu.base.fields.directories import Context
from kebu.base.journal.authors import Author
from kebu.base.journal.choices import Door
from kebu.crm.customers.actions import change_customer
from kebu.crm.customers.models import Customer
from kebu.crm.followups.models import Plan
from kebu.crm.followups.tests.cast import given
from kebu.crm.interactions.actions import log_interaction
from kebu.crm.reminders.choices import Rule
from kebu.crm.reminders.daily import steps
from kebu.crm.reminders.digest import digests
from kebu.crm.reminders.models import ReminderPolicy, Wish
from kebu.crm.reminders.queries import policy
from kebu.crm.reminders.rounds import FEW, Span
from kebu.crm.reminders.tests.cast import go, put, read_up_to, told
from kebu.office.notices.models import Notice
from kebu.office.staff.models import Department, User
from tests.cast import MakeCustomer

pytestmark = pytest.mark.django_db
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


def ago(days: float) -> datetime:
    return timezone.now() - days * DAY


@pytest.fixture
def _led(manager: User, departments: dict[str, Department]) -> None:
    """顾延年 leads 销售一部."""
    Department.objects.filter(pk=departments["销售一部"].pk).update(manager=manager)


def late_plan(user: User, days: float) -> Plan:
    plan = given(user, None)
    Plan.objects.filter(pk=plan.pk).update(starts_at=ago(days + 1), due_at=ago(days))
    return plan


def test_what_became_late_since_yesterday_is_told_once(rep: User, make_customer: MakeCustomer) -> None:
    read_up_to("daily", ago(1))
    late_plan(rep, 0.5)
    late_plan(rep, 3)  # told long ago
    put(make_customer(rep, name="甲公司"), next_follow_up_at=ago(1), next_step="寄样品")
    for _round in range(2):
        go("reminders.daily")
    titles = told(rep, "overdue")
    assert len(titles) == 2
    assert any(title.startswith("逾期：确认试样时间") for title in titles)
    assert any(title.startswith("客户甲公司的跟进逾期了") for title in titles)


@pytest.mark.usefixtures("_led")
def test_the_manager_of_the_department_hears_who_is_late_for_too_long(
    rep: User, mate: User, manager: User, outsider: User, make_customer: MakeCustomer
) -> None:
    read_up_to("daily", ago(1))
    for days in (3.5, 8):
        late_plan(rep, days)
    put(make_customer(rep), next_follow_up_at=ago(5))
    late_plan(mate, 2)
    late_plan(outsider, 3.5)  # whose department nobody leads
    go("reminders.daily")
    go("reminders.daily")
    assert told(manager) == ["周慕白有3项逾期3天以上"]
    assert Notice.objects.get(user=manager).text.startswith("其中1项是新到的")
    assert not Notice.objects.filter(kind=Rule.ESCALATED).exclude(user=manager).exists()


def test_customers_nobody_contacts_and_those_without_a_next_step(
    rep: User, make_customer: MakeCustomer
) -> None:
    read_up_to("daily", ago(1))
    quiet, open_end, planned = (make_customer(rep, name=name) for name in ("甲公司", "乙公司", "丙公司"))
    put(quiet, last_contact_at=ago(30.5), next_follow_up_at=timezone.now() + DAY)
    put(open_end, last_contact_at=ago(3.5), next_follow_up_at=None)
    put(planned, last_contact_at=ago(3.5), next_follow_up_at=None)
    given(rep, planned, 3)
    put(planned, next_follow_up_at=None)
    go("reminders.daily")
    assert told(rep, "untouched") == ["客户甲公司 30天无人跟进"]
    assert told(rep, "missing") == ["客户乙公司联系过3天了，还没有定下次跟进"]


def test_many_forgotten_customers_are_one_notice_without_their_names(
    rep: User, make_customer: MakeCustomer
) -> None:
    read_up_to("daily", ago(1))
    for _number in range(FEW + 1):
        make_customer(rep)
    Customer.objects.update(last_contact_at=ago(30.5), next_follow_up_at=timezone.now() + DAY)
    go("reminders.daily")
    assert told(rep, "untouched") == ["又有6个客户30天无人跟进"]
    assert Notice.objects.get(user=rep).about_kind == ""


def test_fewer_days_reach_back_to_those_in_between(rep: User, make_customer: MakeCustomer) -> None:
    read_up_to("daily", ago(0.01))
    put(make_customer(rep), last_contact_at=ago(15), next_follow_up_at=timezone.now() + DAY)
    go("reminders.daily")
    assert told(rep) == []
    now = timezone.now()
    ReminderPolicy.objects.create(pk=1, untouched_days=10, created_at=now, updated_at=now)
    go("reminders.daily")
    assert len(told(rep, "untouched")) == 1


def test_ours_the_day_before_it_is_due_theirs_the_day_after(rep: User, make_customer: MakeCustomer) -> None:
    customer, today, now = make_customer(rep, name="甲公司"), timezone.localdate(), timezone.now()
    values = {
        "summary": "谈了样品",
        "method": "phone",
        "status": "ongoing",
        "happened_at": now,
        "our_promise": "寄样品",
        "our_promise_on": today + DAY,
        "their_promise": "回传合同",
        "their_promise_on": today - DAY,
    }
    by, context = Author.for_user(rep, Door.PAGE), Context(reader=rep)
    log_interaction(customer, values, contact=None, by=by, at=now, context=context)
    read_up_to("daily", ago(1))
    for _round in range(2):
        go("reminders.daily")
    due = today + DAY
    assert sorted(told(rep, "promise")) == sorted(
        [f"答应客户甲公司的，{due.month}月{due.day}日到期", "客户甲公司答应的，过了期限"]
    )


def digest_at(moment: datetime) -> dict[int, tuple[str, str]]:
    notes, _after = digests(Span(moment - DAY, moment), None, 10)
    return {note.user_id: (note.title, note.text) for note in notes}


MONDAY = datetime(2026, 11, 23, 0, 30, tzinfo=timezone.get_default_timezone()) + 8 * HOUR  # 8:30, a workday


def test_the_day_at_half_past_eight(rep: User, mate: User, make_customer: MakeCustomer) -> None:
    plan, late = given(rep, None), given(rep, None)
    Plan.objects.filter(pk=plan.pk).update(starts_at=MONDAY + HOUR, due_at=MONDAY + 9 * HOUR)
    Plan.objects.filter(pk=late.pk).update(starts_at=MONDAY - 4 * DAY, due_at=MONDAY - DAY)
    put(make_customer(rep), next_follow_up_at=MONDAY + 2 * HOUR)
    put(make_customer(mate), next_follow_up_at=MONDAY - 2 * DAY)
    found = digest_at(MONDAY)
    assert found[rep.pk] == ("今天有2件事要做", "1个计划、1个客户要跟进、1项逾期")
    assert found[mate.pk] == ("今天没有新的安排，还有1项逾期", "1项逾期")
    now = timezone.now()
    Wish.objects.create(user=rep, wants_digest=False, created_at=now, updated_at=now)
    assert digest_at(MONDAY).keys() == {mate.pk}


def test_a_day_off_is_quiet_unless_something_is_of_that_day(
    rep: User, mate: User, make_customer: MakeCustomer
) -> None:
    sunday = MONDAY - DAY
    put(make_customer(rep), next_follow_up_at=sunday + 2 * HOUR)
    put(make_customer(mate), next_follow_up_at=sunday - 2 * DAY)
    assert digest_at(sunday).keys() == {rep.pk}


def test_whoever_is_given_a_customer_by_somebody_else_hears_of_it(
    rep: User, mate: User, manager: User, make_customer: MakeCustomer
) -> None:
    customer = make_customer(rep, name="甲公司")
    assert told(rep) == []  # his own
    by = Author.for_user(manager, Door.PAGE)
    context = Context(reader=manager)
    change_customer(
        customer, {"owner": mate.pk}, version=customer.version, by=by, at=timezone.now(), context=context
    )
    assert told(mate) == ["顾延年把客户甲公司交给了你"]
    assert told(rep) == []


def test_off_is_off() -> None:
    now = timezone.now()
    ReminderPolicy.objects.create(pk=1, off=list(Rule.values), created_at=now, updated_at=now)
    assert steps(policy()) == []
