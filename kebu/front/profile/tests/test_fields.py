"""Editing one field in place, marking it, moving the stage."""

import json
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from pytest_django.asserts import assertContains, assertNotContains

from kebu.base.journal.models import JournalEntry
from kebu.crm.customers.models import Customer
from kebu.office.staff.models import User
from kebu.office.vocabulary.models import Term
from tests.cast import ClientOf, MakeCustomer

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def save(client: Client, customer: Customer, name: str, value: Any, version: int | None = None) -> Any:
    url = f"{customer.get_absolute_url()}field/{name}/"
    data = {name: value, "version": customer.version if version is None else version}
    return client.post(url, data, headers=HTMX)


@pytest.fixture
def customer(rep: User, make_customer: MakeCustomer) -> Customer:
    return make_customer(rep, remark="原来的")


def test_the_form_comes_and_the_fact_goes_back(rep: User, client_of: ClientOf, customer: Customer) -> None:
    client, url = client_of(rep), f"{customer.get_absolute_url()}field/budget/"
    assertContains(client.get(url, headers=HTMX), f'name="version" value="{customer.version}"')
    answer = save(client, customer, "budget", "80到90万")
    assertContains(answer, "80–90万")
    assert "customer-changed" in answer["HX-Trigger"]
    customer.refresh_from_db()
    assert (customer.budget_min, customer.budget_max) == (Decimal(800_000), Decimal(900_000))
    assert client.get(url).status_code == 302


def test_every_editable_field_has_its_form(
    rep: User, client_of: ClientOf, make_customer: MakeCustomer
) -> None:
    client = client_of(rep)
    for kind in ("company", "person"):
        customer = make_customer(rep, kind=kind)
        address = customer.get_absolute_url()
        body = (
            client.get(address).content + client.get(address, headers=HTMX | {"HX-Target": "blanks"}).content
        )
        urls = [part.split('"')[0] for part in body.decode().split('data-edit="')[1:]]
        assert len(urls) > 25
        for url in urls:
            assert client.get(url, headers=HTMX).status_code == 200


def test_a_select_stands_on_the_stored_choice(
    rep: User, client_of: ClientOf, make_customer: MakeCustomer
) -> None:
    customer = make_customer(rep, customer_type="prospect", grade="A")
    for name, value in (("customer_type", "prospect"), ("grade", "A")):
        answer = client_of(rep).get(f"{customer.get_absolute_url()}field/{name}/", headers=HTMX)
        assertContains(answer, f'value="{value}" selected')


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("phone", "12345", "号"),
        ("phone", "", "电话、邮箱、微信至少填一个"),
        ("name", "", "客户名称必须填写"),
        ("budget", "很多", ""),
        ("industry", "不存在的行业", "行业表里没有"),
        ("first_contact_on", "2026-02-30", ""),
    ],
)
def test_what_cannot_be_read_is_told_at_the_field(
    name: str, value: str, sentence: str, rep: User, client_of: ClientOf, customer: Customer
) -> None:
    answer = save(client_of(rep), customer, name, value)
    assertContains(answer, "k-error", status_code=422)
    assertContains(answer, sentence, status_code=422)
    assertContains(answer, f'id="fact-{customer.pk}-{name}"', status_code=422)
    version = customer.version
    customer.refresh_from_db()
    assert customer.version == version


def test_conflict_shows_all_three_and_keeps_mine(
    rep: User, admin: User, client_of: ClientOf, customer: Customer
) -> None:
    seen = customer.version
    save(client_of(admin), customer, "remark", "管理员写的")
    answer = save(client_of(rep), customer, "remark", "我写的", seen)
    for text in ("我写的", "管理员写的", "原来的", "用我的", "管理员"):
        assertContains(answer, text, status_code=409)
    customer.refresh_from_db()
    assert customer.remark == "管理员写的"
    assertContains(answer, f'name="version" value="{customer.version}"', status_code=409)
    assertContains(save(client_of(rep), customer, "remark", "我写的"), "我写的")
    customer.refresh_from_db()
    assert customer.remark == "我写的"


def test_another_field_changed_meanwhile_is_no_conflict(
    rep: User, admin: User, client_of: ClientOf, customer: Customer
) -> None:
    seen = customer.version
    save(client_of(admin), customer, "need", "内孔检测")
    assert save(client_of(rep), customer, "remark", "我写的", seen).status_code == 200
    customer.refresh_from_db()
    assert (customer.need, customer.remark) == ("内孔检测", "我写的")


@pytest.mark.parametrize(
    ("method", "path", "data"),
    [
        ("get", "field/remark/", {}),
        ("post", "field/remark/", {"remark": "改了", "version": 1}),
        ("post", "field/need/unknown/", {}),
        ("delete", "field/need/unknown/", {}),
        ("post", "field/phone/verification/", {}),
        ("delete", "field/phone/verification/", {}),
        ("post", "stage/", {"stage": ""}),
        ("get", "edit/", {}),
        ("post", "edit/", {"name": "改了", "version": 1}),
    ],
)
def test_who_may_change(
    method: str,
    path: str,
    data: dict[str, Any],
    manager: User,
    outsider: User,
    auditor: User,
    client_of: ClientOf,
    customer: Customer,
) -> None:
    """404 where it is not visible, 403 where it is but not his, and nothing changes."""
    url, before = f"{customer.get_absolute_url()}{path}", JournalEntry.objects.count()
    for user, status in ((manager, 403), (outsider, 404), (auditor, 403)):
        answer = getattr(client_of(user), method)(url, data, headers=HTMX)
        assert answer.status_code == status
    assert JournalEntry.objects.count() == before
    assert getattr(Client(), method)(url, data).status_code == 302


def test_wrong_methods_names_and_numbers(rep: User, client_of: ClientOf, customer: Customer) -> None:
    client, url = client_of(rep), customer.get_absolute_url()
    assert client.delete(f"{url}field/remark/").status_code == 405
    assert client.get(f"{url}stage/").status_code == 405
    assert client.get(f"{url}field/remark/unknown/").status_code == 405
    for name in ("owner", "number", "completeness", "gender", "nonsense"):
        assert client.get(f"{url}field/{name}/", headers=HTMX).status_code == 404
    for version in ("", "x", "9" * 30, "-1"):
        answer = client.post(
            f"{url}field/remark/", {"remark": f"第{version}", "version": version}, headers=HTMX
        )
        assert answer.status_code in (200, 409)


def test_unknown_is_marked_until_filled(rep: User, client_of: ClientOf, customer: Customer) -> None:
    client, url = client_of(rep), f"{customer.get_absolute_url()}field/decision_cycle/unknown/"
    assertContains(client.post(url, headers=HTMX), "待沟通确认")
    client.post(url, headers=HTMX)
    assert JournalEntry.objects.filter(kind="customer-state").count() == 1
    assertContains(client.get(customer.get_absolute_url()), "待沟通确认")
    customer.refresh_from_db()
    answer = save(client, customer, "decision_cycle", "两个月")
    assertNotContains(answer, "待沟通确认")
    assert client.post(url, headers=HTMX).status_code == 422
    customer.refresh_from_db()
    assert customer.unknown_fields == []


def test_verified_until_changed(rep: User, client_of: ClientOf, customer: Customer) -> None:
    client, url = client_of(rep), f"{customer.get_absolute_url()}field/phone/verification/"
    assertContains(client.post(url, headers=HTMX), f"{rep.name}在")
    assertContains(client.get(customer.get_absolute_url()), "核实")
    assertNotContains(client.delete(url, headers=HTMX), "核实过")
    client.post(url, headers=HTMX)
    customer.refresh_from_db()
    save(client, customer, "phone", "13912345678")
    customer.refresh_from_db()
    assert customer.verified == {}
    for name in ("remark", "email"):  # not key data, and empty
        assert client.post(url.replace("phone", name), headers=HTMX).status_code == 422


def test_stage_moves_and_moves_back(rep: User, client_of: ClientOf, customer: Customer) -> None:
    client, url = client_of(rep), f"{customer.get_absolute_url()}stage/"
    first, second = Term.objects.filter(kind="stage").order_by("order")[:2]
    answer = client.post(url, {"stage": first.pk, "version": customer.version}, headers=HTMX)
    assert answer.status_code == 204
    answer = client.post(url, {"stage": second.pk, "version": customer.version + 1}, headers=HTMX)
    undo = answer.headers["HX-Trigger"].split('"undo": "')[1].split('"')[0]
    customer.refresh_from_db()
    assert customer.stage_id == second.pk
    assert client.post(undo, headers=HTMX).status_code == 204
    customer.refresh_from_db()
    assert customer.stage_id == first.pk


def test_stage_of_somebody_else_is_not_overwritten(
    rep: User, admin: User, client_of: ClientOf, customer: Customer
) -> None:
    url = f"{customer.get_absolute_url()}stage/"
    first, second = Term.objects.filter(kind="stage").order_by("order")[:2]
    client_of(admin).post(url, {"stage": first.pk, "version": customer.version}, headers=HTMX)
    answer = client_of(rep).post(url, {"stage": second.pk, "version": customer.version}, headers=HTMX)
    assert answer.status_code == 409
    assert client_of(rep).post(url, {"stage": "999999"}, headers=HTMX).status_code == 422
    customer.refresh_from_db()
    assert customer.stage_id == first.pk


@pytest.mark.parametrize("version", [{}, {"version": ""}, {"version": "x"}, {"version": "-1"}])
def test_a_form_without_version_overwrites_nothing(
    rep: User, client_of: ClientOf, make_customer: MakeCustomer, version: dict[str, str]
) -> None:
    customer = make_customer(rep, main_business="丝杠加工")
    path = f"/customers/{customer.number}/field/main_business/"
    answer = client_of(rep).post(
        path, {"main_business": "轴承加工", **version}, headers={"HX-Request": "true"}
    )
    customer.refresh_from_db()
    assert (answer.status_code, customer.main_business) == (409, "丝杠加工")


def test_a_saved_field_offers_the_way_back(rep: User, client_of: ClientOf, customer: Customer) -> None:
    client = client_of(rep)
    told = json.loads(save(client, customer, "remark", "新的")["HX-Trigger"])["toast"]
    assert told["text"] == "已改备注"
    assert "新的" not in told["undo"]
    answer = client.post(told["undo"], headers=HTMX)
    assertContains(answer, f'<dd hx-swap-oob="true" id="fact-{customer.pk}-remark"')
    assertContains(answer, "原来的")
    customer.refresh_from_db()
    assert customer.remark == "原来的"


def test_the_way_back_ends_where_somebody_went_on(
    rep: User, admin: User, client_of: ClientOf, customer: Customer
) -> None:
    client = client_of(rep)
    undo = json.loads(save(client, customer, "remark", "新的")["HX-Trigger"])["toast"]["undo"]
    assert client_of(admin).post(undo, headers=HTMX).status_code == 404
    customer.refresh_from_db()
    save(client_of(admin), customer, "remark", "更新的")
    assert client.post(undo, headers=HTMX).status_code == 409
    customer.refresh_from_db()
    assert customer.remark == "更新的"
    assert client.post(f"{customer.get_absolute_url()}field/remark/?undo=x", headers=HTMX).status_code == 404
