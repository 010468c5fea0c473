import re
from datetime import timedelta
from urllib.parse import unquote

import pytest
from django.test import Client
from django.utils import timezone

from kebu.base.journal.models import JournalEntry
from kebu.crm.churn.models import ChurnWarning
from kebu.crm.churn.tests.cast import warned
from kebu.crm.customers.models import Customer
from kebu.crm.followups.models import Plan
from kebu.crm.key_dates.tests.cast import day
from kebu.office.staff.models import Role, User
from tests.cast import ClientOf, MakeCustomer, MakeUser

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
WORDS = "平时90天谈6次，最近90天谈1次"


def form(**values: str) -> dict[str, str]:
    told = {"cause": "rival", "cause_note": "凯锐报价低两成", "measure": "care", "measure_note": ""}
    return {**told, "look_on": day(14).isoformat(), "submission": "one", "version": "1", **values}


def send(client: Client, row: ChurnWarning, **values: str) -> int:
    return client.post(f"/churn/{row.pk}/", form(**values), headers=HTMX).status_code


def test_why_and_what_is_done_stand_in_list_and_on_the_customer(
    rep: User, make_customer: MakeCustomer, client_of: ClientOf
) -> None:
    customer, client = make_customer(rep, customer_type="won"), client_of(rep)
    assert "#churn" not in client.get(customer.get_absolute_url()).content.decode()
    row, slot = warned(customer), f"/churn/of/?customer={customer.number}"
    page = client.get(customer.get_absolute_url()).content.decode()
    assert slot in page
    assert re.search(r'href="\?tab=people#churn">.*?流失预警</span>', page)
    for page in ("/churn/", slot, f"/churn/{row.pk}/"):
        shown = client.get(page).content.decode()
        assert WORDS in shown
        assert "找原因，定措施" in shown
    plan_on = {"plan_on": day(3).isoformat()}
    assert [send(client, row, **plan_on) for _press in range(2)] == [204, 204]
    row.refresh_from_db()
    assert (row.status, row.cause, row.look_on) == ("saving", "rival", day(14))
    plan = Plan.objects.get(customer=customer)
    assert plan.goal == "挽回：专属服务升级"
    assert plan.executor_ids == [rep.pk]
    assert WORDS not in client.get("/churn/").content.decode()
    shown = client.get("/churn/?tab=saving").content.decode()
    assert "凯锐报价低两成" in shown
    assert "更新进展" in shown
    for page in (slot, f"/churn/{row.pk}/"):
        assert "更新进展" in client.get(page).content.decode()
    assert "竞品，专属服务升级" in client.get(slot).content.decode()


def test_a_lost_customer_becomes_one_and_comes_back(
    rep: User, make_customer: MakeCustomer, client_of: ClientOf
) -> None:
    customer, client = make_customer(rep, customer_type="won"), client_of(rep)
    row = warned(customer)
    answer = client.post(f"/churn/{row.pk}/", form(to="lost", measure=""), headers=HTMX)
    row.refresh_from_db()
    customer.refresh_from_db()
    assert (row.status, row.by_hand, customer.customer_type) == ("lost", True, "lost")
    assert "恢复" in client.get("/churn/?tab=done").content.decode()
    assert send(client, row) == 409
    undo = f"/churn/{row.pk}/reopening/?back=open&version={row.version}"
    assert undo in unquote(answer.headers["HX-Trigger"]).replace("\\/", "/")
    assert client.post(undo, headers=HTMX).status_code == 204
    assert client.post(undo, headers=HTMX).status_code == 409  # once
    row.refresh_from_db()
    customer.refresh_from_db()
    assert (row.status, row.by_hand, row.closed_at) == ("open", False, None)
    assert customer.customer_type == "won"
    kinds = JournalEntry.objects.filter(kind="customer", record_id=customer.pk).order_by("-id")[:2]
    assert [entry.changes["customer_type"] for entry in kinds] == [["lost", "won"], ["won", "lost"]]
    history = client.get(f"/customers/{customer.number}/history/").content.decode()
    assert "流失预警的进展" in history


def test_what_somebody_made_of_a_lost_customer_since_stays(
    rep: User, make_customer: MakeCustomer, client_of: ClientOf
) -> None:
    customer, client = make_customer(rep, customer_type="won"), client_of(rep)
    row = warned(customer)
    assert send(client, row, to="lost") == 204
    row.refresh_from_db()
    Customer.objects.filter(pk=customer.pk).update(customer_type="prospect")
    answer = client.post(f"/churn/{row.pk}/reopening/?back=open&version={row.version}", headers=HTMX)
    assert answer.status_code == 409
    assert "后来客户类型改成了意向客户" in answer.content.decode()
    customer.refresh_from_db()
    row.refresh_from_db()
    assert (customer.customer_type, row.status) == ("prospect", "lost")


def test_none_is_taken_back_beside_another(
    rep: User, make_customer: MakeCustomer, client_of: ClientOf
) -> None:
    customer = make_customer(rep, customer_type="won")
    old, _new = warned(customer, status="steady", closed_at=timezone.now()), warned(customer)
    answer = client_of(rep).post(f"/churn/{old.pk}/reopening/", {"version": "1"}, headers=HTMX)
    assert answer.status_code == 409
    assert "已经有一条" in answer.content.decode()


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"cause": ""}, "还不清楚就选“其他”"),
        ({"measure": ""}, "选一个挽回措施"),
        ({"cause": "other", "cause_note": ""}, "请写一句是什么"),
        ({"cause": "weather"}, "没有“weather”这一项"),
        ({"look_on": "2020-01-01"}, "今天或以后"),
        ({"plan_on": "2020-01-01"}, "今天或以后"),
        ({"plan_on": "明天吧"}, "2026-12-01"),
        ({"plan_on": "9999-12-31"}, "年份要在2101以前"),
        ({"to": "lost", "cause": ""}, "还不清楚就选“其他”"),
    ],
)
def test_what_cannot_be_is_told_in_place(
    values: dict[str, str], words: str, rep: User, make_customer: MakeCustomer, client_of: ClientOf
) -> None:
    row = warned(make_customer(rep, customer_type="won"))
    answer = client_of(rep).post(f"/churn/{row.pk}/", form(**values), headers=HTMX)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert ChurnWarning.objects.get().status == "open"
    assert not Plan.objects.exists()


def test_whatever_key_a_browser_sends_the_plan_is_made(
    rep: User, make_customer: MakeCustomer, client_of: ClientOf
) -> None:
    row = warned(make_customer(rep, customer_type="won"))
    assert send(client_of(rep), row, plan_on=day(3).isoformat(), submission="a\0b") == 204
    assert Plan.objects.count() == 1


def test_two_who_change_the_same_are_asked_whose_counts(
    rep: User, admin: User, make_customer: MakeCustomer, client_of: ClientOf
) -> None:
    row = warned(make_customer(rep, customer_type="won"))
    assert send(client_of(admin), row, cause="price") == 204
    answer = client_of(rep).post(f"/churn/{row.pk}/", form(cause="rival"), headers=HTMX)
    assert answer.status_code == 409
    assert "价格" in answer.content.decode()
    assert send(client_of(rep), row, cause="price", look_on=day(20).isoformat()) == 409
    row.refresh_from_db()
    assert row.cause == "price"
    assert send(client_of(rep), row, cause="rival", version=str(row.version)) == 204


def test_the_list_by_owner_and_in_the_order_of_risk(
    rep: User, mate: User, manager: User, make_customer: MakeCustomer, client_of: ClientOf
) -> None:
    mine = [make_customer(rep, name=f"{name}公司", customer_type="won") for name in "甲乙"]
    other, gone = (make_customer(mate, name=f"{name}公司", customer_type="won") for name in "丙丁")
    for customer, score in zip((*mine, other, gone), (2, 6, 4, 5), strict=True):
        warned(customer, score=score)
    Customer.objects.filter(pk=gone.pk).update(archived_at=timezone.now())

    def names(user: User, query: str) -> list[str]:
        page = client_of(user).get(f"/churn/?{query}")
        return [row.customer.name for row, _who, _can in page.context["rows"]]

    assert names(rep, "") == ["乙公司", "甲公司"]
    assert names(manager, "") == ["乙公司", "丙公司", "甲公司"]
    assert names(manager, f"rep={mate.pk}") == ["丙公司"]
    assert names(manager, "tab=nonsense&rep=nobody") == ["乙公司", "丙公司", "甲公司"]
    assert names(rep, "tab=done") == []


def test_only_who_may_handle_it_is_offered_to(
    rep: User, manager: User, make_customer: MakeCustomer, client_of: ClientOf
) -> None:
    customer = make_customer(rep, customer_type="won")
    row = warned(customer)
    warned(customer, status="lost", closed_at=timezone.now() - timedelta(days=1))
    pages = ("/churn/", "/churn/?tab=done", f"/churn/of/?customer={customer.number}")
    doors = (f"/churn/{row.pk}/", "/reopening/", f"/churn/{row.pk}/")
    for page, door in zip(pages, doors, strict=True):
        assert door in client_of(rep).get(page).content.decode()
        seen = client_of(manager).get(page).content.decode()
        assert WORDS in seen
        assert door not in seen


def test_a_list_of_many_takes_few_statements(
    rep: User, make_customer: MakeCustomer, client_of: ClientOf, django_assert_max_num_queries: object
) -> None:
    for _each in range(12):
        warned(make_customer(rep, customer_type="won"))
    client = client_of(rep)
    client.get("/churn/")
    with django_assert_max_num_queries(15):  # type: ignore[operator]
        client.get("/churn/")


def test_who_may_plan_nothing_is_offered_no_plan(
    make_user: MakeUser, make_customer: MakeCustomer, client_of: ClientOf
) -> None:
    grants = {"customer.view": "own", "customer.edit": "own"}
    editor = make_user("yan", "严修")
    editor.roles.set([Role.objects.create(name="只改资料", grants=grants)])
    row, client = warned(make_customer(editor, customer_type="won")), client_of(editor)
    assert "安排跟进" not in client.get(f"/churn/{row.pk}/").content.decode()
    assert send(client, row, plan_on=day(3).isoformat()) == 204
    assert not Plan.objects.exists()


def test_whose_role_leaves_the_type_alone_loses_no_customer(
    rep: User, make_customer: MakeCustomer, client_of: ClientOf
) -> None:
    """Neither by the sheet nor by taking back what another settled."""
    customer = make_customer(rep, customer_type="won")
    row = warned(customer)
    Role.objects.filter(users=rep).update(field_rules={"customer.customer_type": "read_only"})
    client = client_of(rep)
    assert "已流失" not in client.get(f"/churn/{row.pk}/", headers=HTMX).content.decode()
    assert send(client, row, to="lost") == 422
    row.refresh_from_db()
    assert (row.status, row.version) == ("open", 1)
    ChurnWarning.objects.filter(pk=row.pk).update(status="lost", closed_at=timezone.now(), by_hand=True)
    Customer.objects.filter(pk=customer.pk).update(customer_type="lost")
    assert client.post(f"/churn/{row.pk}/reopening/?version=1&back=open", headers=HTMX).status_code == 403
    customer.refresh_from_db()
    row.refresh_from_db()
    assert (customer.customer_type, row.status) == ("lost", "lost")
