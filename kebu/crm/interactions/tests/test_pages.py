"""Follow-ups: logged once, the customer's dates move, corrected with care."""

import json
import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from kebu.base.kit.dates import SHANGHAI, day_bounds
from kebu.crm.customers.models import Customer
from kebu.crm.interactions.forms import quick_days
from kebu.crm.interactions.models import Interaction
from kebu.office.staff.models import User
from tests.cast import ClientOf, MakeCustomer

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def customer(rep: User, make_customer: MakeCustomer) -> Customer:
    return make_customer(owner=rep, contacts=[{"name": "郑国栋", "title": "采购经理"}], next_step="发报价")


def log(client: Client, customer: Customer, **values: Any) -> Any:
    form = {"summary": "同意60天账期", "method": "phone", "status": "ongoing", "submission": "k1", **values}
    return client.post(f"/interactions/new/?customer={customer.number}", form, headers=HTMX)


def told(answer: Any) -> str:
    text: str = json.loads(answer.headers["HX-Trigger"])["toast"]["text"]
    return text


def test_logging_moves_last_and_next(rep: User, client_of: ClientOf, customer: Customer) -> None:
    tomorrow = timezone.localdate() + timedelta(days=1)
    answer = log(
        client_of(rep), customer, next_day=tomorrow.isoformat(), next_step="发合同初稿", feedback="可以谈"
    )
    told = Interaction.objects.get()
    customer.refresh_from_db()
    assert answer.status_code == 200
    assert json.loads(answer.headers["HX-Trigger"])["interaction-logged"]["number"] == customer.number
    assert (told.author_id, told.feedback, told.is_late) == (rep.pk, "可以谈", False)
    assert customer.last_contact_at == told.happened_at
    assert customer.next_follow_up_at == day_bounds(tomorrow)[0]
    assert (customer.next_step, customer.interaction_count) == ("发合同初稿", 1)


def test_an_exact_time_overrules_the_quick_day(rep: User, client_of: ClientOf, customer: Customer) -> None:
    day = timezone.localdate() + timedelta(days=2)
    log(client_of(rep), customer, next_day=day.isoformat(), next_follow_up_at=f"{day}T10:30")
    customer.refresh_from_db()
    assert customer.next_follow_up_at is not None
    assert customer.next_follow_up_at.astimezone(SHANGHAI).strftime("%H:%M") == "10:30"


def test_without_next_step_one_is_told(rep: User, client_of: ClientOf, customer: Customer) -> None:
    answer = log(client_of(rep), customer)
    assert "还没定下次" in json.loads(answer.headers["HX-Trigger"])["toast"]["text"]
    customer.refresh_from_db()
    assert (customer.next_follow_up_at, customer.next_step) == (None, "")


def test_the_same_submission_counts_once(rep: User, client_of: ClientOf, customer: Customer) -> None:
    for _ in range(3):
        assert log(client_of(rep), customer).status_code == 200
    customer.refresh_from_db()
    assert (Interaction.objects.count(), customer.interaction_count) == (1, 1)


def test_long_submissions_are_told_apart(rep: User, client_of: ClientOf, customer: Customer) -> None:
    for key in ("k" * 90, "k" * 90 + "2", "k" * 90):
        assert log(client_of(rep), customer, submission=key).status_code == 200
    assert Interaction.objects.count() == 2


def test_recorded_late_shows(rep: User, client_of: ClientOf, customer: Customer) -> None:
    long_ago = timezone.localtime() - timedelta(hours=30)
    log(client_of(rep), customer, happened_at=long_ago.strftime("%Y-%m-%dT%H:%M"))
    assert Interaction.objects.get().is_late
    page = client_of(rep).get(customer.get_absolute_url()).content.decode()
    assert "超过24小时才记" in page


def test_an_older_contact_does_not_move_the_last_one_back(
    rep: User, client_of: ClientOf, customer: Customer
) -> None:
    log(client_of(rep), customer)
    customer.refresh_from_db()
    last = customer.last_contact_at
    log(client_of(rep), customer, submission="k2", happened_at="2026-01-05T09:00")
    customer.refresh_from_db()
    assert (customer.last_contact_at, customer.interaction_count) == (last, 2)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"summary": " "}, "还没写结果，一行就够"),
        ({"happened_at": "2099-01-01T10:00"}, "不能晚于现在"),
        ({"next_follow_up_at": "2020-01-01"}, "今天或以后"),
        ({"method": "telepathy"}, "没有"),
        ({"next_day": "never"}, "never"),
        ({"contact": "999999"}, "999999"),
        ({"summary": "长" * 5000}, "太长了"),
    ],
)
def test_bad_input_comes_back(
    rep: User, client_of: ClientOf, customer: Customer, values: dict[str, str], message: str
) -> None:
    answer = log(client_of(rep), customer, **values)
    assert answer.status_code == 422
    assert message in answer.content.decode()
    assert not Interaction.objects.exists()


def test_contact_of_another_customer_is_refused(
    rep: User, client_of: ClientOf, customer: Customer, make_customer: MakeCustomer
) -> None:
    other = make_customer(owner=rep, contacts=[{"name": "别人"}])
    assert log(client_of(rep), customer, contact=str(other.contacts.get().pk)).status_code == 422
    assert log(client_of(rep), customer, contact=str(customer.contacts.get().pk)).status_code == 200


def test_who_may_log(
    manager: User, outsider: User, auditor: User, client_of: ClientOf, customer: Customer
) -> None:
    statuses = [log(client_of(user), customer).status_code for user in (manager, outsider, auditor)]
    assert statuses == [200, 404, 403]
    assert Interaction.objects.get().author == manager


def test_quick_sheet_in_three_taps(rep: User, client_of: ClientOf, customer: Customer) -> None:
    client = client_of(rep)
    page = client.get("/interactions/quick/", headers={**HTMX, "HX-Target": "sheet"}).content.decode()
    assert customer.name in page
    form = {
        "customer": customer.number,
        "summary": "电话没接",
        "method": "phone",
        "submission": "q1",
        "place": "sheet",
    }
    answer = client.post("/interactions/quick/", form, headers=HTMX)
    assert (answer.status_code, Interaction.objects.get().summary) == (204, "电话没接")
    assert "sheet-close" in answer.headers["HX-Trigger"]


def test_quick_sheet_finds_only_what_one_sees(
    rep: User, outsider: User, client_of: ClientOf, customer: Customer
) -> None:
    target = {**HTMX, "HX-Target": "choices"}
    path = "/interactions/quick/?q=" + customer.name[2:4]
    assert customer.number in client_of(rep).get(path, headers=target).content.decode()
    assert customer.number not in client_of(outsider).get(path, headers=target).content.decode()
    form = {"customer": customer.number, "summary": "偷看", "method": "phone"}
    assert client_of(outsider).post("/interactions/quick/", form, headers=HTMX).status_code == 422
    assert not Interaction.objects.exists()


def test_correcting_and_conflict(rep: User, manager: User, client_of: ClientOf, customer: Customer) -> None:
    log(client_of(rep), customer)
    told = Interaction.objects.get()
    path, form = (
        f"/interactions/{told.pk}/edit/",
        {"method": "phone", "status": "done", "version": told.version},
    )
    when = timezone.localtime(told.happened_at).strftime("%Y-%m-%dT%H:%M:%S.%f")
    form["happened_at"] = when
    assert client_of(rep).post(path, {**form, "summary": "同意90天账期"}, headers=HTMX).status_code == 204
    second = client_of(rep).post(path, {**form, "summary": "同意30天账期"}, headers=HTMX)
    told.refresh_from_db()
    assert (second.status_code, told.summary) == (409, "同意90天账期")
    assert "keep-summary" in second.content.decode()


def test_who_may_correct(
    rep: User, mate: User, manager: User, outsider: User, client_of: ClientOf, customer: Customer
) -> None:
    log(client_of(rep), customer)
    path = f"/interactions/{Interaction.objects.get().pk}/edit/"
    assert [client_of(u).get(path).status_code for u in (rep, manager, mate, outsider)] == [
        200,
        403,
        404,
        404,
    ]


def plan(customer: Customer, days: int) -> datetime:
    """Plan the next follow-up of the customer so many days ahead."""
    moment = day_bounds(timezone.localdate() + timedelta(days=days))[0] + timedelta(hours=10)
    Customer.objects.filter(pk=customer.pk).update(next_follow_up_at=moment)
    return moment


@pytest.mark.parametrize("chosen", [{}, {"next_day": "keep"}])
def test_a_plan_still_to_come_stays(
    rep: User, client_of: ClientOf, customer: Customer, chosen: dict[str, str]
) -> None:
    moment, client = plan(customer, 8), client_of(rep)
    page = client.get(f"/interactions/new/?customer={customer.number}", headers=HTMX).content.decode()
    assert re.search(f"保持不变（[-0-9]*{moment.astimezone(SHANGHAI).date().isoformat()[-5:]}）", page)
    assert re.search('value="keep"[^>]* checked', page)
    answer = log(client, customer, **chosen)
    assert f"下次{moment.astimezone(SHANGHAI).date()}" in told(answer)
    customer.refresh_from_db()
    assert (customer.next_follow_up_at, customer.next_step) == (moment, "发报价")
    log(client, customer, submission="k2", next_step="寄样品", **chosen)
    customer.refresh_from_db()
    assert (customer.next_follow_up_at, customer.next_step) == (moment, "寄样品")


def test_a_plan_goes_when_none_is_chosen_or_its_day_has_come(
    rep: User, client_of: ClientOf, customer: Customer
) -> None:
    plan(customer, 8)
    log(client_of(rep), customer, next_day="")
    customer.refresh_from_db()
    assert (customer.next_follow_up_at, customer.next_step) == (None, "")
    plan(customer, 0)
    page = client_of(rep).get(f"/interactions/new/?customer={customer.number}", headers=HTMX)
    assert "保持不变" not in page.content.decode()
    log(client_of(rep), customer, submission="k2", next_day="keep")
    customer.refresh_from_db()
    assert customer.next_follow_up_at is None


def test_the_quick_sheet_keeps_a_plan_and_names_the_customer(
    rep: User, client_of: ClientOf, customer: Customer
) -> None:
    moment, client = plan(customer, 8), client_of(rep)
    page = client.get("/interactions/quick/", headers={**HTMX, "HX-Target": "sheet"}).content.decode()
    assert re.search('value="keep"[^>]* checked', page)
    assert 'name="next_follow_up_at"' in page
    assert 'name="next_step"' in page
    form = {"customer": customer.number, "summary": "没接", "method": "phone", "place": "sheet"}
    kept = client.post("/interactions/quick/", {**form, "next_day": "keep", "submission": "q1"}, headers=HTMX)
    assert told(kept).startswith(f"{customer.name}：已记下，下次")
    customer.refresh_from_db()
    assert customer.next_follow_up_at == moment
    exact = {"next_follow_up_at": f"{moment.astimezone(SHANGHAI).date()}T15:00", "next_step": "上门"}
    client.post(
        "/interactions/quick/", {**form, **exact, "next_day": "keep", "submission": "q2"}, headers=HTMX
    )
    customer.refresh_from_db()
    assert (customer.next_follow_up_at, customer.next_step) == (moment + timedelta(hours=5), "上门")


def test_the_usual_contact_is_chosen_already(
    rep: User, client_of: ClientOf, customer: Customer, make_customer: MakeCustomer
) -> None:
    only = customer.contacts.get()
    address = "/interactions/new/?customer="
    page = client_of(rep).get(address + customer.number, headers=HTMX).content.decode()
    assert f'<option value="{only.pk}" selected>' in page
    assert "不指定联系人" in page
    several = make_customer(owner=rep, contacts=[{"name": "甲"}, {"name": "乙"}])
    several.contacts.update(is_key=False)
    page = client_of(rep).get(address + several.number, headers=HTMX).content.decode()
    assert '<option value="" selected>' in page
    key = several.contacts.get(name="乙")
    several.contacts.filter(pk=key.pk).update(is_key=True)
    page = client_of(rep).get(address + several.number, headers=HTMX).content.decode()
    assert f'<option value="{key.pk}" selected>' in page


def test_quick_days_never_repeat_a_day() -> None:
    start = timezone.localdate()
    for offset in range(7):
        days = [day for day, _label in quick_days(start + timedelta(days=offset))]
        assert days == sorted(set(days))


def test_statements(
    rep: User, client_of: ClientOf, customer: Customer, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = client_of(rep)
    with django_assert_max_num_queries(12):
        client.get("/interactions/quick/", headers=HTMX)


def test_a_submission_counts_for_its_customer_alone(
    rep: User, client_of: ClientOf, customer: Customer, make_customer: MakeCustomer
) -> None:
    other = make_customer(owner=rep)
    for one in (customer, other, other):
        log(client_of(rep), one)
    assert [one.interactions.count() for one in (customer, other)] == [1, 1]


def test_a_day_is_taken_without_a_time(rep: User, client_of: ClientOf, customer: Customer) -> None:
    day = timezone.localdate() + timedelta(days=9)
    back = log(client_of(rep), customer, summary="", next_follow_up_at=day.isoformat())
    assert back.status_code == 422
    assert f'name="next_follow_up_at" value="{day}T00:00"' in back.content.decode()
    log(client_of(rep), customer, next_follow_up_at=day.isoformat())
    customer.refresh_from_db()
    assert customer.next_follow_up_at == day_bounds(day)[0]
