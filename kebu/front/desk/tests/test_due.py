"""What is due of somebody is the same number everywhere, and every number opens exactly its rows."""

import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from kebu.crm.customers.models import Customer
from kebu.crm.followups.models import Plan
from kebu.crm.followups.tests.cast import by_rhythm, given, morning
from kebu.crm.promises.choices import Side
from kebu.front.desk import due_lists
from kebu.front.desk.tests.test_agenda import promised
from kebu.front.desk.tests.test_badge import badge
from kebu.front.desk.tests.test_team import rows
from kebu.office.staff.models import User
from tests.cast import ClientOf, MakeCustomer

pytestmark = pytest.mark.django_db
FIGURE = re.compile(r'<a class="k-(?:overdue|today)" href="(/desk/due/[^"]+)">(\d+)</a>')
GROUP = re.compile(r'id="g-(\w+)">[^<]*</h2><data value="(\d+)"')


@pytest.fixture
def laden(rep: User, mate: User, manager: User, outsider: User, make_customer: MakeCustomer) -> None:
    """One seller with something late and something for today of every sort, some of it twice told."""
    late: dict[str, Any] = {"starts_at": morning(-3), "due_at": morning(-2)}
    make_customer(owner=rep, next_follow_up_at=morning(-1))
    given(rep, make_customer(owner=rep), **late)  # stands at its customer's next follow-up: once
    given(rep, None, kind="task", **late)
    by_the_way = given(rep, make_customer(owner=rep), **late)
    by_rhythm(by_the_way)
    Customer.objects.filter(plans=by_the_way.pk).update(next_follow_up_at=morning(-3) - timedelta(days=1))
    now = timezone.now()
    given(rep, None, kind="task", starts_at=now - timedelta(hours=1), due_at=now + timedelta(minutes=5))
    given(manager, make_customer(owner=mate), executors=[rep, mate], **late)
    hidden = given(outsider, make_customer(owner=outsider), **late)
    Plan.objects.filter(pk=hidden.pk).update(executor_ids=[rep.pk])
    hidden.executors.update(user=rep)  # of a customer that neither he nor his supervisor sees
    customer = make_customer(owner=rep)
    promised(rep, customer, Side.OURS, -9, "发修订图纸")
    promised(rep, customer, Side.THEIRS, -2, "给产线照片")
    promised(rep, customer, Side.OURS, 0, "今天给价")
    promised(rep, customer, Side.THEIRS, 0, "今天还不算晚")
    promised(rep, make_customer(owner=rep), Side.OURS, 3, "下个版本")


def due_rows(client: Client, url: str) -> int:
    page = client.get(unescape(url)).content.decode()
    found = len(re.findall(r"<tr><td>", page))
    assert f"{found}件" in page
    return found


@pytest.mark.usefixtures("laden")
def test_desk_team_table_heading_and_badge_say_the_same(
    rep: User, mate: User, manager: User, client_of: ClientOf
) -> None:
    own = client_of(rep).get("/").content.decode()
    groups = {code: int(count) for code, count in GROUP.findall(own)}
    client = client_of(manager)
    figures = FIGURE.findall(rows(client)["周慕白"])
    assert [int(number) for _url, number in figures] == [groups["overdue"], groups["today"]]
    assert f"其中{groups['overdue']}件逾期" in own
    assert badge(rep, client_of, "/me/") == groups["overdue"]
    assert [due_rows(client, url) for url, _number in figures] == [groups["overdue"], groups["today"]]
    for code, number in groups.items():
        if code in ("overdue", "today", "week"):
            assert due_rows(client_of(rep), f"/desk/due/?when={code}&who={rep.pk}") == number
    total = FIGURE.findall(rows(client)["林知遥"])
    page = client.get("/").content.decode()
    late = groups["overdue"] + int(total[0][1])
    assert f"团队{late}件逾期" in page
    assert due_rows(client, "/desk/due/?when=overdue") == late


@pytest.mark.usefixtures("laden")
def test_only_of_whom_one_sees(rep: User, mate: User, outsider: User, client_of: ClientOf) -> None:
    client = client_of(outsider)
    assert client.get(f"/desk/due/?who={rep.pk}").status_code == 404
    assert client.get("/desk/due/?who=x").status_code == 404
    assert "发修订图纸" not in client.get("/desk/due/").content.decode()
    assert "发修订图纸" in client_of(rep).get("/desk/due/?when=nothing").content.decode()


@pytest.mark.usefixtures("laden")
def test_pages_go_through_all_sorts(
    rep: User, manager: User, client_of: ClientOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(due_lists, "SIZE", 2)
    client, seen = client_of(manager), []
    url = f"/desk/due/?when=overdue&who={rep.pk}"
    for number in range(1, 9):
        page = client.get(f"{url}&cursor={number}").content.decode()
        seen += re.findall(r'<tr><td><a class="k-name" href="[^"]+">([^<]+)<', page)
        if "下一页" not in page or f"cursor={number + 1}" not in page:
            break
    total = re.search(r"(\d+)件：", page)
    assert total
    assert len(seen) == int(total[1])
    assert seen[:2] == ["发修订图纸", "给产线照片"]
