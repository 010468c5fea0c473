from datetime import datetime, time, timedelta
from typing import Any

import pytest
from django.utils import timezone

from kebu.base.jobs.models import Interrupted, Job
from kebu.base.jobs.registry import KINDS, learn
from kebu.base.kit.dates import SHANGHAI
from kebu.crm.followups.models import Plan
from kebu.crm.followups.tests.cast import given
from kebu.crm.reminders import rounds
from kebu.crm.reminders.choices import Rule
from kebu.crm.reminders.models import Mark, ReminderPolicy, Wish
from kebu.crm.reminders.tests.cast import go, put, read_up_to, told
from kebu.office.notices.models import Notice
from kebu.office.staff.models import User
from tests.cast import MakeCustomer

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


def soon(minutes: int) -> datetime:
    """So many minutes from now; never midnight sharp, which would be a day without a time."""
    return timezone.now().replace(second=7, microsecond=0) + minutes * MINUTE


def planned(by: User, minutes: int, **values: Any) -> Plan:
    """A plan of one's own for so many minutes from now."""
    values = {"starts_at": soon(minutes), "due_at": soon(minutes + 60), **values}
    return given(by, None, **values)


def wants(user: User, minutes: int) -> None:
    """Somebody chooses how long before its time he is reminded."""
    now = timezone.now()
    Wish.objects.create(user=user, lead_minutes=minutes, created_at=now, updated_at=now)


def test_a_plan_is_reminded_of_an_hour_before_once(rep: User) -> None:
    read_up_to("due", soon(-5))
    plan, later = planned(rep, 50, requirement="带样品"), planned(rep, 90)
    for _round in range(3):
        go()
    notice = Notice.objects.get(user=rep, kind=Rule.PLAN_DUE)
    assert notice.url == plan.get_absolute_url()
    assert notice.title.endswith("：确认试样时间")
    assert "预期成果：客户签回试样单；要求：带样品" in notice.text
    Plan.objects.filter(pk=later.pk).update(starts_at=soon(40))  # not told of as changed; its time comes
    read_up_to("due", soon(-40))
    go()
    assert len(told(rep, "plan")) == 2


def test_what_was_missed_while_the_house_was_off_is_told_later(rep: User) -> None:
    plan = planned(rep, 30)
    Plan.objects.filter(pk=plan.pk).update(starts_at=soon(-300), updated_at=soon(-9000))
    read_up_to("due", soon(-600))
    go()
    assert len(told(rep)) == 1


def test_a_plan_put_off_is_reminded_of_again(rep: User) -> None:
    read_up_to("due", soon(-5))
    plan = planned(rep, 50)
    go()
    Plan.objects.filter(pk=plan.pk).update(
        starts_at=soon(55), due_at=soon(100), updated_at=timezone.now() + MINUTE
    )
    go()
    assert len(told(rep, "plan")) == 2


def test_each_person_chooses_how_long_before(rep: User, mate: User) -> None:
    wants(mate, 1440)
    read_up_to("due", soon(-5))
    planned(rep, 600, executors=[rep, mate])
    go()
    assert (len(told(rep)), len(told(mate))) == (0, 1)


def test_who_chooses_a_longer_time_hears_of_what_is_near_by_then(rep: User) -> None:
    planned(rep, 600)
    read_up_to("due", timezone.now() + MINUTE)
    go()
    assert told(rep) == []
    wants(rep, 1440)
    read_up_to("due", timezone.now() - MINUTE)
    go()
    assert len(told(rep)) == 1


def test_a_distant_end_is_reminded_of_too(rep: User) -> None:
    read_up_to("due", soon(-5))
    plan = planned(rep, 30, due_at=soon(40))
    far = planned(rep, 500)
    Plan.objects.filter(pk=far.pk).update(starts_at=soon(-3000), due_at=soon(30))
    go()
    assert Notice.objects.filter(key__startswith="plan-end:").count() == 1
    assert Notice.objects.filter(key__startswith=f"plan-due:{plan.pk}:").count() == 1


def test_a_follow_up_is_reminded_of_unless_its_plan_speaks_for_it(
    rep: User, make_customer: MakeCustomer
) -> None:
    read_up_to("due", soon(-5))
    alone, both, archived = (make_customer(rep, name=name) for name in ("甲公司", "乙公司", "丙公司"))
    for customer in (alone, both, archived):
        put(customer, next_follow_up_at=soon(45))
    put(archived, archived_at=timezone.now())
    plan = given(rep, both)
    Plan.objects.filter(pk=plan.pk).update(starts_at=soon(45), due_at=soon(60))
    put(both, next_follow_up_at=soon(45))
    go()
    assert [title[:5] for title in told(rep, "follow")] == ["客户甲公司"]
    notice = Notice.objects.get(kind=Rule.FOLLOW_UP_DUE)
    assert (notice.about, notice.url) == (("customer", alone.pk), f"/customers/{alone.number}/")
    assert len(told(rep, "plan")) == 1


@pytest.mark.parametrize(("at", "is_told"), [("07:55", False), ("08:05", True), ("14:00", False)])
def test_a_day_without_a_time_begins_at_nine(
    at: str, is_told: bool, rep: User, make_customer: MakeCustomer
) -> None:
    customer = make_customer(rep)
    day = datetime.combine(timezone.localdate() + timedelta(days=2), time(), SHANGHAI)
    put(customer, next_follow_up_at=day, updated_at=soon(-9000))
    until = datetime.combine(day.date(), time.fromisoformat(at), SHANGHAI)
    span = rounds.Span(until - 10 * MINUTE, until)
    from kebu.crm.reminders.due import steps
    from kebu.crm.reminders.queries import Leads, policy

    found = [note for step in steps(policy(), Leads.read(60), span) for note in step.read(span, None, 10)[0]]
    assert bool(found) is is_told
    if found:
        assert found[0].title.endswith(f"需在{day.month}月{day.day}日前跟进")


def test_a_rule_that_is_off_says_nothing(rep: User, make_customer: MakeCustomer) -> None:
    now = timezone.now()
    ReminderPolicy.objects.create(off=[Rule.PLAN_DUE], created_at=now, updated_at=now)
    read_up_to("due", soon(-5))
    planned(rep, 30)
    put(make_customer(rep), next_follow_up_at=soon(30))
    go()
    assert (len(told(rep, "plan")), len(told(rep, "follow"))) == (0, 1)


def test_a_mark_set_by_a_wrong_clock_stops_nothing(rep: User) -> None:
    read_up_to("due", timezone.now() + timedelta(days=400))
    planned(rep, 30)
    go()
    assert len(told(rep)) == 1
    assert Mark.objects.get(name="due").at <= timezone.now()


def test_a_round_that_dies_anywhere_tells_each_once(rep: User, monkeypatch: pytest.MonkeyPatch) -> None:
    """With chunks of three it dies at every step and goes on from its cursor."""
    monkeypatch.setattr(rounds, "CHUNK", 3)
    read_up_to("due", soon(-5))
    for _number in range(10):
        planned(rep, 30)
    learn()
    job, deaths = Job.objects.enqueue("reminders.due"), 0
    while True:
        Job.objects.filter(pk=job.pk).update(state="running", lease_holder="t", lease_until=timezone.now())
        job.refresh_from_db()
        lives = iter((True, False))

        def stop(lives: object = lives) -> None:
            if not next(lives):  # type: ignore[call-overload]
                raise Interrupted

        try:
            KINDS["reminders.due"].function(job, stop)
            break
        except Interrupted:
            deaths += 1
    assert deaths > 4
    assert len(told(rep)) == 10
