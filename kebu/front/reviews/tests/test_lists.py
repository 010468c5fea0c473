"""The list behind a figure has exactly those whom the figure counts, and is as closed as the page itself."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from kebu.base.access.choices import FieldRule, Permission, Scope
from kebu.crm.customers.models import Customer
from kebu.crm.lifecycle.models import TypeTurn
from kebu.front.reviews import lists
from kebu.front.reviews.periods import month_of
from kebu.front.reviews.tests.test_review import turned
from kebu.office.staff.models import Role, User
from tests.cast import ClientOf, MakeCustomer, MakeUser

pytestmark = pytest.mark.django_db
LIST = "/reviews/customers/"


def behind(client: Client, url: str) -> str:
    """The list in words."""
    answer = client.get(unescape(url))
    assert answer.status_code == 200, url
    page = answer.content.decode()
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page[page.index('id="behind"') :]))


def links(page: str, number: int) -> list[str]:
    """Where a number of the page leads."""
    return re.findall(rf'href="({LIST}[^"]+)">{number}</a>', page)


def test_each_figure_leads_to_whom_it_counts(
    rep: User, mate: User, outsider: User, manager: User, make_customer: MakeCustomer, client_of: ClientOf
) -> None:
    """Archived ones are counted and told; those of others are in neither."""
    today = timezone.localdate()
    won = [
        make_customer(owner, first_contact_on=today - timedelta(days=days))
        for owner, days in ((rep, 10), (rep, 20), (mate, 60), (outsider, 1))
    ]
    for customer in won:
        turned(customer, "prospect", "won")
    Customer.objects.filter(pk=won[0].pk).update(archived_at=timezone.now(), owner=mate)
    lost = make_customer(mate, customer_type="potential")
    turned(lost, "potential", "lost")
    client = client_of(manager)
    page = client.get("/reviews/").content.decode()
    came, all_won = behind(client, links(page, 4)[0]), behind(client, links(page, 3)[0])
    assert "新增客户" in came
    assert "4个" in came
    assert "潜在客户 → 流失客户" in came
    assert "3个" in all_won
    for customer, words in ((won[0], "10天"), (won[1], "20天"), (won[2], "60天")):
        assert re.search(rf"{customer.name} 意向客户 → 成交客户( 已归档)? {today} \S+ {words}", all_won)
    assert re.search(rf"{won[0].name} 意向客户 → 成交客户 已归档 {today} 周慕白", all_won), (
        "whose it was then"
    )
    assert won[3].name not in all_won + came
    of_rep = behind(client, links(page, 2)[0])
    assert "周慕白的成交客户" in of_rep
    assert [one.name in of_rep for one in won] == [True, True, False, False]
    gone = next(text for text in (behind(client, url) for url in links(page, 1)) if "流失客户" in text[:40])
    assert "1个" in gone
    assert lost.name in gone


def test_what_is_none_of_the_readers_business(
    rep: User, manager: User, make_user: MakeUser, make_customer: MakeCustomer, client_of: ClientOf
) -> None:
    turned(make_customer(rep), "prospect", "won")
    assert client_of(rep).get(LIST, {"turned": "won"}).status_code == 403
    other = make_user("qi", "祁连山", "manager", department="销售二部")
    assert "这段时间没有" in behind(client_of(other), f"{LIST}?turned=won")
    for wrong in (
        {},
        {"turned": "prospect"},
        {"turned": "won", "on": "2026-13"},
        {"turned": "won", "owner": "999999"},
        {"turned": "won", "owner": str(other.pk)},  # has none here: not even his name is told
        {"turned": "won", "owner": ""},
        {"turned": "won", "owner": "x"},
        {"turned": "lost", "industry": "nix"},
        {"turned": "lost", "grade": ""},
        {"turned": "lost", "source": "-1"},
    ):
        assert client_of(manager).get(LIST, wrong).status_code == 404, wrong
    assert client_of(manager).post(LIST, {"turned": "won"}).status_code == 405


def test_a_closed_field_narrows_nothing_and_tells_no_first_contact(
    rep: User, make_user: MakeUser, make_customer: MakeCustomer, client_of: ClientOf
) -> None:
    grants = {right.value: Scope.ALL.value for right in (Permission.CUSTOMER_VIEW, Permission.MEETING_LEAD)}
    rules = dict.fromkeys(("customer.industry", "customer.first_contact_on"), FieldRule.HIDDEN.value)
    reader = make_user("yin", "殷素问")
    reader.roles.set([Role.objects.create(name="看不全的", grants=grants, field_rules=rules)])
    days_ago = timezone.localdate() - timedelta(days=90)
    turned(make_customer(rep, industry="F52", first_contact_on=days_ago), "prospect", "won")
    client = client_of(reader)
    assert client.get(LIST, {"turned": "won", "industry": "F52"}).status_code == 404
    text = behind(client, f"{LIST}?turned=won")
    assert " 0天" in text
    assert "90天" not in text


def test_pages_and_statements(
    rep: User, manager: User, make_customer: MakeCustomer, client_of: ClientOf,
    monkeypatch: pytest.MonkeyPatch, django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:  # fmt: skip
    """Page by page, each once, the last one of a customer's turns; however many there are."""
    monkeypatch.setattr(lists, "SIZE", 3)
    now = timezone.now()
    if month_of(timezone.localdate()).start > now - timedelta(hours=2):
        now += timedelta(hours=3)  # the first hours of a month
    names = set()
    for number in range(7):
        customer = make_customer(rep)
        for minutes, (before, after) in enumerate((("prospect", "won"), ("won", "lost"))):
            at = now - timedelta(minutes=90 - minutes - number * 2)
            TypeTurn.objects.create(customer=customer, before=before, after=after, at=at, owner=rep)
        names.add(customer.name)
    client, url, found = client_of(manager), f"{LIST}?turned=lost", []
    client.get(url)
    while url:
        with django_assert_max_num_queries(12):
            page = client.get(url).content.decode()
        found += re.findall(r'<a class="k-name"[^>]*>([^<]+)</a>', page)
        further = re.search(
            r'<a[^>]*href="([^"]+)"[^>]*rel="next"|<a[^>]*rel="next"[^>]*href="([^"]+)"', page
        )
        url = LIST + unescape(further[1] or further[2]).removeprefix(LIST) if further else ""
    assert len(found) == 7
    assert set(found) == names
    assert "这段时间没有" in behind(client, f"{LIST}?turned=won")
