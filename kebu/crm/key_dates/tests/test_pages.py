import json
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.utils import timezone

from kebu.base.journal.models import JournalEntry
from kebu.crm.customers.models import Customer
from kebu.crm.key_dates.actions import roll_forward
from kebu.crm.key_dates.models import KeyDate
from kebu.crm.key_dates.tests.cast import day, key_date
from kebu.office.staff.models import User
from tests.cast import ClientOf, MakeCustomer

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def form(**values: str) -> dict[str, str]:
    told = {"sort": "purchase", "name": "季度耗材", "repeat": "quarter", "next_on": day(30).isoformat()}
    return {**told, "lead_days": "", "remark": "", **values}


def keep(client: Client, number: str, **values: str) -> int:
    url = f"/key-dates/new/?customer={number}"
    return client.post(url, {**form(**values), "submission": "one"}, headers=HTMX).status_code


def test_a_day_is_kept_once_shown_changed_settled_and_taken_away(
    rep: User, make_customer: MakeCustomer, client_of: ClientOf
) -> None:
    customer, client = make_customer(rep), client_of(rep)
    slot = f"/key-dates/of/?customer={customer.number}"
    assert slot in client.get(customer.get_absolute_url()).content.decode()
    assert [keep(client, customer.number) for _press in range(2)] == [204, 204]
    row = KeyDate.objects.get()
    assert (row.lead_days, row.remind_on) == (14, day(16))  # what is usual for a purchase
    shown = client.get(slot).content.decode()
    assert "季度耗材" in shown
    assert "周期采购，每季度，提前14天提醒" in shown
    changed = form(name="年度维保", repeat="year", next_on=day(40).isoformat(), lead_days="30")
    url = f"/key-dates/{row.pk}/"
    assert "季度耗材" in client.get(url).content.decode()
    assert client.post(url, {**changed, "version": "1"}).status_code == 302
    row.refresh_from_db()
    assert (row.name, row.next_on, row.anchor_day, row.remind_on) == (
        "年度维保",
        day(40),
        day(40).day,
        day(10),
    )
    assert client.post(f"{url}settlement/", {"version": "1"}).status_code == 409
    answer = client.post(f"{url}settlement/", {"version": str(row.version)}, headers=HTMX)
    following, was = KeyDate.objects.get().next_on, row.next_on
    assert (following.year, following.month) == (was.year + 1, was.month)
    assert f"back={was.isoformat()}" in answer.headers["HX-Trigger"]
    assert client.post(f"{url}removal/", {"version": "1"}).status_code == 409
    client.post(f"{url}removal/", {"version": str(KeyDate.objects.get().version)})
    assert not KeyDate.objects.exists()
    found = JournalEntry.objects.filter(kind="key-date", customer_id=customer.pk).order_by("id")
    assert list(found.values_list("action", flat=True)) == ["create", "change", "change", "delete"]


def test_what_comes_once_is_settled_and_can_come_back(
    rep: User, make_customer: MakeCustomer, client_of: ClientOf
) -> None:
    row, client = key_date(make_customer(rep), day(5)), client_of(rep)
    url = f"/key-dates/{row.pk}/settlement/"
    answer = client.post(url, {"version": "1"}, headers=HTMX)
    assert answer.status_code == 204
    row.refresh_from_db()
    assert (row.settled_on, row.next_on) == (day(0), day(5))
    assert "年度框架合同" in client.get("/key-dates/?tab=done").content.decode()
    late = {**form(name="改了也不提醒"), "version": str(row.version)}
    assert client.post(f"/key-dates/{row.pk}/", late, headers=HTMX).status_code == 409  # 恢复 comes first
    undo = f"{url}?{urlencode({'back': day(5).isoformat(), 'version': row.version})}"
    assert undo.replace("/", "\\/") in answer.headers["HX-Trigger"] or undo in answer.headers["HX-Trigger"]
    assert client.post(undo, headers=HTMX).status_code == 204
    assert client.post(undo, headers=HTMX).status_code == 409  # once
    row.refresh_from_db()
    assert row.is_open
    entry = JournalEntry.objects.filter(kind="key-date").latest("id")
    assert entry.changes == {"settled_on": [day(0).isoformat(), None]}


def test_a_settled_repeat_goes_back_to_where_it_stood(
    rep: User, make_customer: MakeCustomer, client_of: ClientOf
) -> None:
    row, client = key_date(make_customer(rep), day(5), repeat="month"), client_of(rep)
    url = f"/key-dates/{row.pk}/settlement/"
    client.post(url, {"version": "1"}, headers=HTMX)
    for odd in ("0001-01-01", "9999-12-31", "2026-02-30", ""):  # no undo of ours, and not settled once more
        assert client.post(url, {"version": "2"}, query_params={"back": odd}, headers=HTMX).status_code == 409
    client.post(f"{url}?back={day(5).isoformat()}&version=2", headers=HTMX)
    row.refresh_from_db()
    assert (row.next_on, row.remind_on, row.anchor_day) == (day(5), day(-25), day(5).day)


def test_what_was_missed_is_missed_again_when_settling_it_is_taken_back(
    rep: User, make_customer: MakeCustomer, client_of: ClientOf
) -> None:
    """Else the signal that a purchase did not come would go with a press too many."""
    client, row = client_of(rep), key_date(make_customer(rep), day(40), sort="purchase", repeat="quarter")
    KeyDate.objects.filter(pk=row.pk).update(missed_on=day(-50))
    answer = client.post(f"/key-dates/{row.pk}/settlement/", {"version": "1"}, headers=HTMX)
    assert KeyDate.objects.get().missed_on is None
    assert client.post(json.loads(answer["HX-Trigger"])["toast"]["undo"], headers=HTMX).status_code == 204
    row.refresh_from_db()
    assert (row.next_on, row.missed_on) == (day(40), day(-50))


def test_two_who_change_the_same_are_asked_whose_counts(
    rep: User, admin: User, make_customer: MakeCustomer, client_of: ClientOf
) -> None:
    row = key_date(make_customer(rep), day(9))
    url = f"/key-dates/{row.pk}/"
    told: dict[str, Any] = form(sort="contract", name="年度框架合同", repeat="once", lead_days="30")
    own, other = {**told, "next_on": day(20).isoformat()}, {**told, "next_on": day(25).isoformat()}
    assert client_of(admin).post(url, {**other, "version": "1"}).status_code == 302
    answer = client_of(rep).post(url, {**own, "version": "1"}, headers=HTMX)
    assert answer.status_code == 409
    assert day(25).isoformat() in answer.content.decode()
    apart = {**told, "next_on": day(9).isoformat(), "remark": "财务要盖章件"}
    assert client_of(rep).post(url, {**apart, "version": "1"}, headers=HTMX).status_code == 204
    row.refresh_from_db()
    assert (row.next_on, row.remark) == (day(25), "财务要盖章件")


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"next_on": "2月30日"}, "没有30日"),
        ({"next_on": "2020-01-01"}, "今天或以后"),
        ({"next_on": ""}, "日期必须填写"),
        ({"name": ""}, "事项必须填写"),
        ({"lead_days": "181"}, "0到180"),
        ({"lead_days": "两周"}, "0到180"),
        ({"repeat": "weekly"}, "没有“weekly”这一项"),
        ({"sort": "party"}, "没有“party”这一项"),
    ],
)
def test_what_cannot_be_is_told_in_place(
    values: dict[str, str], words: str, rep: User, make_customer: MakeCustomer, client_of: ClientOf
) -> None:
    customer, client = make_customer(rep), client_of(rep)
    answer = client.post(f"/key-dates/new/?customer={customer.number}", form(**values))
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not KeyDate.objects.exists()


def test_a_day_gone_by_stays_where_it_stands(
    rep: User, make_customer: MakeCustomer, client_of: ClientOf
) -> None:
    row, client = key_date(make_customer(rep), day(-3)), client_of(rep)
    told = form(
        sort="contract", name="续签谈好了", repeat="once", next_on=day(-3).isoformat(), lead_days="30"
    )
    assert client.post(f"/key-dates/{row.pk}/", {**told, "version": "1"}).status_code == 302
    row.refresh_from_db()
    assert (row.name, row.next_on) == ("续签谈好了", day(-3))


def test_the_list_by_group_and_what_is_due(
    rep: User, mate: User, manager: User, make_customer: MakeCustomer, client_of: ClientOf
) -> None:
    customer, other = make_customer(rep, name="甲公司"), make_customer(mate, name="乙公司")
    key_date(customer, day(10), name="框架合同")
    key_date(customer, day(60), name="设备质保", sort="warranty")
    key_date(customer, day(9), name="耗材", sort="purchase", repeat="quarter", lead_days=10)
    key_date(other, day(3), name="周年庆", sort="anniversary", lead_days=7)

    def names(user: User, query: str) -> list[str]:
        page = client_of(user).get(f"/key-dates/?{query}").content.decode()
        return [name for name in ("周年庆", "耗材", "框架合同", "设备质保") if f">{name}<" in page]

    assert names(rep, "") == ["耗材", "框架合同"]
    assert names(rep, "tab=contract") == ["框架合同", "设备质保"]
    assert names(rep, "tab=purchase") == ["耗材"]
    assert names(rep, "tab=care") == []
    assert names(manager, "tab=care") == ["周年庆"]
    assert names(manager, f"rep={mate.pk}") == ["周年庆"]
    assert names(manager, "tab=nonsense&rep=nobody") == ["周年庆", "耗材", "框架合同"]
    Customer.objects.filter(pk=customer.pk).update(archived_at="2026-01-01T00:00:00Z")
    assert names(manager, "") == ["周年庆"]


def test_customers_are_found_by_their_days(
    rep: User, make_customer: MakeCustomer, client_of: ClientOf
) -> None:
    ends, later, cared = (make_customer(rep, name=f"{name}公司") for name in "甲乙丙")
    key_date(ends, day(10))
    key_date(later, day(100))
    key_date(cared, day(10), sort="visit")
    gone = key_date(later, day(12))
    KeyDate.objects.filter(pk=gone.pk).update(settled_on=day(0))

    def found(query: str) -> list[str]:
        page = client_of(rep).get(f"/customers/?view=mine&{query}").content.decode()
        return [name for name in ("甲公司", "乙公司", "丙公司") if name in page]

    assert found("key_date.contract.within=next30") == ["甲公司"]
    assert found("key_date.contract.filled=1") == ["甲公司", "乙公司"]
    assert found("key_date.care.within=next30") == ["丙公司"]
    page = client_of(rep).get("/customers/?key_date.contract.within=next30").content.decode()
    assert "合同或质保到期日" in page


def test_only_who_may_settle_is_offered_to(
    rep: User, manager: User, make_customer: MakeCustomer, client_of: ClientOf
) -> None:
    row = key_date(make_customer(rep), day(5))
    door = f"/key-dates/{row.pk}/settlement/"
    assert door in client_of(rep).get("/key-dates/").content.decode()
    seen = client_of(manager).get("/key-dates/").content.decode()
    assert "年度框架合同" in seen
    assert door not in seen
    assert f'href="/key-dates/{row.pk}/"' not in seen


def test_of_an_archived_customer_none_is_changed(
    rep: User, make_customer: MakeCustomer, client_of: ClientOf
) -> None:
    row, client = key_date(make_customer(rep), day(5)), client_of(rep)
    Customer.objects.filter(pk=row.customer_id).update(archived_at="2026-01-01T00:00:00Z")
    for door in ("", "settlement/", "removal/"):
        assert client.post(f"/key-dates/{row.pk}/{door}", {**form(), "version": "1"}).status_code == 404
    assert KeyDate.objects.get().version == 1


def test_who_edits_while_a_colleague_settles_is_not_refused_for_the_day(
    rep: User, admin: User, make_customer: MakeCustomer, client_of: ClientOf
) -> None:
    row = key_date(make_customer(rep), day(-3), repeat="year")
    client_of(admin).post(f"/key-dates/{row.pk}/settlement/", {"version": "1"}, headers=HTMX)
    told = form(sort="contract", name="年度框架合同", repeat="year", lead_days="30", remark="财务要盖章件")
    told |= {"next_on": day(-3).isoformat(), "version": "1"}
    assert client_of(rep).post(f"/key-dates/{row.pk}/", told, headers=HTMX).status_code == 204
    row.refresh_from_db()
    assert row.remark == "财务要盖章件"
    assert row.next_on > day(0)


def test_a_payment_has_its_sum_and_waits_until_it_came(
    rep: User, make_customer: MakeCustomer, client_of: ClientOf
) -> None:
    customer, client = make_customer(rep), client_of(rep)
    told = {"sort": "payment", "name": "验收款", "repeat": "once"}
    for wrong in ("", "0", "-5万", "面议", "99999999999999"):
        assert keep(client, customer.number, **told, amount=wrong) == 422, wrong
    assert not KeyDate.objects.exists()
    assert keep(client, customer.number, **told, amount="12.6万", next_on=day(3).isoformat()) == 204
    row = KeyDate.objects.get()
    assert (row.amount, row.lead_days) == (Decimal(126_000), 7)
    assert 'value="126000"' in client.get(f"/key-dates/{row.pk}/").content.decode()
    key_date(customer, day(-40), name="尾款", sort="payment", lead_days=7, amount="38600.5")
    page = client.get("/key-dates/?tab=payment").content.decode()
    assert "还要收164,600.50元" in page
    assert "其中38,600.50元已过期" in page
    desk = client.get("/").content.decode()
    assert "应收款" in desk
    assert "126,000元" in desk
    assert "126,000元" in client.get(f"/key-dates/of/?customer={customer.number}").content.decode()
    roll_forward(day(0), at=timezone.now())
    assert KeyDate.objects.open().filter(name="尾款").exists()
    found = client.get("/customers/?key_date.payment.filled=1")
    assert [one.number for one in found.context["rows"]] == [customer.number]
    client.post(f"/key-dates/{row.pk}/settlement/", {"version": "1"})
    assert "还要收38,600.50元" in client.get("/key-dates/?tab=payment").content.decode()


def test_sums_are_of_the_customers_one_sees(
    rep: User, outsider: User, make_customer: MakeCustomer, client_of: ClientOf
) -> None:
    key_date(make_customer(rep), day(3), sort="payment", amount="126000")
    page = client_of(outsider).get("/key-dates/?tab=payment").content.decode()
    assert "还要收" not in page
    assert "126,000" not in page
