"""What waits besides next follow-ups: plans, promises, birthdays, each once and in its place."""

from datetime import timedelta

import pytest
from django.utils import timezone

from kebu.base.fields.directories import Context
from kebu.base.journal.authors import Author
from kebu.base.journal.choices import Door
from kebu.crm.customers.models import Customer
from kebu.crm.followups.tests.cast import by_rhythm, given, morning
from kebu.crm.interactions.actions import log_interaction
from kebu.crm.promises.choices import Side
from kebu.crm.promises.models import Promise
from kebu.office.staff.models import User
from tests.cast import ClientOf, MakeCustomer

pytestmark = pytest.mark.django_db


def promised(user: User, customer: Customer, side: Side, days: int, text: str) -> None:
    """A promise due that many days from today."""
    customer.refresh_from_db()
    now = timezone.now()
    author = Author.for_user(user, Door.PAGE)
    told = {"summary": "通了电话", "method": "phone", "happened_at": now}
    talk = log_interaction(customer, told, contact=None, by=author, at=now, context=Context(reader=user))
    due = timezone.localdate() + timedelta(days=days)
    Promise.objects.update_or_create(
        interaction=talk,
        side=side,
        defaults={
            "customer": customer,
            "text": text,
            "made_on": due - timedelta(days=9),
            "due_on": due,
            "responsible": user,
            "created_at": now,
            "updated_at": now,
        },
    )


def desk(user: User, client_of: ClientOf) -> str:
    answer = client_of(user).get("/")
    assert answer.status_code == 200
    return answer.content.decode()


def test_plans_promises_and_birthdays_stand_in_the_queue(
    rep: User, mate: User, client_of: ClientOf, make_customer: MakeCustomer
) -> None:
    today = timezone.localdate()
    customer = make_customer(owner=rep, name="湖州蔺氏竹业有限公司")
    given(rep, None, 0, goal="整理样册", due_at=morning(1))
    given(rep, None, -3, goal="交月报", due_at=morning(-2))
    given(mate, None, 0, goal="同事的事", due_at=morning(1))
    promised(rep, customer, Side.OURS, 2, "发修订图纸")
    promised(rep, customer, Side.THEIRS, -2, "给产线照片")
    promised(rep, customer, Side.THEIRS, 5, "还早的承诺")
    make_customer(
        owner=rep,
        name="宁波象山渔具有限公司",
        contacts=[{"name": "应阿大", "birthday": f"1988-{today + timedelta(days=3):%m-%d}"}],
    )
    text = desk(rep, client_of)
    words = [
        "逾期",
        "交月报",
        "给产线照片",
        "客户承诺",
        "今天",
        "整理样册",
        "7天内",
        "发修订图纸",
        "我方承诺",
        "应阿大生日",
    ]
    places = [text.index(word, text.index('class="k-queue"')) for word in words]
    assert places == sorted(places)
    assert "同事的事" not in text
    assert "还早的承诺" not in text
    assert "还有3件，其中2件逾期，7天内1件" in text


def test_a_plan_at_the_next_follow_up_stands_there_once(
    rep: User, client_of: ClientOf, make_customer: MakeCustomer
) -> None:
    plan = given(rep, make_customer(owner=rep, name="湖州蔺氏竹业有限公司"), 1, goal="确认试样时间")
    text = desk(rep, client_of)
    assert text.count(">确认试样时间</a>") == 1
    assert f"/plans/{plan.pk}/completion/" in text


def test_a_touch_of_the_cadence_is_had_by_a_follow_up_no_later(
    rep: User, client_of: ClientOf, make_customer: MakeCustomer
) -> None:
    soon = make_customer(owner=rep, name="湖州蔺氏竹业有限公司", next_follow_up_at=morning(1))
    alone = make_customer(owner=rep, name="绍兴越城纺织有限公司")
    for customer in (soon, alone):
        plan = given(rep, customer, 3, goal=f"每周联系{customer.number}")
        by_rhythm(plan)
    Customer.objects.filter(pk=alone.pk).update(next_follow_up_at=None)
    Customer.objects.filter(pk=soon.pk).update(next_follow_up_at=morning(1), next_step="催回样")
    text = desk(rep, client_of)
    assert f"每周联系{alone.number}" in text
    assert f"每周联系{soon.number}" not in text
    assert "催回样" in text


def test_what_is_no_longer_seen_is_gone(
    rep: User, mate: User, client_of: ClientOf, make_customer: MakeCustomer
) -> None:
    customer = make_customer(owner=rep)
    promised(rep, customer, Side.OURS, 1, "发修订图纸")
    given(rep, customer, 2, goal="确认试样时间")
    assert "发修订图纸" in desk(rep, client_of)
    Customer.objects.filter(pk=customer.pk).update(owner=mate)
    text = desk(rep, client_of)
    assert "发修订图纸" not in text
    assert "确认试样时间" not in text
