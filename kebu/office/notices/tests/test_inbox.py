"""The inbox and the bell, by their addresses."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from kebu.office.notices.actions import notify
from kebu.office.notices.choices import Way
from kebu.office.notices.models import Notice, Preference
from kebu.office.staff.models import User
from tests.cast import ClientOf, MakeCustomer

TEST = "notices.test"
ReadOnly = Callable[[], AbstractContextManager[None]]


def tell(user: User, *keys: str, **values: Any) -> None:
    told = {"kind": TEST, "title": "计划今天到期", "url": "/customers/"} | values
    for key in keys:
        notify([user.pk], key=key, at=timezone.now(), **told | {"title": f"{told['title']}{key}"})


def ids(user: User) -> list[int]:
    return list(Notice.objects.filter(user=user, read_at=None).order_by("pk").values_list("pk", flat=True))


def test_read_one_by_one_and_all_at_once(rep: User, mate: User, client_of: ClientOf) -> None:
    tell(rep, "甲", "乙", "丙")
    tell(mate, "丁")
    client = client_of(rep)
    page = client.get("/notices/").content.decode()
    assert [name in page for name in "甲乙丙丁"] == [True, True, True, False]
    first, _second, third = ids(rep)
    client.post(f"/notices/{first}/read/")
    assert "计划今天到期甲" not in client.get("/notices/?tab=unread").content.decode()
    client.post(f"/notices/{first}/read/", {"to": "unread"})
    assert first in ids(rep)
    tell(rep, "戊")  # came after the page was drawn
    client.post("/notices/read/", {"newest": third})
    assert len(ids(rep)) == 1
    assert len(ids(mate)) == 1
    assert client.post(f"/notices/{ids(mate)[0]}/read/").status_code == 404


def test_what_one_may_no_longer_see_is_gone(
    rep: User, mate: User, client_of: ClientOf, make_customer: MakeCustomer, read_only: ReadOnly
) -> None:
    customer = make_customer(rep)
    tell(rep, "甲", about=("customer", customer.pk))
    tell(rep, "乙")
    client = client_of(rep)
    with read_only():
        assert client.get("/notices/news/").json()["count"] == 2
        assert "计划今天到期甲" in client.get("/notices/").content.decode()
    type(customer).objects.filter(pk=customer.pk).update(owner=mate)
    with read_only():
        assert client.get("/notices/news/").json()["count"] == 1
        page = client.get("/notices/").content.decode()
    assert "计划今天到期甲" not in page
    assert "计划今天到期乙" in page


def test_the_bell_hears_what_is_new_and_nothing_twice(rep: User, client_of: ClientOf) -> None:
    client = client_of(rep)
    answer = client.get("/notices/news/")
    assert answer.json() == {"count": 0, "newest": 0, "news": []}
    tag = answer["ETag"]
    assert client.get("/notices/news/?after=0", headers={"If-None-Match": tag}).status_code == 304
    tell(rep, "甲", "乙")
    Preference.objects.create(user=rep, ways={TEST: [Way.EMAIL]})
    answer = client.get("/notices/news/?after=0", headers={"If-None-Match": tag})
    told = answer.json()
    assert [one["title"] for one in told["news"]] == ["计划今天到期甲", "计划今天到期乙"]
    assert not any(one["is_loud"] for one in told["news"])
    again = client.get(f"/notices/news/?after={told['newest']}", headers={"If-None-Match": answer["ETag"]})
    assert again.status_code == 304
    client.post(f"/notices/{told['newest']}/read/")
    assert client.get("/notices/news/", headers={"If-None-Match": answer["ETag"]}).json()["count"] == 1


def test_asking_costs_little_and_keeps_no_session_open(rep: User, client_of: ClientOf) -> None:
    client = client_of(rep)
    tell(rep, *map(str, range(5)))
    client.get("/notices/news/")
    with CaptureQueriesContext(
        connection,
    ) as asked:
        client.get("/notices/news/", headers={"X-Kebu-Idle": "1"})
    statements = [query["sql"] for query in asked.captured_queries]
    assert sum("notices_notice" in sql for sql in statements) == 1
    assert len(statements) <= 4


@pytest.mark.usefixtures("rep")
def test_strangers_hear_nothing(client: Client) -> None:
    assert client.get("/notices/news/").status_code == 302
    assert client.get("/notices/").status_code == 302


def test_who_is_let_in_is_told_once(
    rep: User, mate: User, client_of: ClientOf, make_customer: MakeCustomer
) -> None:
    customer = make_customer(rep)
    form = {"ids": str(customer.pk), "user": str(mate.pk), "level": "view", "submission": "share-1"}
    for _time in range(2):
        assert client_of(rep).post("/customers/collaborators/", form).status_code in (200, 204, 302)
    told = Notice.objects.get(kind="customers.shared")
    assert (told.user, told.url, told.about) == (mate, customer.get_absolute_url(), ("customer", customer.pk))
    assert customer.name in client_of(mate).get("/notices/").content.decode()
