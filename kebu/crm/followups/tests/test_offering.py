"""The composer completes the plan that a follow-up was about, in sight of who writes, and never twice."""

import json
import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from kebu.crm.customers.models import Customer
from kebu.crm.followups.actions import wait
from kebu.crm.followups.completing import complete
from kebu.crm.followups.models import Plan
from kebu.crm.followups.tests.cast import given, hand, morning
from kebu.crm.interactions.models import Interaction
from kebu.office.staff.models import User
from tests.cast import ClientOf, MakeCustomer

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def customer(rep: User, make_customer: MakeCustomer) -> Customer:
    return make_customer(owner=rep, contacts=[{"name": "郑国栋"}, {"name": "魏敬言"}])


def chips(page: str) -> dict[str, bool]:
    """What may be ended, by value, and whether it is chosen."""
    found = re.findall(r'<input type="radio" name="ended" value="([^"]*)"[^>]*?( checked)?>', page)
    return {value: bool(checked) for value, checked in found}


def log(client: Client, customer: Customer, plan: Plan | None, **values: Any) -> Any:
    form = {"summary": "同意试样", "method": "visit", "submission": "k1", **values}
    if plan is not None:
        form.setdefault("ended", f"{plan.pk}:{plan.version}")
    return client.post(f"/interactions/new/?customer={customer.number}", form, headers=HTMX)


def told(answer: Any) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(answer["HX-Trigger"])["toast"]
    return found


def test_the_one_that_is_due_is_chosen_in_sight(
    rep: User, mate: User, manager: User, client_of: ClientOf, customer: Customer
) -> None:
    client, page = client_of(rep), customer.get_absolute_url()
    assert "完成计划" not in client.get(page).content.decode()
    later = given(rep, customer, 5, goal="以后的")
    given(manager, customer, 0, goal="主管的", executors=[manager])
    assert not any(chosen for value, chosen in chips(client.get(page).content.decode()).items() if value)
    late = given(rep, customer, 0, starts_at=morning(-2), due_at=morning(-1), method="visit")
    shown = client.get(page).content.decode()
    assert chips(shown)[f"{late.pk}:1"] is True
    assert chips(shown)[f"{later.pk}:1"] is False
    assert "逾期2天" in shown
    assert re.search(r'name="method" value="visit"[^>]* checked', shown)
    given(rep, customer, 0, goal="还有一个")
    assert chips(client.get(page).content.decode())[""] is True  # two are due: the writer chooses


def test_a_follow_up_completes_it_once_and_is_taken_back_whole(
    rep: User, client_of: ClientOf, customer: Customer
) -> None:
    plan, client = given(rep, customer, 0), client_of(rep)
    following = given(rep, customer, 4, goal="再去一趟")
    answer = log(client, customer, plan)
    assert answer.status_code == 200
    day = timezone.localtime(following.starts_at).date().isoformat()
    assert told(answer)["text"] == f"“确认试样时间”已完成，已记下，下次{day}"
    assert chips(answer.content.decode()) == {f"{following.pk}:1": False, "": True}
    for _again in range(2):
        again = log(client, customer, plan)
        assert (again.status_code, told(again)) == (200, told(answer))
        assert "plan-changed" in again["HX-Trigger"]
    plan.refresh_from_db()
    assert (plan.status, plan.interaction) == ("done", Interaction.objects.get())
    assert Customer.objects.get().next_step == "再去一趟"
    assert client.post(told(again)["undo"], headers=HTMX).status_code == 204
    assert Plan.objects.get(pk=plan.pk).is_open
    assert not Interaction.objects.exists()
    late = told(log(client, customer, plan, ended=f"{plan.pk}:1"))  # arrives once more after it was undone
    assert ("已完成" in late["text"], late.get("undo")) == (False, None)
    assert Plan.objects.get(pk=plan.pk).is_open


def test_what_changed_meanwhile_keeps_the_text_and_writes_nothing(
    rep: User, client_of: ClientOf, customer: Customer
) -> None:
    plan, client = given(rep, customer, 0), client_of(rep)
    complete(Plan.objects.get(), version=1, **hand(rep))
    late = log(client, customer, plan)
    assert late.status_code == 409
    page = late.content.decode()
    assert "没有保存" in page
    assert "同意试样" in page
    assert Interaction.objects.count() == 0
    other = given(rep, customer, 0, goal="另一个")
    wait(Plan.objects.get(pk=other.pk), is_waiting=True, version=1, **hand(rep))
    wrong = log(client, customer, other)
    assert (wrong.status_code, chips(wrong.content.decode())[""]) == (409, True)
    assert "刚被别人改过" in wrong.content.decode()
    assert log(client, customer, None, ended="").status_code == 200
    assert Plan.objects.get(pk=other.pk).is_open


def test_a_plan_ahead_is_not_kept_as_what_comes_next(
    rep: User, client_of: ClientOf, customer: Customer
) -> None:
    plan = given(rep, customer, 3)
    log(client_of(rep), customer, plan, next_day="keep")
    customer.refresh_from_db()
    assert (customer.next_follow_up_at, customer.next_step) == (None, "")
    tomorrow = timezone.localdate() + timedelta(days=1)
    again = given(rep, customer, 2)
    log(client_of(rep), customer, again, next_day=tomorrow.isoformat(), submission="k2")
    customer.refresh_from_db()
    assert timezone.localdate(customer.next_follow_up_at) == tomorrow


def test_nobody_ends_what_is_not_his(
    rep: User, outsider: User, client_of: ClientOf, customer: Customer, make_customer: MakeCustomer
) -> None:
    plan = given(outsider, make_customer(owner=outsider), 0)
    assert log(client_of(rep), customer, plan).status_code == 404
    assert log(client_of(outsider), customer, given(rep, customer, 0)).status_code == 404
    elsewhere = given(rep, make_customer(owner=rep), 0)
    assert log(client_of(rep), customer, elsewhere).status_code == 404
    assert (Plan.objects.open().count(), Interaction.objects.count()) == (3, 0)


def test_the_quick_sheet_offers_nothing_and_ends_nothing(
    rep: User, client_of: ClientOf, customer: Customer
) -> None:
    plan = given(rep, customer, 0)
    form = {"summary": "同意试样", "method": "phone", "customer": customer.number, "ended": f"{plan.pk}:1"}
    assert client_of(rep).post("/interactions/quick/", form, headers=HTMX).status_code == 200
    assert Plan.objects.get().is_open
    complete(Plan.objects.get(), version=1, **hand(rep))
    assert client_of(rep).post("/interactions/quick/", form, headers=HTMX).status_code == 200
    assert Interaction.objects.count() == 2
