"""Purchases on the customer's page, in their sheet and list."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from kebu.base.journal.models import JournalEntry
from kebu.crm.customers.models import Customer
from kebu.crm.purchases.models import Purchase
from kebu.crm.purchases.tests.cast import bought, day, risen
from kebu.office.staff.models import User
from tests.cast import ClientOf, MakeCustomer

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def form(**values: str) -> dict[str, str]:
    told = {"bought_on": day(-1).isoformat(), "what": "6061铝板", "quantity": "12.5", "unit": "吨"}
    return {**told, "amount": "31.2万", "remark": "", **values}


def keep(client: Client, customer: Customer, **values: str) -> int:
    url = f"/purchases/new/?customer={customer.number}"
    return client.post(url, {**form(**values), "submission": "one"}, headers=HTMX).status_code


def test_kept_once_shown_changed_and_taken_away(
    rep: User, make_customer: MakeCustomer, client_of: ClientOf
) -> None:
    customer, client = make_customer(rep), client_of(rep)
    slot = f"/purchases/of/?customer={customer.number}"
    assert slot in client.get(customer.get_absolute_url()).content.decode()
    assert [keep(client, customer) for _press in range(2)] == [204, 204]
    row = Purchase.objects.get()
    assert (row.quantity, row.unit, row.amount) == (Decimal("12.5"), "吨", Decimal(312_000))
    shown = client.get(slot).content.decode()
    for words in ("6061铝板", "12.5吨", "312,000元", "近12个月1笔", "合计312,000元"):
        assert words in shown, words
    url = f"/purchases/{row.pk}/"
    sheet = client.get(url).content.decode()
    assert 'value="12.5"' in sheet
    assert 'value="312000"' in sheet
    assert client.post(url, {**form(quantity="", amount="5000"), "version": "1"}).status_code == 302
    row.refresh_from_db()
    assert (row.quantity, row.amount, row.version) == (None, Decimal(5000), 2)
    assert client.post(f"{url}removal/", {"version": "1"}, headers=HTMX).status_code == 409
    assert client.post(f"{url}removal/", {"version": "2"}, headers=HTMX).status_code == 204
    assert not Purchase.objects.exists()
    found = JournalEntry.objects.filter(kind="purchase", customer_id=customer.pk).order_by("id")
    assert [entry.action for entry in found] == ["create", "change", "delete"]
    assert found[1].changes == {"quantity": ["12.5", None], "amount": ["312000.00", "5000"]}


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"quantity": "", "amount": ""}, "数量和金额至少填一个"),
        ({"quantity": "0"}, "数量要大于0"),
        ({"quantity": "-3"}, "数量要大于0"),
        ({"quantity": "1.2345"}, "小数最多3位"),
        ({"quantity": "100000000000"}, "数量太大"),
        ({"quantity": "一车"}, "不是数字"),
        ({"amount": "0"}, "金额要大于0"),
        ({"amount": "-5万"}, "看不出金额"),
        ({"amount": "面议"}, "不是一个金额"),
        ({"what": ""}, "采购内容必须填写"),
        ({"what": "铝" * 101}, "100"),
        ({"unit": "吨" * 21}, "20"),
        ({"bought_on": ""}, "采购日期必须填写"),
        ({"bought_on": "1989-12-31"}, "不能早于1990年"),
        ({"bought_on": "2月30日"}, "没有30日"),
    ],
)
def test_what_cannot_be_is_told_in_place(
    values: dict[str, str], words: str, rep: User, make_customer: MakeCustomer, client_of: ClientOf
) -> None:
    customer, client = make_customer(rep), client_of(rep)
    answer = client.post(f"/purchases/new/?customer={customer.number}", form(**values))
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Purchase.objects.exists()


def test_nothing_was_bought_tomorrow(rep: User, make_customer: MakeCustomer, client_of: ClientOf) -> None:
    customer, client = make_customer(rep), client_of(rep)
    told = form(bought_on=day(1).isoformat())
    answer = client.post(f"/purchases/new/?customer={customer.number}", told)
    assert answer.status_code == 422
    assert "采购日期不能晚于今天" in answer.content.decode()
    assert keep(client, customer, bought_on="今天", unit="", amount="") == 204
    assert Purchase.objects.get().bought_on == day(0)


def test_two_who_change_the_same_are_asked_whose_counts(
    rep: User, admin: User, make_customer: MakeCustomer, client_of: ClientOf
) -> None:
    customer = make_customer(rep)
    assert keep(client_of(rep), customer) == 204
    row = Purchase.objects.get()
    url = f"/purchases/{row.pk}/"
    assert client_of(admin).post(url, {**form(amount="40万"), "version": "1"}).status_code == 302
    answer = client_of(rep).post(url, {**form(amount="50万"), "version": "1"}, headers=HTMX)
    assert answer.status_code == 409
    assert "400,000元" in answer.content.decode()
    assert client_of(rep).post(url, {**form(remark="月底补货"), "version": "1"}).status_code == 302
    row.refresh_from_db()
    assert (row.amount, row.remark) == (Decimal(400_000), "月底补货")


def test_two_who_together_leave_nothing_of_it_are_told(
    rep: User, admin: User, make_customer: MakeCustomer, client_of: ClientOf
) -> None:
    customer = make_customer(rep)
    assert keep(client_of(rep), customer) == 204
    row = Purchase.objects.get()
    url = f"/purchases/{row.pk}/"
    assert client_of(admin).post(url, {**form(amount=""), "version": "1"}).status_code == 302
    answer = client_of(rep).post(url, {**form(quantity=""), "version": "1"}, headers=HTMX)
    assert answer.status_code == 409
    assert "数量和金额都没有了" in answer.content.decode()
    row.refresh_from_db()
    assert (row.quantity, row.amount, row.version) == (Decimal("12.5"), None, 2)


def test_who_may_do_what(
    rep: User,
    mate: User,
    manager: User,
    outsider: User,
    auditor: User,
    make_customer: MakeCustomer,
    client_of: ClientOf,
) -> None:
    customer = make_customer(rep, name="甲公司")
    row = bought(customer, 3, 1_000)
    url, new = f"/purchases/{row.pk}/", f"/purchases/new/?customer={customer.number}"
    slot = f"/purchases/of/?customer={customer.number}"
    doors = ((url, {**form(), "version": "1"}), (f"{url}removal/", {"version": "1"}), (new, form()))
    for user, seen, changed in (
        (manager, 200, 403),
        (mate, 404, 404),
        (outsider, 404, 404),
        (auditor, 403, 403),
    ):
        client = client_of(user)
        assert client.get(slot).status_code == seen, user
        assert [client.post(door, told).status_code for door, told in doors] == [changed] * 3, user
        assert ("季度耗材" in client.get("/purchases/").content.decode()) is (user == manager)
    assert f'href="{url}"' not in client_of(manager).get("/purchases/").content.decode()
    row.refresh_from_db()
    assert (Purchase.objects.count(), row.version) == (1, 1)
    assert client_of(rep).post(new, form()).status_code == 302


def test_of_an_archived_customer_none_is_changed(
    rep: User, make_customer: MakeCustomer, client_of: ClientOf
) -> None:
    customer, client = make_customer(rep), client_of(rep)
    row = bought(customer, 3, 1_000)
    Customer.objects.filter(pk=customer.pk).update(archived_at="2026-01-01T00:00:00Z")
    for door in (f"{row.pk}/", f"{row.pk}/removal/", f"new/?customer={customer.number}"):
        assert client.post(f"/purchases/{door}", {**form(), "version": "1"}).status_code == 404
    slot = client.get(f"/purchases/of/?customer={customer.number}").content.decode()
    assert "季度耗材" in slot
    assert "记一笔采购" not in slot
    assert "季度耗材" not in client.get("/purchases/").content.decode()


def test_the_lists_keep_to_whom_one_asks_for(
    rep: User, mate: User, manager: User, make_customer: MakeCustomer, client_of: ClientOf
) -> None:
    mine, his = make_customer(rep, name="甲公司"), make_customer(mate, name="乙公司")
    bought(mine, 1, 1_000, what="铝板")
    bought(mine, 9, 38_600, what="钢板")
    bought(his, 5, what="轴承", quantity=Decimal(1200), unit="件")
    risen(his, 2)

    def names(user: User, query: str) -> list[str]:
        page = client_of(user).get(f"/purchases/?{query}").content.decode()
        return sorted((one for one in ("铝板", "钢板", "轴承") if one in page), key=page.index)

    assert names(rep, "") == ["铝板", "钢板"]
    assert names(manager, "") == ["铝板", "轴承", "钢板"]
    assert names(manager, f"rep={mate.pk}") == ["轴承"]
    assert names(manager, f"customer={mine.number}") == ["铝板", "钢板"]
    assert names(manager, "tab=nonsense&rep=nobody&cursor=x") == ["铝板", "轴承", "钢板"]
    assert "1,200件" in client_of(manager).get("/purchases/").content.decode()
    grown = client_of(manager).get("/purchases/?tab=growth").content.decode()
    assert "近90天采购52.4万元，之前90天40万元，多31%" in grown
    assert "还没有采购量增长的客户" in client_of(rep).get("/purchases/?tab=growth").content.decode()
    hidden = client_of(rep).get(f"/purchases/?customer={his.number}").content.decode()
    assert "乙公司" not in hidden


def test_the_customers_page_tells_the_newest_and_the_year(
    rep: User, make_customer: MakeCustomer, client_of: ClientOf
) -> None:
    customer, client = make_customer(rep), client_of(rep)
    for days in (1, 2, 3, 100, 101, 400):
        bought(customer, days, 10_000, what=f"{days}天前的")
    bought(customer, 50, what="没写金额的", quantity=3)
    slot = client.get(f"/purchases/of/?customer={customer.number}").content.decode()
    assert "近12个月6笔，合计50,000元（1笔没写金额）" in slot
    assert "比不出增减" in slot
    assert "400天前的" not in slot
    assert f'href="/purchases/?customer={customer.number}"' in slot


@pytest.mark.parametrize("url", ["/purchases/", "/purchases/?tab=growth", "/purchases/of/?customer={number}"])
def test_a_page_costs_the_same_however_many_there_are(
    url: str, rep: User, make_customer: MakeCustomer, client_of: ClientOf
) -> None:
    customer, client = make_customer(rep), client_of(rep)

    def cost(many: int) -> int:
        for each in range(many):
            other = make_customer(rep)
            bought(customer, each, 1_000)
            bought(other, each, 1_000)
            risen(other)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(url.format(number=customer.number)).status_code == 200
        return len(captured)

    cost(1)
    assert cost(1) == cost(6) <= 12
