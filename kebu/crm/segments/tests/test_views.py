"""Saved views: kept from the list, opened as tabs, changed, shared, deleted; each sees his own rows."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from kebu.crm.segments.models import SavedView
from kebu.office.staff.models import Department, Role, User
from tests.cast import ClientOf, MakeCustomer

pytestmark = pytest.mark.django_db
LIST, NEW = "/customers/", "/views/new/"


def names(client: Client, query: str = "") -> set[str]:
    """The customers on the page."""
    answer = client.get(f"{LIST}{query}")
    assert answer.status_code == 200
    return {row.name for row in answer.context["rows"]}


def keep(client: Client, state: str, name: str = "大客户", **data: str) -> SavedView:
    """Save a state of the list."""
    answer = client.post(f"{NEW}{state}", {"name": name, **data})
    assert answer.status_code == 302, answer.context["form"].errors
    view = SavedView.objects.latest("pk")
    assert answer["Location"] == f"{LIST}?view={view.code}"
    return view


def tab_names(client: Client) -> list[str]:
    return [tab["label"] for tab in client.get(LIST).context["tabs"]]


@pytest.fixture
def book(rep: User, mate: User, outsider: User, make_customer: MakeCustomer) -> None:
    """Three owners' customers of two grades."""
    for owner in (rep, mate, outsider):
        for grade in ("A", "B"):
            make_customer(
                owner, name=f"{owner.name}{grade}", grade=grade, customer_type="won", need=f"{grade}级的"
            )


def test_kept_and_opened(rep: User, client_of: ClientOf, book: None) -> None:
    """The whole state comes back: conditions, search, order; the address stays short."""
    client = client_of(rep)
    view = keep(client, "?grade=A&q=周&sort=-name", "我的A级")
    assert parse_qs(view.query) == {"view": ["mine"], "q": ["周"], "grade": ["A"], "sort": ["-name"]}
    page = client.get(f"{LIST}?view={view.code}")
    assert [row.name for row in page.context["rows"]] == ["周慕白A"]
    assert page.context["query"].sort_text == "-name"
    assert not page.context["standing"].is_changed
    current = next(tab for tab in page.context["tabs"] if tab["is_current"])
    assert (current["label"], str(current["count"])) == ("我的A级", "1")


def test_changed_state_is_told_and_saved(rep: User, client_of: ClientOf, book: None) -> None:
    client = client_of(rep)
    view = keep(client, "?grade=A")
    address = f"?view={view.code}&grade=B&sort=next_follow_up_at"
    assert names(client, address) == {"周慕白B"}
    page = client.get(LIST + address)
    assert page.context["standing"].is_changed
    text = page.content.decode()
    for words in ("已改动", "另存为", "还原", "保存"):
        assert words in text
    # without any condition the address still says all of the state, so nothing snaps back
    assert names(client, f"?view={view.code}&sort=next_follow_up_at") == {"周慕白A", "周慕白B"}
    chip = client.get(f"{LIST}?view={view.code}").context["query"].chips[0]
    assert names(client, chip.remove_url) == {"周慕白A", "周慕白B"}
    saved = client.post(f"/views/{view.pk}/state/{address}", {"version": "1"})
    assert saved.status_code == 302
    assert names(client, f"?view={view.code}") == {"周慕白B"}
    late = client.post(f"/views/{view.pk}/state/?grade=A", {"version": "1"}, headers={"HX-Request": "true"})
    assert late.status_code == 409
    assert names(client, f"?view={view.code}") == {"周慕白B"}


def test_everybody_sees_his_own_customers_in_a_shared_view(
    rep: User, mate: User, manager: User, outsider: User, admin: User,
    departments: dict[str, Department], client_of: ClientOf, book: None,
) -> None:  # fmt: skip
    place = departments["销售一部"]
    Department.objects.filter(pk=place.pk).update(manager=manager)
    ours = keep(client_of(manager), "?view=team&grade=A", "部门的", audience=f"d{place.pk}")
    all_of_us = keep(client_of(admin), "?view=team&grade=B", "公司的", audience="company")
    assert names(client_of(manager), f"?view={ours.code}") == {"周慕白A", "林知遥A"}
    assert names(client_of(rep), f"?view={ours.code}") == {"周慕白A"}
    assert names(client_of(mate), f"?view={all_of_us.code}") == {"林知遥B"}
    assert names(client_of(outsider), f"?view={all_of_us.code}") == {"何清越B"}
    assert {"部门的", "公司的"} <= set(tab_names(client_of(rep)))
    assert "部门的" not in tab_names(client_of(outsider))


def test_a_view_that_is_none_for_the_reader_lists_nothing(
    rep: User, outsider: User, admin: User, client_of: ClientOf, book: None
) -> None:
    """Neither deleted, nor another's, nor unknown: «all of the list» must never mean more than was meant."""
    mine = keep(client_of(rep), "?grade=A")
    for address in (
        f"?view={mine.code}",
        f"?view={mine.code}&grade=A",
        "?view=v999999",
        f"?view=v{'9' * 30}",
    ):
        page = client_of(outsider).get(LIST + address)
        assert page.context["rows"] == [], address
        assert "这个视图已经删除，或者不再对你公开" in page.content.decode()
    assert names(client_of(rep), f"?view={mine.code}") == {"周慕白A"}
    client = client_of(rep)
    client.post(f"/views/{mine.pk}/removal/")
    assert names(client, f"?view={mine.code}") == set()
    chosen = client.post(
        f"/customers/archivals/?view={mine.code}", {"scope": "all"}, headers={"HX-Request": "true"}
    )
    assert chosen.status_code == 422
    client.post(f"/views/{mine.pk}/restoral/")
    assert names(client, f"?view={mine.code}") == {"周慕白A"}


def test_who_may_publish_and_change(
    rep: User, mate: User, manager: User, outsider: User, admin: User, auditor: User,
    departments: dict[str, Department], client_of: ClientOf, read_only: Any,
) -> None:  # fmt: skip
    place = departments["销售一部"]
    Department.objects.filter(pk=place.pk).update(manager=manager)
    for user, audience in ((rep, "company"), (rep, f"d{place.pk}"), (manager, "company"), (rep, "d0")):
        answer = client_of(user).post(f"{NEW}?grade=A", {"name": "不行", "audience": audience})
        assert not SavedView.objects.exclude(reach="personal").exists()
        SavedView.objects.all().delete()
        assert answer.status_code in (302, 422)
    wrong = client_of(manager).post(f"{NEW}?grade=A", {"name": "x", "audience": f"d{departments['总部'].pk}"})
    assert wrong.status_code == 422
    ours = keep(client_of(admin), "?grade=A", audience=f"d{place.pk}")
    urls = [f"/views/{ours.pk}/{verb}/" for verb in ("edit", "state", "copy", "removal", "restoral")]
    stranger, blind, reader = client_of(outsider), client_of(auditor), client_of(mate)
    with read_only():
        for url in urls:
            assert stranger.post(url, {"name": "x"}).status_code == 404
            assert blind.post(url, {"name": "x"}).status_code == 403
        for url in (url for url in urls if "copy" not in url):
            assert reader.post(url, {"name": "x"}).status_code == 403
    assert client_of(mate).post(urls[2]).status_code == 302
    mine = SavedView.objects.latest("pk")
    assert (mine.owner, mine.reach, mine.query) == (mate, "personal", ours.query)
    changed = client_of(manager).post(urls[0], {"name": "新名", "version": "1", "audience": f"d{place.pk}"})
    assert changed.status_code == 302
    late = client_of(admin).post(urls[0], {"name": "旧手", "version": "1", "audience": "company"})
    assert late.status_code == 409
    ours.refresh_from_db()
    assert (ours.name, ours.reach) == ("新名", "department")


def test_a_copy_asked_for_twice_is_one(rep: User, client_of: ClientOf, book: None) -> None:
    client = client_of(rep)
    view = keep(client, "?grade=A", "重点")
    for submission, copies in (("k1", 1), ("k1", 1), ("k2", 2)):
        assert client.post(f"/views/{view.pk}/copy/", {"submission": submission}).status_code == 302
        assert SavedView.objects.filter(name="重点（副本）").count() == copies
    other = keep(client, "?grade=B", "其次")
    client.post(f"/views/{other.pk}/copy/", {"submission": "k1"})
    assert SavedView.objects.filter(name="其次（副本）").exists()


def test_own_order_hidden_tabs_and_the_first(rep: User, mate: User, client_of: ClientOf, book: None) -> None:
    client = client_of(rep)
    view = keep(client, "?grade=A", "先看")
    codes = [line.tab.code for line in client.get("/views/").context["lines"]]
    assert codes[0] == "mine"
    assert codes[-1] == view.code
    shown = [code for code in codes if code != "quiet"]
    sent = {"code": codes, "shown": shown, "first": view.code, "move": f"{view.code}:up"}
    client.post("/views/arrangement/", sent)
    assert [line.tab.code for line in client.get("/views/").context["lines"]][-2] == view.code
    assert "30天未联系" not in tab_names(client)
    page = client.get(LIST)
    assert page.context["query"].outlook.code == view.code
    assert {row.name for row in page.context["rows"]} == {"周慕白A"}
    assert names(client, "?grade=B") == {"周慕白B"}  # what others link to means the list's own tab
    assert "30天未联系" in tab_names(client_of(mate))
    client.post(f"/views/{view.pk}/removal/")
    assert names(client) == {"周慕白A", "周慕白B"}  # the standard tab again
    hostile = {"code": ["<b>", "v99", *codes], "shown": ["x"], "first": "x", "move": "x:up"}
    assert client.post("/views/arrangement/", hostile).status_code == 302
    assert tab_names(client)


def test_figures_are_each_readers_own_and_kept_a_while(
    rep: User, mate: User, admin: User, client_of: ClientOf, book: None, make_customer: MakeCustomer,
    monkeypatch: pytest.MonkeyPatch, django_assert_max_num_queries: Any,
) -> None:  # fmt: skip
    view = keep(client_of(admin), "?view=team&customer_type=won", audience="company")

    def figure(user: User, query: str = "") -> str:
        tabs = client_of(user).get(f"/customers/tabs/{query}").context["tabs"]
        return next(str(tab["count"]) for tab in tabs if tab["label"] == view.name)

    assert figure(admin, "?view=mine") == "6"
    assert figure(rep, "?view=today") == "2"
    make_customer(rep, name="新来的", customer_type="won")
    assert figure(rep, "?view=today") == "2"  # not counted again at once
    assert figure(rep, f"?view={view.code}") == "3"  # but the open tab tells what its list holds
    Role.objects.filter(code="sales").update(grants={"customer.view": "all"})
    assert figure(rep, "?view=today") == "7"  # other rights, another figure
    monkeypatch.setattr("kebu.crm.customers.tabs.TAB_CAP", 1)
    assert figure(mate, "?view=today") == "1+"
    client = client_of(mate)
    client.get(LIST)
    with django_assert_max_num_queries(15):
        client.get(f"/customers/tabs/?view={view.code}")


def test_saved_views_cost_the_list_no_statement(
    rep: User, client_of: ClientOf, book: None, django_assert_max_num_queries: Any
) -> None:
    client = client_of(rep)
    client.get(f"{LIST}?view=mine&grade=A")
    with CaptureQueriesContext(connection) as before:
        client.get(f"{LIST}?view=mine&grade=A")
    cost = len(before)
    view = keep(client, "?grade=A")
    client.get(LIST)
    with django_assert_max_num_queries(cost):
        assert names(client, f"?view={view.code}") == {"周慕白A"}


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", "\"'&%{{ x }}", "％ｗｉｄｅ　 ", "张" * 40])
def test_hostile_names(name: str, rep: User, client_of: ClientOf, book: None) -> None:
    client = client_of(rep)
    keep(client, "?grade=A", name)
    for address in (LIST, "/views/", "/customers/tabs/"):
        assert "<script>alert" not in client.get(address).content.decode()
    for bad in ("", " ", "张" * 41, "12345"):
        assert client.post(f"{NEW}?grade=A", {"name": bad}).status_code == 422
    assert client.post(f"{NEW}?grade=A&grade={'x' * 5000}", {"name": "太长"}).status_code == 422
    assert SavedView.objects.count() == 1


def test_a_form_sent_twice_keeps_one(rep: User, client_of: ClientOf) -> None:
    client = client_of(rep)
    for _ in range(2):
        client.post(f"{NEW}?grade=A", {"name": "一次", "submission": "k-1"})
    assert SavedView.objects.count() == 1
    SavedView.objects.all().delete()  # for good, between two presses
    assert client.post(f"{NEW}?grade=A", {"name": "一次", "submission": "k-1"}).status_code == 404
    assert not SavedView.objects.exists()


def test_neighbours_and_bulk_mean_the_view(rep: User, client_of: ClientOf, book: None) -> None:
    """What the list's address is handed to means the same customers."""
    client = client_of(rep)
    view = keep(client, "?grade=A")
    url = client.get(f"{LIST}?view={view.code}").context["rows"][0].url
    assert parse_qs(parse_qs(urlsplit(url).query)["list"][0])["grade"] == ["A"]
    assert client.get(url).status_code == 200
    client.post(f"/customers/archivals/?view={view.code}", {"scope": "all"}, headers={"HX-Request": "true"})
    assert names(client, "?view=mine") == {"周慕白B"}


def test_a_field_hidden_from_the_reader_shows_nothing(
    rep: User, admin: User, client_of: ClientOf, book: None
) -> None:
    view = keep(client_of(admin), "?view=team&where=and(need.contains:A级的)", audience="company")
    Role.objects.filter(code="sales").update(field_rules={"customer.need": "hidden"})
    for address in (f"?view={view.code}", f"?view={view.code}&grade=A"):
        page = client_of(rep).get(LIST + address)
        assert page.context["rows"] == []
        assert page.context["query"].problems
        assert "A级的" not in page.content.decode()  # nor is told what for
    refused = client_of(rep).post(f"{NEW}?need.contains=A", {"name": "偷看"})
    assert refused.status_code == 422


def test_the_open_tab_tells_the_figure_of_what_was_saved(rep: User, client_of: ClientOf, book: None) -> None:
    client = client_of(rep)
    view = keep(client, "?grade=A", "一个")
    for query in (f"?view={view.code}", f"?view={view.code}&sort=name"):
        tabs = client.get(f"/customers/tabs/{query}").context["tabs"]
        assert str(next(tab["count"] for tab in tabs if tab["label"] == "一个")) == "1"


def test_columns_belong_to_the_view(rep: User, admin: User, client_of: ClientOf, book: None) -> None:
    """Kept as the list shows them; what its owner arranges later can be saved, others have their own."""
    client = client_of(admin)
    client.post("/customers/columns/?view=team", {"places": "name:0,grade:90,need:200"})
    view = keep(client, "?view=team&grade=A", audience="company")
    assert view.columns == [["name", 0], ["grade", 90], ["need", 200]]

    def heads(client: Client) -> list[str]:
        page = client.get(f"{LIST}?view={view.code}").content.decode()
        return [name for name in ("grade", "need", "stage") if f'data-col="{name}"' in page]

    assert heads(client) == heads(client_of(rep)) == ["grade", "need"]
    for one in (client, client_of(rep)):
        one.post(f"/customers/columns/?view={view.code}", {"places": "name:0,stage:0"})
        assert heads(one) == ["stage"]
    assert client.get(f"{LIST}?view={view.code}").context["standing"].has_new_columns
    assert not client_of(rep).get(f"{LIST}?view={view.code}").context["standing"].has_new_columns
    assert client.post(f"/views/{view.pk}/state/?view={view.code}", {"version": "1"}).status_code == 302
    page = client.get(f"{LIST}?view={view.code}")
    assert not page.context["standing"].has_new_columns
    assert SavedView.objects.get(pk=view.pk).columns == [["name", 0], ["stage", 0]]


def test_a_board_is_kept_as_a_board(rep: User, client_of: ClientOf, book: None) -> None:
    client = client_of(rep)
    view = keep(client, "?grade=A&look=board&by=stage")
    page = client.get(f"{LIST}?view={view.code}")
    assert page.context["query"].look.is_board
    assert not page.context["standing"].is_changed


def test_a_copy_opens_nothing_that_was_closed(
    rep: User, admin: User, client_of: ClientOf, book: None
) -> None:
    view = keep(client_of(admin), "?remark.contains=底价九折", "底价", audience="company")
    Role.objects.filter(code="sales").update(field_rules={"customer.remark": "hidden"})
    client = client_of(User.objects.get(pk=rep.pk))
    answer = client.post(f"/views/{view.pk}/copy/", headers={"HX-Request": "true"})
    assert answer.status_code == 403
    assert not SavedView.objects.filter(owner=rep).exists()
