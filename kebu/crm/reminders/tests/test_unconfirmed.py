"""An edit that may be an important change is reminded of once, before its 24 hours have passed."""

from datetime import timedelta

import pytest
from django.utils import timezone

from kebu.base.access.sharing import Share
from kebu.crm.changes.models import Proposal
from kebu.crm.customers.collaborators import Grant, let_in
from kebu.crm.customers.models import Customer
from kebu.crm.followups.tests.cast import hand
from kebu.crm.reminders.choices import Rule
from kebu.crm.reminders.models import ReminderPolicy
from kebu.crm.reminders.tests.cast import go, read_up_to, told
from kebu.office.notices.models import Notice
from kebu.office.staff.models import Role, User
from tests.cast import MakeCustomer

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def proposed(customer: Customer, hours: float) -> Proposal:
    at = timezone.now() - hours * HOUR
    return Proposal.objects.create(
        customer=customer, sort="budget", content="预算：10万 → 90万", created_at=at, updated_at=at
    )


def test_who_may_confirm_is_told_once(
    rep: User, mate: User, outsider: User, make_customer: MakeCustomer
) -> None:
    by = hand(rep)
    customer, young = make_customer(rep, name="甲公司"), make_customer(rep)
    let_in([customer], Grant(mate.pk, Share.EDIT), by=by["by"], at=by["at"])
    let_in([customer], Grant(outsider.pk), by=by["by"], at=by["at"])
    read_up_to("due", timezone.now() - HOUR)
    proposed(customer, 20.5)
    proposed(young, 19)
    for _round in range(2):
        go()
    assert told(rep, "proposal") == ["客户甲公司：是不是预算调整，20小时了还没有人确认"]
    assert len(told(mate, "proposal")) == 1
    assert not told(outsider, "proposal")  # he only looks
    assert "90万" not in "".join(Notice.objects.values_list("text", flat=True))
    read_up_to("due", timezone.now() - 3 * HOUR)  # as a clock set back would have it
    go()
    assert Notice.objects.filter(kind=Rule.PROPOSAL).count() == 2


def test_who_must_not_read_the_field_hears_nothing(rep: User, make_customer: MakeCustomer) -> None:
    Role.objects.filter(users=rep).update(field_rules={"customer.budget": "hidden"})
    read_up_to("due", timezone.now() - HOUR)
    proposed(make_customer(rep), 20.5)
    go()
    assert not told(rep, "proposal")


def test_the_office_says_after_how_many_hours_or_never(rep: User, make_customer: MakeCustomer) -> None:
    read_up_to("due", timezone.now() - HOUR)
    proposed(make_customer(rep), 5)
    now = timezone.now()
    office = ReminderPolicy.objects.create(proposal_hours=4, created_at=now, updated_at=now - 9 * HOUR)
    ReminderPolicy.objects.update(off=[Rule.PROPOSAL.value])
    go()
    assert not told(rep, "proposal")
    ReminderPolicy.objects.filter(pk=office.pk).update(off=[], updated_at=timezone.now())
    go()  # what became so old before the office changed its mind is told too
    assert len(told(rep, "proposal")) == 1
