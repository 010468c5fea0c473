"""Who is told of a customer that buys more, once for each rise and person."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from kebu.base.access.sharing import Share
from kebu.base.journal.authors import Author
from kebu.base.journal.choices import Door
from kebu.crm.customers.collaborators import Grant, let_in
from kebu.crm.customers.models import Customer
from kebu.crm.purchases.models import Rise
from kebu.crm.purchases.tests.cast import risen
from kebu.crm.reminders.choices import Rule
from kebu.crm.reminders.models import ReminderPolicy
from kebu.crm.reminders.rising import rises
from kebu.crm.reminders.rounds import Span
from kebu.crm.reminders.tests.cast import go, read_up_to, told
from kebu.office.notices.kinds import KINDS
from kebu.office.notices.models import Notice
from kebu.office.staff.models import Department, User
from tests.cast import MakeCustomer, MakeUser

pytestmark = pytest.mark.django_db
TITLE = "客户甲公司的采购量增长超过20%"


def ago(days: float) -> datetime:
    return timezone.now() - timedelta(days=days)


@pytest.fixture
def led(manager: User, rep: User) -> User:
    """The manager leads the department of the rep."""
    Department.objects.filter(members=rep).update(manager=manager)
    read_up_to("daily", ago(1))
    return manager


def share(customer: Customer, user: User, **values: object) -> None:
    by = replace(Author.system(), door=Door.PAGE)
    let_in([customer], Grant(user.pk, level=Share.VIEW, **values), by=by, at=timezone.now())  # type: ignore[arg-type]


def test_owner_collaborators_and_supervisor_hear_of_it_once(
    rep: User, mate: User, outsider: User, led: User, make_customer: MakeCustomer
) -> None:
    customer = make_customer(rep, name="甲公司")
    share(customer, mate)
    row = risen(customer)
    for _round in range(2):
        go("reminders.daily")
    assert [told(user, "growth") for user in (rep, mate, led, outsider)] == [[TITLE], [TITLE], [TITLE], []]
    notice = Notice.objects.get(user=rep, kind=Rule.GROWTH)
    assert notice.text.startswith("近90天采购52.4万元，之前90天40万元，多31%；")
    assert (notice.key, notice.url) == (f"growth:{row.pk}:{rep.pk}", customer.get_absolute_url())


def test_a_new_owner_hears_of_it_and_nobody_else_again(
    rep: User, mate: User, led: User, make_customer: MakeCustomer
) -> None:
    customer = make_customer(rep, name="甲公司")
    risen(customer, 5)
    Customer.objects.update(assigned_at=ago(9))
    Rise.objects.update(updated_at=ago(0.5))
    go("reminders.daily")
    Customer.objects.filter(pk=customer.pk).update(owner=mate, assigned_at=timezone.now())
    for _round in range(2):
        go("reminders.daily")
    assert [told(user, "growth") for user in (rep, mate, led)] == [[TITLE]] * 3


def test_what_holds_no_more_or_rests_is_told_to_nobody(
    rep: User, led: User, make_user: MakeUser, make_customer: MakeCustomer
) -> None:
    gone, archived, old, pooled = (make_customer(rep, name=name) for name in ("一", "二", "三", "四"))
    risen(gone, withdrawn_at=timezone.now())
    risen(archived)
    Customer.objects.filter(pk=archived.pk).update(archived_at=timezone.now())
    risen(old, 90)
    Rise.objects.filter(customer=old).update(updated_at=timezone.now())
    risen(pooled)
    Customer.objects.filter(pk=pooled.pk).update(owner=None)
    share(pooled, make_user("left", "已离职", "sales", is_active=False))
    go("reminders.daily")
    assert not Notice.objects.filter(kind=Rule.GROWTH).exists()


def test_one_that_holds_again_is_not_told_twice(rep: User, led: User, make_customer: MakeCustomer) -> None:
    risen(make_customer(rep, name="甲公司"))
    go("reminders.daily")
    Rise.objects.update(withdrawn_at=timezone.now())
    Rise.objects.update(withdrawn_at=None, updated_at=timezone.now())
    go("reminders.daily")
    assert told(rep, "growth") == [TITLE]


def test_the_office_may_switch_it_off_and_a_robot_of_the_team_may_have_it(
    rep: User, led: User, make_customer: MakeCustomer
) -> None:
    risen(make_customer(rep, name="甲公司"))
    now = timezone.now()
    ReminderPolicy.objects.create(pk=1, off=[Rule.GROWTH.value], created_at=now, updated_at=now)
    go("reminders.daily")
    assert told(rep, "growth") == []
    assert KINDS[Rule.GROWTH.value].is_for_team


def test_a_round_costs_the_same_however_many_grow(rep: User, led: User, make_customer: MakeCustomer) -> None:
    def cost(many: int) -> int:
        for _each in range(many):
            risen(make_customer(rep))
        with CaptureQueriesContext(connection) as captured:
            notes, _place = rises(Span(ago(1), timezone.now()), None, 250)
            assert notes
        return len(captured)

    assert cost(1) == cost(6) <= 6
