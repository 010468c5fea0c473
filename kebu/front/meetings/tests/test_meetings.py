"""The weekly meeting: who holds it, what it shows of whom, problems that go on, decisions made plans."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from kebu.base.fields.directories import Context
from kebu.base.journal.authors import Author
from kebu.base.journal.choices import Door
from kebu.base.kit.dates import day_bounds
from kebu.crm.customers.actions import change_customer
from kebu.crm.customers.models import Customer
from kebu.crm.followups.models import Plan
from kebu.crm.followups.tests.cast import given, morning
from kebu.crm.interactions.actions import log_interaction
from kebu.crm.promises.choices import Side
from kebu.front.desk.tests.test_agenda import promised
from kebu.front.meetings.models import WEEK, Meeting, Point
from kebu.front.meetings.queries import monday_of, week_to_talk_of
from kebu.front.privacy.erasing import erase_person
from kebu.front.privacy.people import Person
from kebu.office.staff.models import Role, User
from tests.cast import ClientOf, MakeCustomer

pytestmark = pytest.mark.django_db


def this_week() -> date:
    return monday_of(timezone.localdate())


def held(client: Client, **sent: object) -> Meeting:
    """The meeting of this week, on whichever day the tests run."""
    answer = client.post("/meetings/", {"week": this_week().isoformat()} | sent)
    assert answer.status_code == 302
    return Meeting.objects.get(pk=int(answer["Location"].split("/")[2]))


def shown(client: Client, meeting: Meeting, rep: User) -> str:
    answer = client.get(f"/meetings/{meeting.pk}/", {"rep": rep.pk})
    assert answer.status_code == 200
    return answer.content.decode()


def problem(client: Client, meeting: Meeting, rep: User, text: str, **sent: object) -> int:
    values = {"rep": rep.pk, "problem-text": text, **sent}
    return client.post(f"/meetings/{meeting.pk}/problems/", values).status_code


def decision(client: Client, meeting: Meeting, rep: User, **sent: object) -> int:
    due = (timezone.localdate() + timedelta(days=3)).isoformat()
    values = {
        "rep": rep.pk,
        "decision-text": "把样品催出来",
        "decision-expected": "样品寄到",
        "decision-due_on": due,
    }
    return client.post(f"/meetings/{meeting.pk}/decisions/", values | sent).status_code


def test_a_persons_week(
    rep: User,
    manager: User,
    client_of: ClientOf,
    make_customer: MakeCustomer,
    django_assert_max_num_queries: object,
) -> None:
    late = timezone.now() - timedelta(days=3)
    make_customer(owner=rep, name="湖州蔺氏竹业有限公司", next_follow_up_at=late, next_step="催回样")
    moved = make_customer(owner=rep, name="绍兴越城纺织有限公司", grade="C")
    by, at, context = Author.for_user(rep, Door.PAGE), timezone.now(), Context(reader=rep)
    change_customer(moved, {"grade": "A"}, version=moved.version, by=by, at=at, context=context)
    told = {"summary": "谈了交期", "method": "phone", "happened_at": at - timedelta(minutes=5)}
    moved.refresh_from_db()
    log_interaction(moved, told, contact=None, by=by, at=at, context=context)
    client = client_of(manager)
    meeting = held(client)
    assert held(client) == meeting  # one a week, however often it is begun
    text = shown(client, meeting, rep)
    for words in ("湖州蔺氏竹业", "催回样", "绍兴越城纺织", "<s>C级</s>", "<b>A级</b>"):
        assert words in text
    with django_assert_max_num_queries(22):  # type: ignore[operator]
        shown(client, meeting, rep)


def test_a_problem_goes_on_from_week_to_week_until_it_is_solved(
    rep: User, manager: User, client_of: ClientOf, make_customer: MakeCustomer
) -> None:
    make_customer(owner=rep)
    client = client_of(manager)
    before = held(client)
    Meeting.objects.filter(pk=before.pk).update(week=before.week - timedelta(days=7))
    assert problem(client, before, rep, "样品迟迟不到", submission="one") == 302
    assert problem(client, before, rep, "样品迟迟不到", submission="one") == 302
    point = Point.objects.get()
    meeting = held(client)
    assert meeting != before
    assert "样品迟迟不到" in shown(client, meeting, rep)
    url = f"/meetings/{meeting.pk}/problems/{point.pk}/solution/"
    assert client.post(url, {"rep": rep.pk}).status_code == 302
    assert Point.objects.get().is_solved
    assert client.post(url, {"rep": rep.pk, "undo": 1}).status_code == 302
    assert not Point.objects.get().is_solved


def test_a_decision_is_a_plan_of_its_person_once(
    rep: User, manager: User, client_of: ClientOf, make_customer: MakeCustomer
) -> None:
    customer = make_customer(owner=rep)
    client = client_of(manager)
    meeting = held(client)
    for _press in range(2):
        status = decision(client, meeting, rep, submission="x", **{"decision-number": customer.number})
        assert status == 302
    plan = Plan.objects.get()
    assert (plan.goal, plan.source, plan.executor_ids) == ("把样品催出来", "meeting", [rep.pk])
    assert plan.customer_id == customer.pk
    assert Point.objects.get().plan_id == plan.pk
    assert "把样品催出来" in client.get(f"/meetings/{meeting.pk}/minutes/").content.decode()
    assert "把样品催出来" in client_of(rep).get("/plans/").content.decode()
    Plan.objects.all().delete()
    assert decision(client, meeting, rep, submission="x", **{"decision-number": customer.number}) == 302
    assert not Plan.objects.exists()  # it was decided once, whatever became of it
    Point.objects.all().delete()
    assert decision(client, meeting, rep, submission="x", **{"decision-number": customer.number}) == 404
    problem(client, meeting, rep, "样品迟迟不到", submission="y")
    Point.objects.all().delete()
    assert problem(client, meeting, rep, "样品迟迟不到", submission="y") == 404


def test_who_makes_no_plans_decides_none_and_is_told(
    rep: User, manager: User, client_of: ClientOf, make_customer: MakeCustomer
) -> None:
    role = manager.roles.get()
    wide = dict(role.grants)
    client = client_of(manager)
    meeting = held(client)
    Role.objects.filter(pk=role.pk).update(grants={**wide, "plan.create": "own"})
    number = make_customer(owner=rep).number
    assert decision(client, meeting, rep, **{"decision-number": number}) == 422
    Role.objects.filter(pk=role.pk).update(grants={k: v for k, v in wide.items() if k != "plan.create"})
    assert "没有“新建跟进计划”的权限" in shown(client, meeting, rep)
    assert decision(client, meeting, rep) == 403
    assert problem(client, meeting, rep, "还没谈拢") == 302
    assert (Plan.objects.count(), Point.objects.count()) == (0, 1)


def test_what_is_wrong_is_told_in_the_form(
    rep: User, outsider: User, manager: User, client_of: ClientOf, make_customer: MakeCustomer
) -> None:
    make_customer(owner=rep)
    other = make_customer(owner=outsider)
    client = client_of(manager)
    meeting = held(client)
    assert problem(client, meeting, rep, "") == 422
    assert problem(client, meeting, rep, "别人的客户", **{"problem-number": other.number}) == 422
    assert decision(client, meeting, rep, **{"decision-due_on": "2020-01-01"}) == 422
    assert decision(client, meeting, outsider) == 404
    assert client.post(f"/meetings/{meeting.pk}/closing/").status_code == 302
    assert problem(client, meeting, rep, "会后再说") == 422
    assert not Point.objects.exists()
    assert client.post(f"/meetings/{meeting.pk}/closing/", {"undo": 1}).status_code == 302
    assert problem(client, meeting, rep, "重新打开再说") == 302


def test_meetings_are_their_leaders(
    rep: User, manager: User, auditor: User, admin: User, client_of: ClientOf, make_customer: MakeCustomer
) -> None:
    make_customer(owner=rep)
    meeting = held(client_of(manager))
    assert problem(client_of(manager), meeting, rep, "样品迟迟不到") == 302
    for user, status in ((rep, 403), (auditor, 403), (admin, 404)):
        client = client_of(user)
        assert client.get(f"/meetings/{meeting.pk}/").status_code == status
        assert client.get(f"/meetings/{meeting.pk}/minutes/").status_code == status
        assert problem(client, meeting, rep, "不该有") == status
        assert decision(client, meeting, rep) == status
        assert client.post(f"/meetings/{meeting.pk}/closing/").status_code == status
    assert Point.objects.count() == 1
    assert Meeting.objects.get().closed_at is None


def test_a_point_about_a_customer_no_longer_seen_is_not_told(
    rep: User, outsider: User, manager: User, client_of: ClientOf, make_customer: MakeCustomer
) -> None:
    make_customer(owner=rep)
    given_away = make_customer(owner=rep, name="绍兴越城纺织有限公司")
    client = client_of(manager)
    meeting = held(client)
    about = {"problem-number": given_away.number}
    assert problem(client, meeting, rep, "越城的货款", **about) == 302
    assert "越城的货款" in shown(client, meeting, rep)
    assert "1个问题" in shown(client, meeting, rep)
    Customer.objects.filter(pk=given_away.pk).update(owner=outsider)
    assert "1个问题" not in shown(client, meeting, rep)
    assert "越城的货款" not in shown(client, meeting, rep)
    assert "越城的货款" not in client.get(f"/meetings/{meeting.pk}/minutes/").content.decode()


def test_an_erased_persons_name_leaves_what_was_said_of_him(
    rep: User, manager: User, admin: User, client_of: ClientOf, make_customer: MakeCustomer
) -> None:
    customer = make_customer(owner=rep, name="欧阳杏林", kind="person", phone="+8613757200317")
    client = client_of(manager)
    meeting = held(client)
    about = {"problem-number": customer.number}
    assert problem(client, meeting, rep, "欧阳杏林嫌贵", **about) == 302
    person = Person(customer, None)
    erase_person(person, by=Author.for_user(admin, Door.PAGE), at=timezone.now(), reason="本人要求")
    assert "欧阳杏林" not in Point.objects.get().text


def test_a_meeting_is_about_the_last_week_until_this_one_has_something_to_tell(
    rep: User, manager: User, outsider: User, client_of: ClientOf, make_customer: MakeCustomer
) -> None:
    monday = date(2026, 11, 23)
    customer, client = make_customer(owner=rep), client_of(manager)
    elsewhere = {"summary": "谈了交期", "method": "phone", "happened_at": day_bounds(monday)[0]}
    by, now = Author.for_user(outsider, Door.PAGE), timezone.now()
    theirs = make_customer(owner=outsider)
    log_interaction(theirs, elsewhere, contact=None, by=by, at=now, context=Context(reader=outsider))
    assert week_to_talk_of(manager, monday + timedelta(days=3)) == monday - WEEK  # nobody spoke to anybody
    by, now = Author.for_user(rep, Door.PAGE), timezone.now()
    told = {"summary": "谈了交期", "method": "phone", "happened_at": day_bounds(monday)[0]}
    talk = log_interaction(customer, told, contact=None, by=by, at=now, context=Context(reader=rep))
    assert week_to_talk_of(manager, monday) == monday - WEEK
    assert week_to_talk_of(manager, monday + timedelta(days=1)) == monday
    talk.delete()
    last, this = held(client, week=""), held(client)
    assert (last.week, this.week) == (this_week() - WEEK, this_week())
    for one, current in ((last, "上周"), (this, "本周")):
        assert f'aria-current="true">{current}</button>' in shown(client, one, rep)
    page = client.get("/meetings/").content.decode()
    assert "接着开本周周会" in page
    assert "接着开上周周会" in page


def test_no_figure_falls_before_the_week_has_begun(
    rep: User, manager: User, client_of: ClientOf, make_customer: MakeCustomer
) -> None:
    customer, client = make_customer(owner=rep), client_of(manager)
    by, now = Author.for_user(rep, Door.PAGE), timezone.now()
    told = {"summary": "谈了交期", "method": "phone", "happened_at": day_bounds(this_week())[0] - WEEK / 2}
    log_interaction(customer, told, contact=None, by=by, at=now, context=Context(reader=rep))
    has_begun = timezone.localdate() > this_week()
    assert (">-1<" in shown(client, held(client), rep)) == has_begun
    assert ">+1<" in shown(client, held(client, week=(this_week() - WEEK).isoformat()), rep)


def test_what_is_overdue_is_what_his_own_desk_says(
    rep: User, manager: User, client_of: ClientOf, make_customer: MakeCustomer
) -> None:
    late: dict[str, Any] = {"starts_at": morning(-3), "due_at": morning(-2)}
    given(rep, make_customer(owner=rep, name="湖州蔺氏竹业有限公司"), **late)
    given(rep, None, kind="task", goal="交月报", **late)
    promised(rep, make_customer(owner=rep), Side.OURS, -9, "发修订图纸")
    client = client_of(manager)
    text = shown(client, held(client), rep)
    assert "3逾期" in text
    assert "全部3件" in text
    for words in ("湖州蔺氏竹业", "交月报", "发修订图纸"):
        assert words in text
    assert "其中3件逾期" in client_of(rep).get("/").content.decode()
