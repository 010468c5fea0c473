"""The rules on their pages: looked at before they take effect; what the customer's page tells."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from kebu.base.fields.directories import Context
from kebu.base.jobs.models import Job
from kebu.base.jobs.registry import KINDS, learn
from kebu.base.journal.authors import Author
from kebu.base.journal.choices import Door
from kebu.base.journal.models import JournalEntry
from kebu.crm.cadence import actions
from kebu.crm.cadence.following import replan
from kebu.crm.cadence.models import CadenceRule, RuleChange, Topic, Turn
from kebu.crm.cadence.names import contradicts
from kebu.crm.cadence.queries import explained
from kebu.crm.cadence.rulebook import rulebook
from kebu.crm.customers.actions import change_customer
from kebu.crm.customers.models import Customer
from kebu.crm.followups.choices import Source
from kebu.crm.followups.models import Plan
from kebu.crm.interactions.actions import log_interaction
from kebu.office.staff.models import User
from tests.cast import ClientOf, MakeCustomer

Guard = Callable[[], AbstractContextManager[None]]
Counted = Callable[[int], AbstractContextManager[Any]]


@pytest.fixture
def office(admin: User, client_of: ClientOf) -> Client:
    return client_of(admin)


def worked_off(kind: str) -> None:
    """Do what waits, as a worker does."""
    learn()
    for job in Job.objects.filter(kind=kind, state="queued"):
        claimed = Job.objects.claim("test", at=timezone.now())
        while claimed and claimed.pk != job.pk:
            claimed = Job.objects.claim("test", at=timezone.now())
        assert claimed
        claimed.finish(KINDS[kind].function(claimed, lambda: None), at=timezone.now())


def rule_data(**changes: object) -> dict[str, object]:
    today = timezone.localdate().isoformat()
    return {
        "valid_from": today, "is_active": "on", "every": 2, "unit": "week", "slack_days": 2,
        "name": "两周联系", "method": "phone", "expected": "知道近况", "submission": "k1", **changes,
    }  # fmt: skip


def test_pages_open_with_few_statements_and_write_nothing(
    office: Client, read_only: Guard, django_assert_max_num_queries: Counted
) -> None:
    for url in ("", "rules/A/contact/", "rules/C/deep/", "scope/", "topics/decision/"):
        with read_only():
            assert office.get(f"/cadence/{url}").status_code == 200
    with django_assert_max_num_queries(12):
        page = office.get("/cadence/").content.decode()
    assert "深度需求挖掘" in page
    assert "行业解决方案白皮书" in page
    assert office.get("/cadence/rules/D/contact/").status_code == 404


def test_a_change_is_looked_at_before_it_takes_effect(
    office: Client, rep: User, make_customer: MakeCustomer
) -> None:
    customer = make_customer(rep, grade="A")
    turn = Turn.objects.get(customer=customer, rhythm="contact")
    assert turn.due_on == turn.base_on + timedelta(days=7)
    answer = office.post("/cadence/rules/A/contact/", rule_data())
    assert (
        office.post("/cadence/rules/A/contact/", rule_data()).headers["Location"]
        == answer.headers["Location"]
    )
    change = RuleChange.objects.get()
    assert rulebook().in_effect("A", "contact", timezone.localdate()).name == "每周联系"  # type: ignore[union-attr]
    told = next(row for row in change.result["owners"] if row["owner"] == rep.pk)
    assert sum(told["before"]) > sum(told["after"])
    page = office.get(answer.headers["Location"]).content.decode()
    assert "周慕白" in page
    office.post(f"/cadence/changes/{change.pk}/effect/")
    worked_off("cadence.work")
    turn.refresh_from_db()
    assert turn.due_on == turn.base_on + timedelta(days=14)
    plan = Plan.objects.get(source_key=turn.source_key)
    assert plan.goal == "两周联系"
    assert JournalEntry.objects.filter(kind="cadence-rule").count() == 1
    again = office.post(f"/cadence/changes/{change.pk}/effect/", follow=True)
    assert "已经生效过了" in again.content.decode()
    assert CadenceRule.objects.filter(grade="A", rhythm="contact").count() == 2


def test_a_rule_that_has_not_begun_can_go_and_one_that_has_cannot(office: Client) -> None:
    later = (timezone.localdate() + timedelta(days=40)).isoformat()
    office.post("/cadence/rules/B/deep/", rule_data(valid_from=later))
    office.post(f"/cadence/changes/{RuleChange.objects.get().pk}/effect/")
    coming = CadenceRule.objects.get(grade="B", rhythm="deep", valid_from=later)
    assert "将改" in office.get("/cadence/").content.decode()
    assert office.post(f"/cadence/rules/{coming.pk}/removal/").status_code == 302
    office.post(f"/cadence/changes/{RuleChange.objects.latest('pk').pk}/effect/")
    assert not CadenceRule.objects.filter(pk=coming.pk).exists()
    old = CadenceRule.objects.get(grade="B", rhythm="deep")
    assert office.post(f"/cadence/rules/{old.pk}/removal/").status_code == 409


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"valid_from": "2020-01-01"}, "已经过去了"),
        ({"every": "0"}, "至少是1"),
        ({"every": "900"}, "最多"),
        ({"slack_days": "14"}, "要比间隔短"),
        ({"expected": ""}, "预期成果"),
    ],
)
def test_what_makes_no_rule_is_refused(office: Client, changes: dict[str, object], said: str) -> None:
    answer = office.post("/cadence/rules/A/contact/", rule_data(**changes))
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not RuleChange.objects.exists()


def test_a_name_that_says_another_interval_is_warned_of(office: Client) -> None:
    for key, name, is_told in (
        ("n1", "每周联系", True),
        ("n2", "每两周联系", False),
        ("n3", "近况联系", False),
    ):
        answer = office.post("/cadence/rules/A/contact/", rule_data(name=name, submission=key))
        page = office.get(answer.headers["Location"]).content.decode()
        assert ("对不上" in page) is is_told


@pytest.mark.parametrize(
    ("name", "every", "unit", "is_clash"),
    [
        ("每周联系", 1, "week", False),
        ("每周联系", 7, "day", False),
        ("每星期联系", 1, "month", True),
        ("每2周联系", 2, "week", False),
        ("两周联系", 3, "week", True),
        ("每月轻量互动", 4, "week", False),
        ("每三个月回访", 1, "month", True),
        ("每季度回访", 3, "month", False),
        ("半年激活", 1, "month", False),
        ("每半年激活", 6, "month", False),
        ("每半年激活", 1, "month", True),
        ("深度需求挖掘", 1, "month", False),
        ("周末问候", 1, "month", False),
    ],
)
def test_what_names_say_of_intervals(name: str, every: int, unit: str, is_clash: bool) -> None:
    assert contradicts(name, every, unit) is is_clash


def test_large_bases_are_reckoned_behind_the_scenes(
    office: Client, rep: User, make_customer: MakeCustomer, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_customer(rep, grade="B")
    monkeypatch.setattr(actions, "SMALL", 0)
    office.post("/cadence/scope/", {"types": ["won"], "submission": "k2"})
    change = RuleChange.objects.get()
    assert change.result is None
    page = office.get(f"/cadence/changes/{change.pk}/").content.decode()
    assert 'hx-trigger="every 2s"' in page
    assert office.post(f"/cadence/changes/{change.pk}/effect/").status_code == 409
    worked_off("cadence.foresee")
    change = RuleChange.objects.get()
    assert change.result["customers"] == [1, 0]
    office.post(f"/cadence/changes/{change.pk}/effect/")
    worked_off("cadence.work")
    assert not Turn.objects.exists()
    assert not Plan.objects.filter(source=Source.CADENCE).exists()


def test_topics_reach_the_plans_of_their_stage(
    office: Client, rep: User, make_customer: MakeCustomer
) -> None:
    make_customer(rep, grade="A", need_stage="decision")
    plan = Plan.objects.filter(source=Source.CADENCE).first()
    assert plan
    assert plan.requirement == "建议话题：合作细节答疑、成功客户见证"
    topic = Topic.objects.get(need_stage="decision")
    data = {"topics": "账期、案例", "version": topic.version}
    office.post("/cadence/topics/decision/", data)
    stale = office.post("/cadence/topics/decision/", {**data, "topics": "别的"})
    assert stale.status_code == 422
    worked_off("cadence.work")
    plan = Plan.objects.filter(source=Source.CADENCE).first()
    assert plan
    assert plan.requirement == "建议话题：账期、案例"


def talk(customer: Customer, rep: User, at: datetime, **values: Any) -> None:
    by = Author.for_user(rep, Door.PAGE)
    told = {"summary": "聊了近况", "happened_at": at, **values}
    log_interaction(customer, told, contact=None, by=by, at=at, context=Context())


def test_the_customers_page_says_when_and_why(
    rep: User, make_customer: MakeCustomer, client_of: ClientOf, outsider: User
) -> None:
    customer = make_customer(rep, grade="A", need_stage="consideration")
    now = timezone.now()
    talk(customer, rep, now)
    page = client_of(rep).get(customer.get_absolute_url()).content.decode()
    today = timezone.localdate()
    assert "每周联系" in page
    assert f"A级每1周，因为上次{today.month}月{today.day}日" in page
    assert "产品试用" in page
    assert client_of(outsider).get(customer.get_absolute_url()).status_code == 404
    assert not Turn.objects.visible_to(outsider).exists()
    assert Turn.objects.visible_to(rep).count() == 2


def test_one_change_of_grade_asks_few_statements(
    rep: User, make_customer: MakeCustomer, django_assert_max_num_queries: Counted
) -> None:
    customer = make_customer(rep, grade="C")
    Customer.objects.filter(pk=customer.pk).update(grade="A")
    with django_assert_max_num_queries(25):
        assert replan([customer.pk], at=timezone.now()) == 2
    with django_assert_max_num_queries(10):
        assert replan([customer.pk], at=timezone.now()) == 0


def test_a_day_off_is_told(rep: User, make_customer: MakeCustomer) -> None:
    customer = make_customer(rep, grade="A")
    Customer.objects.filter(pk=customer.pk).update(last_contact_at=datetime(2026, 9, 28, 9, tzinfo=UTC))
    rule = CadenceRule.objects.get(grade="A", rhythm="contact")
    facts = {"base_on": date(2026, 9, 28), "due_on": date(2026, 10, 5), "day": date(2026, 10, 8)}
    Turn.objects.filter(customer=customer, rhythm="contact").update(**facts, is_first=False, rule=rule)
    said = explained(customer, Context(today=date(2026, 9, 29)))[0]
    assert (said.name, said.rule) == ("每周联系", "A级每1周")
    assert said.why == "上次9月28日，10月5日是国庆节"
    assert not said.is_overdue


def test_an_ungraded_customer_has_no_cadence(rep: User, make_customer: MakeCustomer) -> None:
    customer = make_customer(rep)
    talk(customer, rep, timezone.now())
    assert not Turn.objects.exists()
    customer.refresh_from_db()
    by = Author.for_user(rep, Door.PAGE)
    told: dict[str, Any] = {"version": customer.version, "by": by, "at": timezone.now(), "context": Context()}
    change_customer(customer, {"grade": "B"}, **told)
    assert Turn.objects.filter(customer=customer).count() == 2
