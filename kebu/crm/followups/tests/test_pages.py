"""Pages of plans: making one, doing it in one form, putting off, the list, many at once."""

import json
import re
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from kebu.base.batches.models import Batch
from kebu.base.fields.models import touch
from kebu.base.journal.models import JournalEntry
from kebu.crm.customers.models import Collaborator, Customer
from kebu.crm.followups.models import Plan
from kebu.crm.followups.tests.cast import given, morning
from kebu.crm.interactions.models import Interaction
from kebu.office.staff.fields import STAFF
from kebu.office.staff.models import User
from tests.cast import ClientOf, MakeCustomer

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def told(response: Any) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(response["HX-Trigger"])["toast"]
    return found


def filled(user: User, days: int = 2, **values: Any) -> dict[str, Any]:
    day = timezone.localtime(morning(days))
    return {
        "goal": "演示新方案",
        "expected": "客户同意试用",
        "method": "online",
        "starts_at": day.strftime("%Y-%m-%dT%H:%M"),
        "due_at": (day + timedelta(hours=8)).strftime("%Y-%m-%dT%H:%M"),
        "executors": [user.pk, ""],
        "submission": "k1",
        **values,
    }


def test_a_plan_is_made_once_and_demands_its_end_and_outcome(
    rep: User, outsider: User, client_of: ClientOf, make_customer: MakeCustomer
) -> None:
    customer, client = make_customer(rep, contacts=[{"name": "魏敬言"}]), client_of(rep)
    url = f"/plans/new/?customer={customer.number}"
    assert "魏敬言" in client.get(url, headers=HTMX).content.decode()
    lacking = client.post(url, filled(rep, due_at="", expected=""), headers=HTMX)
    assert lacking.status_code == 422
    page = lacking.content.decode()
    assert "截止时间必须填写" in page
    assert "预期成果必须填写" in page
    backwards = client.post(url, filled(rep, due_at=timezone.localtime(morning(1)).isoformat()), headers=HTMX)
    assert "截止时间要在跟进时间之后" in backwards.content.decode()
    data = filled(rep, executors=[rep.pk, outsider.pk])
    for _again in range(2):
        assert client.post(url, data, headers=HTMX).status_code == 204
    plan = Plan.objects.get()
    assert (plan.customer_id, plan.executor_ids) == (customer.pk, [rep.pk, outsider.pk])
    assert Customer.objects.get(pk=customer.pk).next_step == "演示新方案"
    assert client_of(outsider).get(f"/plans/{plan.pk}/").status_code == 200
    assert Collaborator.objects.filter(user=outsider).count() == 1


def test_an_address_proposes_who_carries_it_out(rep: User, mate: User, client_of: ClientOf) -> None:
    """As a review does; whoever is not there, or not any more, is not proposed."""
    client = client_of(rep)

    def proposed(query: str) -> str:
        page = client.get(f"/plans/new/?{query}").content.decode()
        chosen = re.search(r'<select[^>]*name="executors".*?<option value="(\d+)" selected', page, re.DOTALL)
        assert chosen
        return chosen[1]

    assert proposed(f"customer=-&executor={mate.pk}") == str(mate.pk)
    fresh = client.get("/plans/new/?customer=-").content.decode()
    assert 'value="-" checked' in fresh
    assert "没有找到" not in fresh
    assert "没有找到" in client.get("/plans/new/?q=查无此名").content.decode()
    assert proposed("executor=999999") == proposed("executor=x") == proposed("") == str(rep.pk)
    User.objects.filter(pk=mate.pk).update(is_active=False)
    touch(STAFF)
    assert proposed(f"executor={mate.pk}") == str(rep.pk)


def test_a_task_needs_no_customer_but_somebody_must_say_so(rep: User, client_of: ClientOf) -> None:
    client = client_of(rep)
    assert "请先选客户" in client.post("/plans/new/", filled(rep), headers=HTMX).content.decode()
    assert client.post("/plans/new/", filled(rep, customer="-"), headers=HTMX).status_code == 204
    task = Plan.objects.get()
    assert (task.customer_id, task.kind) == (None, "task")
    done = {"version": 1, "result": "做好了，放在共享盘"}
    assert client.post(f"/plans/{task.pk}/completion/", done, headers=HTMX).status_code == 204
    assert Plan.objects.get().result == "做好了，放在共享盘"


def test_completing_is_one_form(rep: User, client_of: ClientOf, make_customer: MakeCustomer) -> None:
    customer, client = make_customer(rep), client_of(rep)
    plan = given(rep, customer, 0, method="visit")
    url = f"/plans/{plan.pk}/completion/"
    page = client.get(url, headers=HTMX).content.decode()
    assert 'value="visit"' in page
    assert "还没写结果" in client.post(url, {"version": 1}, headers=HTMX).content.decode()
    data = {"summary": "见了魏总，同意试样", "method": "visit", "version": 1, "submission": "c1"}
    data |= {"outcome": "done", "next_day": (timezone.localdate() + timedelta(days=7)).isoformat()}
    answer = client.post(url, data, headers=HTMX)
    assert answer.status_code == 204
    assert Interaction.objects.get().method == "visit"
    assert Plan.objects.get().status == "done"
    assert client.post(url, data, headers=HTMX).status_code == 204
    assert Interaction.objects.count() == 1
    assert client.post(told(answer)["undo"], headers=HTMX).status_code == 204
    assert Plan.objects.get().is_open
    assert Interaction.objects.count() == 0


def test_what_comes_next_may_be_a_plan(rep: User, client_of: ClientOf, make_customer: MakeCustomer) -> None:
    plan, client = given(rep, make_customer(rep), 0), client_of(rep)
    data = {
        "summary": "约了下周",
        "method": "phone",
        "version": 1,
        "submission": "c2",
        "then-goal": "上门演示",
    }
    url = f"/plans/{plan.pk}/completion/"
    assert "截止时间必须填写" in client.post(url, data, headers=HTMX).content.decode()
    more = {key: value for key, value in filled(rep, 5).items() if key in ("starts_at", "due_at", "expected")}
    data |= {f"then-{key}": value for key, value in more.items()}
    assert client.post(url, data, headers=HTMX).status_code == 204
    made = Plan.objects.exclude(pk=plan.pk).get()
    assert (made.goal, made.starts_at) == ("上门演示", morning(5))
    assert Customer.objects.get().next_step == "上门演示"


def test_waiting_for_the_customer_keeps_it_open(
    rep: User, client_of: ClientOf, make_customer: MakeCustomer
) -> None:
    plan, client = given(rep, make_customer(rep), 0), client_of(rep)
    day = timezone.localdate() + timedelta(days=7)
    data = {"summary": "等他们开会", "method": "phone", "version": 1, "outcome": "waiting", "next_day": day}
    assert client.post(f"/plans/{plan.pk}/completion/", data, headers=HTMX).status_code == 204
    plan.refresh_from_db()
    assert (plan.status, timezone.localdate(plan.starts_at)) == ("waiting", day)
    assert "演示" not in client.get("/plans/?when=waiting").content.decode()
    assert plan.goal in client.get("/plans/?when=waiting").content.decode()


def test_putting_off_asks_why(rep: User, client_of: ClientOf, make_customer: MakeCustomer) -> None:
    plan, client = given(rep, make_customer(rep)), client_of(rep)
    url, day = f"/plans/{plan.pk}/postponement/", timezone.localdate() + timedelta(days=3)
    assert client.post(url, {"day": day, "version": 1}, headers=HTMX).status_code == 422
    answer = client.post(url, {"day": day, "reason": "客户出差", "version": 1}, headers=HTMX)
    assert answer.status_code == 204
    assert Plan.objects.get().starts_at == morning(3)
    assert "客户出差" in client.get(plan.get_absolute_url()).content.decode()
    late = client.post(url, {"day": day + timedelta(days=1), "reason": "再等", "version": 1}, headers=HTMX)
    assert late.status_code == 409
    client.post(told(answer)["undo"], headers=HTMX)
    assert Plan.objects.get().starts_at == morning(1)


def test_many_at_once_and_back(
    manager: User, rep: User, mate: User, client_of: ClientOf, make_customer: MakeCustomer
) -> None:
    plans = [given(rep, make_customer(rep), days) for days in (1, 2)]
    client, ids = client_of(manager), ",".join(str(plan.pk) for plan in plans)
    asked = client.post("/plans/reassignments/", {"ids": ids, "step": "ask"}, headers=HTMX)
    assert "2个计划换执行人" in asked.content.decode()
    answer = client.post("/plans/reassignments/", {"ids": ids, "executors": mate.pk}, headers=HTMX)
    assert told(answer)["text"] == "2个计划换了执行人"
    assert {plan.executor_ids[0] for plan in Plan.objects.all()} == {mate.pk}
    moved = {"ids": ids, "day": timezone.localdate() + timedelta(days=9), "reason": "展会"}
    assert client.post("/plans/postponements/", moved, headers=HTMX).status_code == 204
    assert {timezone.localdate(plan.starts_at) for plan in Plan.objects.all()} == {moved["day"]}
    undone = client.post(told(answer)["undo"], headers=HTMX)
    assert told(undone)["text"] == "已撤销，0个计划恢复原样，2个没有动"
    last = Batch.objects.get(kind="plan-postpone")
    assert told(client.post(f"/batches/{last.code}/undo/", headers=HTMX))["text"] == "已撤销，2个计划恢复原样"


def test_the_list_by_whose_and_when(
    rep: User,
    manager: User,
    client_of: ClientOf,
    make_customer: MakeCustomer,
    django_assert_max_num_queries: Any,
) -> None:
    customer = make_customer(rep)
    given(rep, customer, 0, goal="今天的事", due_at=timezone.now() + timedelta(days=1))
    given(manager, customer, 5, goal="主管安排的", executors=[rep])
    late = given(rep, customer, 0, goal="拖着的", starts_at=morning(-3), due_at=morning(-2))
    given(rep, None, 30, goal="自己的任务", kind="task")
    client = client_of(rep)
    with django_assert_max_num_queries(15):
        page = client.get("/plans/").content.decode()
    assert [goal for goal in ("拖着的", "今天的事", "主管安排的", "自己的任务") if goal in page] == [
        "拖着的", "今天的事", "主管安排的", "自己的任务",
    ]  # fmt: skip
    assert page.index("拖着的") < page.index("今天的事") < page.index("自己的任务")
    assert "今天的事" not in client.get("/plans/?when=overdue").content.decode()
    boss = client_of(manager)
    given_page = boss.get("/plans/?view=given").content.decode()
    assert "主管安排的" in given_page
    assert "拖着的" not in given_page
    assert late.goal in boss.get(f"/plans/?view=team&executor={rep.pk}").content.decode()
    assert late.goal not in boss.get(f"/plans/?view=team&executor={manager.pk}").content.decode()
    odd = boss.get("/plans/?q=%25%27&view=x&when=zzz&executor=zz&since=abc&method=q&cursor=zz")
    assert odd.status_code == 200


def test_what_the_chips_say_of_the_customer_is_kept_when_a_plan_is_completed(
    rep: User, client_of: ClientOf, make_customer: MakeCustomer
) -> None:
    customer, client = make_customer(rep), client_of(rep)
    plan = given(rep, customer, 0)
    url = f"/plans/{plan.pk}/completion/"
    data = {"method": "visit", "version": 1, "submission": "c1"}
    heard = {"heard_budget": "25万", "heard_marks": ["need-purchase", "need-none"]}
    back = client.post(url, {**data, **heard, "summary": ""}, headers=HTMX)
    assert back.status_code == 422
    assert 'name="heard_budget" value="25万"' in back.content.decode()
    for _again in range(2):
        answer = client.post(url, {**data, **heard, "summary": "预算25万"}, headers=HTMX)
        assert answer.status_code == 204
    customer.refresh_from_db()
    assert [customer.budget_min, customer.budget_max] == [250_000, 250_000]
    assert customer.need_types == ["purchase"]
    lines = JournalEntry.objects.of_record("customer", customer.pk)
    assert [line.author_id for line in lines if "budget" in line.changes] == [rep.pk]
    assert Interaction.objects.count() == 1


def test_who_may_not_change_the_customer_changes_nothing_by_completing(
    rep: User, outsider: User, client_of: ClientOf, make_customer: MakeCustomer
) -> None:
    customer = make_customer(rep)
    plan = given(rep, customer, 0, executors=[rep, outsider])
    data = {"summary": "预算25万", "method": "visit", "version": 1, "heard_budget": "25万"}
    url = f"/plans/{plan.pk}/completion/"
    assert client_of(outsider).post(url, data, headers=HTMX).status_code == 204
    customer.refresh_from_db()
    assert customer.budget_max is None


def test_who_carries_nothing_out_himself_opens_the_plans_of_all(
    rep: User, manager: User, client_of: ClientOf, make_customer: MakeCustomer
) -> None:
    given(rep, make_customer(owner=rep), 1, goal="催回样")
    boss = client_of(manager)
    assert "催回样" in boss.get("/plans/").content.decode()
    assert "催回样" not in boss.get("/plans/?view=mine").content.decode()
    assert "view=team" in boss.get("/plans/").content.decode()
    given(manager, None, 1, goal="写月报")
    page = boss.get("/plans/").content.decode()
    assert "写月报" in page
    assert "催回样" not in page
