"""The number beside 工作台 is what the desk shows as overdue: customers and plans, each once."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from kebu.crm.customers.models import Customer
from kebu.crm.followups.models import Plan
from kebu.crm.followups.tests.cast import by_rhythm, given, morning
from kebu.office.staff.models import User
from tests.cast import ClientOf, MakeCustomer

pytestmark = pytest.mark.django_db


def badge(user: User, client_of: ClientOf, path: str) -> int:
    page = client_of(user).get(path).content.decode()
    link = re.search(r'<a[^>]*href="/"[^>]*>(?:(?!</a>).)*?工作台(.*?)</a>', page, re.DOTALL)
    assert link
    value = re.search(r'value="(\d+)"', link[1])
    return int(value[1]) if value else 0


def test_badge_and_desk_count_the_same(
    rep: User,
    manager: User,
    outsider: User,
    client_of: ClientOf,
    make_customer: MakeCustomer,
    django_assert_max_num_queries: Any,
) -> None:
    late: dict[str, Any] = {"starts_at": morning(-3), "due_at": morning(-2)}
    make_customer(owner=rep, next_follow_up_at=morning(-1))
    given(rep, make_customer(owner=rep), **late)  # stands at its customer's next follow-up: once
    given(rep, None, kind="task", **late)
    rhythm = given(rep, make_customer(owner=rep), **late)
    by_the_way = given(rep, make_customer(owner=rep), **late)
    by_rhythm(rhythm, by_the_way)
    Customer.objects.filter(plans=rhythm.pk).update(next_follow_up_at=None)
    Customer.objects.filter(plans=by_the_way.pk).update(next_follow_up_at=morning(-3) - timedelta(days=1))
    given(rep, None, kind="task", starts_at=morning(-1), due_at=timezone.now() + timedelta(days=1))
    given(manager, make_customer(owner=rep, next_follow_up_at=morning(-9)), **late)
    hidden = given(outsider, make_customer(owner=outsider), **late)
    Plan.objects.filter(pk=hidden.pk).update(executor_ids=[rep.pk])
    hidden.executors.update(user=rep)  # of a customer that he does not see
    assert badge(rep, client_of, "/") == 6
    assert badge(manager, client_of, "/") == 1
    for one in (rep, manager, outsider):
        assert badge(one, client_of, "/me/") == badge(one, client_of, "/")
    client = client_of(rep)
    client.get("/me/")
    with django_assert_max_num_queries(10):
        client.get("/me/")
