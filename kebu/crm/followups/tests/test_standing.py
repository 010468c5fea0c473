"""A next step that a follow-up replaces is not lost: it stays as a plan, or the writer says that it goes."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from kebu.base.access.choices import Permission
from kebu.crm.customers.models import Customer
from kebu.crm.followups.models import Plan
from kebu.crm.followups.tests.cast import given, morning
from kebu.office.staff.models import User
from tests.cast import ClientOf, MakeCustomer

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def customer(rep: User, make_customer: MakeCustomer) -> Customer:
    return make_customer(owner=rep, next_step="发报价", next_follow_up_at=morning(8) - timedelta(hours=9))


@pytest.fixture
def client(rep: User, client_of: ClientOf) -> Client:
    return client_of(rep)


def day(days: int) -> str:
    return timezone.localdate(morning(days)).isoformat()


def log(client: Client, customer: Customer, **values: Any) -> Any:
    form = {"summary": "谈好了", "method": "phone", "submission": "k1", "next_step": "回访", **values}
    return client.post(f"/interactions/new/?customer={customer.number}", form, headers=HTMX)


def next_of(customer: Customer) -> tuple[datetime | None, str]:
    customer.refresh_from_db()
    return customer.next_follow_up_at, customer.next_step


@pytest.mark.parametrize("ahead", [3, 12])
def test_it_stays_as_a_plan_and_the_new_one_comes_next(
    client: Client, rep: User, customer: Customer, ahead: int
) -> None:
    page = client.get(customer.get_absolute_url()).content.decode()
    assert f"还没做：{day(8)[5:]} 发报价" in page
    answers = [log(client, customer, next_follow_up_at=day(ahead)) for _again in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    plan = Plan.objects.get()
    assert (plan.goal, plan.starts_at, plan.executor_ids) == ("发报价", morning(8), [rep.pk])
    assert next_of(customer) == (morning(ahead) - timedelta(hours=9), "回访")
    assert "“发报价”留作计划" in json.loads(answers[0]["HX-Trigger"])["toast"]["text"]


def test_it_goes_when_the_writer_says_so_or_stays_as_it_is(client: Client, customer: Customer) -> None:
    log(client, customer, next_day="keep")
    assert next_of(customer)[0] == morning(8) - timedelta(hours=9)
    log(client, customer, submission="k2", next_follow_up_at=day(3), stands="replace")
    assert next_of(customer) == (morning(3) - timedelta(hours=9), "回访")
    log(client, customer, submission="k3", next_day="", next_step="")
    assert next_of(customer) == (None, "")
    assert not Plan.objects.exists()


def test_what_stands_in_a_plan_is_not_asked_for(client: Client, rep: User, customer: Customer) -> None:
    given(rep, customer, 8, starts_at=morning(8) - timedelta(hours=9))
    assert "还没做" not in client.get(customer.get_absolute_url()).content.decode()
    log(client, customer, next_follow_up_at=day(3))
    assert Plan.objects.count() == 1


def test_the_sheets_keep_it_too(client: Client, rep: User, customer: Customer) -> None:
    heard = client.post("/interactions/heard/", {"customer": customer.number, "summary": ""}, headers=HTMX)
    assert "还没做" in heard.content.decode()
    number = customer.number
    form = {"customer": number, "about": number, "summary": "谈好了", "method": "wechat", "place": "sheet"}
    quick = {**form, "next_follow_up_at": day(3), "next_step": "回访"}
    assert client.post("/interactions/quick/", quick, headers=HTMX).status_code == 204
    assert [plan.goal for plan in Plan.objects.all()] == ["发报价"]
    mine = given(rep, customer, 0, goal="电话确认")
    Customer.objects.filter(pk=customer.pk).update(next_follow_up_at=morning(6), next_step="寄样品")
    url = f"/plans/{mine.pk}/completion/"
    assert "还没做" in client.get(url, headers=HTMX).content.decode()
    done = {"summary": "谈好了", "method": "phone", "version": 1, "next_follow_up_at": day(4)}
    assert client.post(url, done, headers=HTMX).status_code == 204
    assert set(Plan.objects.open().values_list("goal", flat=True)) == {"发报价", "寄样品"}
    assert next_of(customer)[0] == morning(4) - timedelta(hours=9)


def test_who_may_make_no_plans_is_told_that_it_goes(
    rep: User, customer: Customer, client_of: ClientOf
) -> None:
    role = rep.roles.get()
    role.grants = {name: reach for name, reach in role.grants.items() if name != Permission.PLAN_CREATE}
    role.save()
    client = client_of(User.objects.get(pk=rep.pk))
    page = client.get(customer.get_absolute_url()).content.decode()
    assert "还没做" in page
    assert "留作计划" not in page
    log(client, customer, next_follow_up_at=day(3))
    assert not Plan.objects.exists()
