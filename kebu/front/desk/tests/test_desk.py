"""The desk: what is due, in order; postponing with its way back."""

import json
import re
from datetime import datetime, time, timedelta
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from kebu.base.fields.directories import Context
from kebu.base.journal.authors import Author
from kebu.base.journal.choices import Door
from kebu.base.kit.dates import SHANGHAI
from kebu.crm.customers.models import Customer
from kebu.crm.interactions.actions import log_interaction
from kebu.office.staff.models import Role, User
from tests.cast import ClientOf, MakeCustomer, MakeUser

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def at(days: int, hour: int = 10) -> datetime:
    return datetime.combine(timezone.localdate() + timedelta(days=days), time(hour), SHANGHAI)


def page(user: User, client_of: ClientOf, path: str = "/") -> str:
    answer = client_of(user).get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def test_queue_is_in_order_and_mine_only(
    rep: User, mate: User, client_of: ClientOf, make_customer: MakeCustomer
) -> None:
    due: list[tuple[str, dict[str, Any]]] = [
        ("昨日未办有限公司", {"next_follow_up_at": at(-1), "next_step": "发修订报价单"}),
        ("今日要办有限公司", {"next_follow_up_at": at(0, 23)}),
        ("刚刚分配有限公司", {}),
        ("本周要办有限公司", {"next_follow_up_at": at(6)}),
    ]
    for name, values in reversed(due):
        make_customer(owner=rep, name=name, **values)
    Customer.objects.filter(name="刚刚分配有限公司").update(created_by=mate)
    make_customer(owner=rep, name="下月再说有限公司", next_follow_up_at=at(30))
    make_customer(owner=mate, name="同事客户有限公司", next_follow_up_at=at(-1))
    text = page(rep, client_of)
    places = [text.index(name) for name, _values in due]
    assert places == sorted(places)
    assert "还有3件，其中1件逾期" in text
    assert "发修订报价单" in text
    assert "下月再说" not in text
    assert "同事客户" not in text


def test_what_i_made_myself_was_assigned_by_nobody(
    rep: User, mate: User, client_of: ClientOf, make_customer: MakeCustomer
) -> None:
    """An import of hundreds into one's own hands must not flood the queue; handed over and back it counts."""
    mine, handed = (make_customer(owner=rep, name=name) for name in ("自己建的公司", "转回来的公司"))
    Customer.objects.filter(pk=handed.pk).update(assigned_at=timezone.now() + timedelta(seconds=1))
    text = page(rep, client_of)
    assert (mine.name in text, handed.name in text) == (False, True)
    assert "还有1件" in text


def test_archived_and_contacted_ones_leave_the_queue(
    rep: User, client_of: ClientOf, make_customer: MakeCustomer
) -> None:
    by = Author.for_user(rep, Door.PAGE)
    gone = make_customer(owner=rep, name="归档客户有限公司", next_follow_up_at=at(-1))
    told = make_customer(owner=rep, name="联系过的有限公司")
    Customer.objects.update(created_by=None)
    now = timezone.now()
    gone.archive(by=by, at=now)
    values = {"summary": "谈过了", "method": "phone", "happened_at": now, "status": "done"}
    log_interaction(told, values, contact=None, by=by, at=now, context=Context())
    text = page(rep, client_of)
    assert "归档客户" not in text
    assert "联系过的" not in text


def test_postpone_and_take_back(rep: User, client_of: ClientOf, make_customer: MakeCustomer) -> None:
    customer = make_customer(owner=rep, next_follow_up_at=at(-2))
    day = timezone.localdate() + timedelta(days=3)
    path = f"/desk/{customer.number}/postponement/"
    answer = client_of(rep).post(path, {"day": day.isoformat()}, headers=HTMX)
    customer.refresh_from_db()
    assert (answer.status_code, customer.next_follow_up_at) == (204, at(3))
    assert "desk-changed" in answer.headers["HX-Trigger"]
    undo = json.loads(answer.headers["HX-Trigger"])["toast"]["undo"]
    client_of(rep).post(undo, headers=HTMX)
    customer.refresh_from_db()
    assert customer.next_follow_up_at == at(-2)


def test_undo_takes_back_to_nothing_and_never_over_another_change(
    rep: User, client_of: ClientOf, make_customer: MakeCustomer
) -> None:
    customer, client = make_customer(owner=rep), client_of(rep)
    path = f"/desk/{customer.number}/postponement/"

    def postpone(days: int) -> str:
        day = timezone.localdate() + timedelta(days=days)
        answer = client.post(path, {"day": day.isoformat()}, headers=HTMX)
        return str(json.loads(answer.headers["HX-Trigger"])["toast"]["undo"])

    first = postpone(2)
    client.post(first, headers=HTMX)
    customer.refresh_from_db()
    assert customer.next_follow_up_at is None
    old, _new = postpone(3), postpone(4)
    assert client.post(old, headers=HTMX).status_code == 409
    assert client.post(f"{path}?undo=999", headers=HTMX).status_code == 409
    customer.refresh_from_db()
    assert customer.next_follow_up_at == at(4, 0)


@pytest.mark.parametrize("day", ["", "2020-01-01", "天天", "2026-02-30", "\x00"])
def test_postpone_refuses_what_is_no_day_to_come(
    rep: User, client_of: ClientOf, make_customer: MakeCustomer, day: str
) -> None:
    customer = make_customer(owner=rep, next_follow_up_at=at(-2))
    answer = client_of(rep).post(f"/desk/{customer.number}/postponement/", {"day": day}, headers=HTMX)
    customer.refresh_from_db()
    assert (answer.status_code, customer.next_follow_up_at, customer.version) == (409, at(-2), 1)


def test_who_may_postpone(
    rep: User, manager: User, outsider: User, auditor: User, client_of: ClientOf, make_customer: MakeCustomer
) -> None:
    customer = make_customer(owner=rep, next_follow_up_at=at(-2))
    path, day = f"/desk/{customer.number}/postponement/", timezone.localdate() + timedelta(days=1)
    statuses = [
        client_of(user).post(path, {"day": day.isoformat()}).status_code
        for user in (outsider, auditor, manager)
    ]
    customer.refresh_from_db()
    assert (statuses, customer.version) == ([404, 403, 403], 1)
    assert client_of(rep).get(path).status_code == 200
    assert client_of(outsider).get(path).status_code == 404


def test_the_composer_opens_inside_its_slot(
    rep: User, client_of: ClientOf, make_customer: MakeCustomer
) -> None:
    """The queue around it is replaced as a whole; the button must not inherit that, or the slot is lost."""
    customer = make_customer(owner=rep, next_follow_up_at=at(0, 23))
    text = page(rep, client_of)
    slot = f"open-today-{customer.number}"
    assert f'id="{slot}"' in text
    assert f'hx-target="#{slot}" hx-swap="innerHTML"' in text


def test_badge_counts_what_is_overdue(rep: User, client_of: ClientOf, make_customer: MakeCustomer) -> None:
    make_customer(owner=rep, next_follow_up_at=at(-1))
    make_customer(owner=rep, next_follow_up_at=at(1))
    assert 'value="1"' in page(rep, client_of, "/me/")


def test_a_new_user_is_shown_three_steps(rep: User, client_of: ClientOf) -> None:
    assert "三步用起来" in page(rep, client_of)


def test_nothing_due_leads_to_my_customers(
    rep: User, client_of: ClientOf, make_customer: MakeCustomer
) -> None:
    for _number in range(2):
        make_customer(owner=rep, next_follow_up_at=at(30))
    text = page(rep, client_of)
    assert "三步用起来" not in text
    assert "看我的2个客户" in text
    assert 'href="/customers/?view=mine"' in text


def test_the_last_contact_is_one_phrase(rep: User, client_of: ClientOf, make_customer: MakeCustomer) -> None:
    customer = make_customer(owner=rep, next_follow_up_at=at(0, 23))
    Customer.objects.filter(pk=customer.pk).update(last_contact_at=at(-12))
    text = page(rep, client_of)
    assert re.search(r'class="k-due-last"><time[^>]*>12天前</time>联系过</span>', text)
    assert "上次" not in text


def test_statements_do_not_grow(
    rep: User,
    client_of: ClientOf,
    make_customer: MakeCustomer,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    for number in range(30):
        make_customer(owner=rep, next_follow_up_at=at(number % 9 - 2))
    client = client_of(rep)
    with django_assert_max_num_queries(18):
        assert client.get("/").status_code == 200
    assert Customer.objects.filter(version__gt=1).count() == 0


STEPS = {
    "customer.import": "/imports/",
    "customer.create": "/customers/new/",
    "interaction.create": "/quick/",
}


@pytest.mark.parametrize("lacking", STEPS)
def test_who_has_nothing_to_do_is_led_where_he_may_go(
    lacking: str, make_user: MakeUser, client_of: ClientOf
) -> None:
    user = make_user("xin", "新来的")
    grants = {right: "own" for right in ("customer.view", *STEPS) if right != lacking}
    user.roles.set([Role.objects.create(name="新人", grants=grants)])
    text = page(user, client_of)
    start = text[text.index('aria-labelledby="start-h"') :].partition("</section>")[0]
    assert [address in start for address in STEPS.values()] == [right != lacking for right in STEPS]
