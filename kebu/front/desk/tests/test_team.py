"""A supervisor's desk: the team first, whoever needs help at the top; every figure opens what it counts."""

import re
from datetime import datetime, time, timedelta
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from kebu.base.fields.directories import Context
from kebu.base.fields.models import touch
from kebu.base.journal.authors import Author
from kebu.base.journal.choices import Door
from kebu.base.kit.dates import SHANGHAI
from kebu.crm.churn.tests.cast import warned
from kebu.crm.customers import tabs
from kebu.crm.customers.models import Customer
from kebu.crm.interactions.actions import log_interaction
from kebu.crm.pool.models import PoolRule, PoolWarning
from kebu.crm.pool.rules import base_of
from kebu.office.staff.models import User
from tests.cast import ClientOf, MakeCustomer, MakeUser

pytestmark = pytest.mark.django_db
FIGURE = re.compile(r'<a[^>]* href="(/(?:customers|desk)/[^"]+)">(\d+)</a>')


def at(days: int, hour: int = 10) -> datetime:
    return datetime.combine(timezone.localdate() + timedelta(days=days), time(hour), SHANGHAI)


def told(customer: Customer, author: User, happened_at: datetime) -> None:
    values = {"summary": "谈过了", "method": "phone", "happened_at": happened_at, "status": "done"}
    by = Author.for_user(author, Door.PAGE)
    log_interaction(customer, values, contact=None, by=by, at=timezone.now(), context=Context())


def rows(client: Client) -> dict[str, str]:
    """The table by what stands first in each row."""
    page = client.get("/").content.decode()
    table = page[page.index('id="team"') : page.index("</section>", page.index('id="team"'))]
    found = re.findall(r"<tr>\s*<th scope=\"row\">(.*?)</tr>", table, re.DOTALL)
    return {re.findall(r"[一-鿿]{2,}", re.sub(r"<[^>]+>", " ", row))[0]: row for row in found}


def listed(client: Client, url: str) -> int:
    """How many rows the list behind a figure has."""
    page = client.get(unescape(url), headers={"HX-Request": "true"}).content.decode()
    return len(re.findall(r'<tr id="customer-|<tr><td>', page))


@pytest.fixture
def busy(rep: User, mate: User, make_customer: MakeCustomer) -> None:
    """Two sellers: one overdue three times, with something of every sort; the other only for today."""
    for days in (-40, -3, -1, 0, 0, 1, 7, 8):
        make_customer(owner=rep, next_follow_up_at=at(days, 23))
    given = make_customer(owner=rep)
    Customer.objects.filter(pk=given.pk).update(created_by=mate)
    told(make_customer(owner=rep), rep, timezone.now())
    make_customer(owner=mate, next_follow_up_at=at(0, 23))


@pytest.mark.usefixtures("busy")
def test_who_needs_help_comes_first_and_every_figure_opens_its_list(
    rep: User, mate: User, manager: User, outsider: User, make_customer: MakeCustomer, client_of: ClientOf
) -> None:
    make_customer(owner=outsider, next_follow_up_at=at(-1))
    gone = make_customer(owner=mate, next_follow_up_at=at(-9))
    gone.archive(by=Author.for_user(mate, Door.PAGE), at=timezone.now())
    client = client_of(manager)
    table = rows(client)
    assert list(table) == ["周慕白", "林知遥", "合计"]
    figures = [(url, int(count)) for row in table.values() for url, count in FIGURE.findall(row)]
    assert [count for _url, count in figures] == [3, 2, 2, 1, 10, 1, 1, 3, 3, 2, 1]
    assert [listed(client, url) for url, _count in figures] == [count for _url, count in figures]


@pytest.mark.usefixtures("busy")
def test_last_follow_up_and_the_month(
    rep: User, mate: User, manager: User, client_of: ClientOf, make_customer: MakeCustomer
) -> None:
    late = make_customer(owner=mate, next_follow_up_at=at(20))
    told(late, mate, timezone.now() - timedelta(days=45))
    client = client_of(manager)
    table = rows(client)
    assert "刚刚" in table["周慕白"]
    assert "30天没有跟进" in table["林知遥"]
    page = client.get("/").content.decode()
    assert "右边" not in page
    assert "团队3件逾期，今天还有3件" in page
    assert f"团队{timezone.localdate().month}月" in page


@pytest.mark.usefixtures("busy")
def test_own_work_stands_below_the_team(
    manager: User, rep: User, client_of: ClientOf, make_customer: MakeCustomer
) -> None:
    assert "我自己的" not in client_of(manager).get("/").content.decode()
    make_customer(owner=manager, name="主管自己的有限公司", next_follow_up_at=at(-1))
    page = client_of(manager).get("/").content.decode()
    assert page.index('id="team"') < page.index("我自己的") < page.index("主管自己的有限公司")
    assert "（我）" in page
    assert 'id="team"' not in client_of(rep).get("/").content.decode()


@pytest.mark.usefixtures("busy")
def test_who_left_with_customers_is_marked(rep: User, manager: User, client_of: ClientOf) -> None:
    User.objects.filter(pk=rep.pk).update(is_active=False)
    touch("staff")
    table = rows(client_of(manager))
    assert "已停用" in table["周慕白"]
    assert "已停用" not in table["林知遥"]


def test_newly_assigned_is_what_nobody_touched_since(
    rep: User, mate: User, manager: User, client_of: ClientOf, make_customer: MakeCustomer
) -> None:
    """Handed over with a history counts as new; spoken to or planned for since then does not."""
    handed, old = make_customer(owner=rep), make_customer(owner=rep)
    told(handed, rep, timezone.now() - timedelta(days=3))
    Customer.objects.filter(pk=handed.pk).update(owner=mate, assigned_at=timezone.now() - timedelta(days=1))
    Customer.objects.filter(pk=old.pk).update(owner=mate, assigned_at=at(-8))
    Customer.objects.update(created_by=rep)
    make_customer(owner=mate)  # his own making
    told(make_customer(owner=mate), mate, timezone.now())
    make_customer(owner=mate, next_follow_up_at=at(3))
    url = "/customers/?view=team&assigned_at=untouched"
    assert listed(client_of(manager), url) == 1
    assert handed.name in client_of(mate).get("/").content.decode()


def test_a_supervisor_without_any_customer_is_shown_how_to_begin(manager: User, client_of: ClientOf) -> None:
    assert "三步用起来" in client_of(manager).get("/").content.decode()


def test_statements_do_not_grow_with_the_team(
    manager: User,
    make_user: MakeUser,
    make_customer: MakeCustomer,
    client_of: ClientOf,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    values: list[dict[str, Any]] = [{"next_follow_up_at": at(days)} for days in (-2, 0, 3)]
    for owner in (manager, *(make_user(f"user{n}", f"员工{n}", "sales") for n in range(8))):
        for more in (*values, {}):
            told(make_customer(owner=owner), owner, timezone.now())
            make_customer(owner=owner, **more)
    touch("staff")  # as hiring does: names are remembered from now on
    client = client_of(manager)
    client.get("/")
    with django_assert_max_num_queries(21):
        page = client.get("/").content.decode()
    assert page.count("员工") >= 8


def test_as_many_are_quiet_on_the_desk_as_in_the_list(
    manager: User,
    rep: User,
    make_customer: MakeCustomer,
    client_of: ClientOf,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(tabs, "TAB_CAP", 2)  # other tabs say 2+ from here on
    for _number in range(4):
        make_customer(owner=rep)
    Customer.objects.update(created_at=at(-40), grade="A")
    client = client_of(manager)
    desk, shown = (client.get(url).content.decode() for url in ("/", "/customers/tabs/"))
    assert re.search(r'view=quiet">4 <small>', desk)
    assert re.findall(r"view=(?:quiet|best)[^>]*>.*?<data[^>]*>([^<]+)<", shown) == ["2+", "4"]


def test_who_may_leave_and_who_may_fall_is_counted_for_the_team(
    rep: User, outsider: User, manager: User, client_of: ClientOf, make_customer: MakeCustomer
) -> None:
    """Those of the team and no others; the office whose customers never fall reads nothing of it."""
    now = timezone.now()
    assert "流失预警" not in rail(client_of(manager))
    PoolRule.objects.create(is_on=True, days=40, warn_days=5, created_at=now, updated_at=now)
    for owner in (rep, rep, outsider):
        customer = make_customer(owner=owner, customer_type="potential")
        warned(customer)
        base = Customer.objects.filter(pk=customer.pk).values_list(base_of(), flat=True).get()
        PoolWarning.objects.create(customer=customer, owner=owner, base_at=base, warned_at=now)
    found = rail(client_of(manager))
    assert re.findall(r"(流失预警|快掉入公海)\s*(\d+)", found) == [("流失预警", "2"), ("快掉入公海", "2")]
    Customer.objects.filter(owner=rep).update(archived_at=now)
    assert not re.search("流失预警|快掉入公海", rail(client_of(manager)))


def rail(client: Client) -> str:
    """What stands beside the desk, in words."""
    page = client.get("/").content.decode()
    start = page.index('<aside class="k-rail" aria-label="本月"')
    return re.sub(r"<[^>]+>", " ", page[start : page.index("</aside>", start)])
