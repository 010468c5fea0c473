"""新建客户: little is asked, nothing is made twice, what is wrong is said in place."""

import json
import re

import pytest
from django.test import Client

from kebu.base.journal.models import JournalEntry
from kebu.crm.contacts.models import Contact
from kebu.crm.customers.models import Customer
from kebu.office.staff.models import User
from tests.cast import ClientOf

pytestmark = pytest.mark.django_db
URL = "/customers/new/"
HTMX = {"HX-Request": "true"}
FILLED = {
    "kind": "company", "name": "海纳科技有限公司", "phone": "138 0013 8000", "submission": "s1",
    "contact-name": "王磊", "contact-title": "采购经理", "next_step": "寄样品", "industry": "软件",
}  # fmt: skip


def test_makes_customer_and_contact(rep: User, client_of: ClientOf) -> None:
    answer = client_of(rep).post(URL, FILLED, headers=HTMX)
    customer = Customer.objects.get()
    assert (answer.status_code, answer["HX-Redirect"]) == (204, customer.get_absolute_url())
    assert (customer.phone, customer.owner_id, customer.industry_id) == ("+8613800138000", rep.pk, "I65")
    assert (customer.key_contact, customer.customer_type) == ("王磊 采购经理", "potential")
    assert Contact.objects.get().is_key
    assert JournalEntry.objects.filter(action="create", author_id=rep.pk).count() == 2


def test_without_script(rep: User, client_of: ClientOf) -> None:
    client = client_of(rep)
    page = client.get(URL).content.decode()
    assert "<html" in page
    assert 'name="kind" value="company" checked' in page
    assert client.post(URL, FILLED).status_code == 302
    second = {"submission": "s2", "name": "另一家", "phone": "13800138001", "again": "1"}
    again = client.post(URL, FILLED | second)
    assert again["Location"] == f"{URL}?kind=company"


def test_sent_twice_makes_one(rep: User, mate: User, client_of: ClientOf) -> None:
    client = client_of(rep)
    first, second = client.post(URL, FILLED, headers=HTMX), client.post(URL, FILLED, headers=HTMX)
    assert first["HX-Redirect"] == second["HX-Redirect"]
    assert Customer.objects.count() == 1
    others = FILLED | {"name": "海霓有限公司", "phone": "13800138002"}
    client_of(mate).post(URL, others, headers=HTMX)  # the key is the sender's own
    assert Customer.objects.count() == 2


def test_save_and_go_on(rep: User, client_of: ClientOf) -> None:
    answer = client_of(rep).post(URL, FILLED | {"again": "1"}, headers=HTMX)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "海纳" not in page
    assert key_in(page) != "s1"
    events = json.loads(answer["HX-Trigger"])
    assert events["toast"]["undo"] == f"/customers/{Customer.objects.get().number}/archival/"
    assert "customer-changed" in events


def key_in(page: str) -> str:
    found = re.search(r'name="submission" value="([^"]+)"', page)
    assert found
    return found[1]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"name": " "}, "客户名称必须填写"),
        ({"phone": ""}, "电话、邮箱、微信至少填一个"),
        ({"phone": "1380013800"}, "手机号少一位"),
        ({"contact-name": ""}, "写了职位，还要写联系人姓名"),
        ({"industry": "量子咨询"}, "行业表里没有“量子咨询”"),
        ({"first_contact_on": "2026-02-30"}, "2026年2月没有30日"),
    ],
)
def test_what_is_wrong_stands_in_place(
    change: dict[str, str], message: str, rep: User, client_of: ClientOf
) -> None:
    answer = client_of(rep).post(URL, FILLED | change, headers=HTMX)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert message in page
    assert "寄样品" in page  # what was typed stays
    assert key_in(page) == "s1"
    assert not Customer.objects.exists()


def test_person(rep: User, client_of: ClientOf) -> None:
    values = {"kind": "person", "name": "欧阳静", "wechat": "ouyang", "birthday": "农历八月十五"}
    client_of(rep).post(URL, values, headers=HTMX)
    customer = Customer.objects.get()
    assert (customer.kind, customer.birthday != "") == ("person", True)
    assert not Contact.objects.exists()


def test_changing_the_kind_keeps_what_was_typed(rep: User, client_of: ClientOf) -> None:
    typed = FILLED | {"kind": "person", "switch": "1", "phone": "12"}
    page = client_of(rep).post(URL, typed, headers=HTMX).content.decode()
    assert "海纳科技有限公司" in page
    assert 'name="birthday"' in page
    assert "k-error" not in page
    assert not Customer.objects.exists()


@pytest.mark.slow
@pytest.mark.parametrize(
    "field", ["kind", "submission", "next_follow_up_at", "owner", "stage", "budget", "need_types"]
)
def test_bad_input_is_no_failure(field: str, manager: User, client_of: ClientOf) -> None:
    client: Client = client_of(manager)
    for text in ("x", "-1", "9" * 40, "\x00", "2026-13-45T99:99", "<b>"):
        assert client.post(URL, FILLED | {field: text}, headers=HTMX).status_code in (204, 422), text
        assert client.post(URL, FILLED | {field: text, "switch": "1"}, headers=HTMX).status_code == 200, text


def test_a_manager_may_choose_the_owner(
    manager: User, rep: User, outsider: User, client_of: ClientOf
) -> None:
    client = client_of(manager)
    client.post(URL, FILLED | {"owner": rep.pk}, headers=HTMX)
    assert Customer.objects.get().owner_id == rep.pk
    refused = client.post(URL, FILLED | {"owner": outsider.pk, "submission": "s3"}, headers=HTMX)
    assert refused.status_code == 422
    another = {"owner": "", "submission": "s4", "name": "海霓有限公司", "phone": "13800138002"}
    client.post(URL, FILLED | another, headers=HTMX)
    assert Customer.objects.latest("id").owner_id == manager.pk


def test_a_rep_cannot_smuggle_an_owner(rep: User, mate: User, client_of: ClientOf) -> None:
    client_of(rep).post(URL, FILLED | {"owner": mate.pk}, headers=HTMX)
    assert Customer.objects.get().owner_id == rep.pk


def test_without_permission(auditor: User, client_of: ClientOf) -> None:
    client = client_of(auditor)
    assert client.get(URL).status_code == 403
    assert client.post(URL, FILLED).status_code == 403
    assert client.put(URL).status_code == 403
    assert not Customer.objects.exists()


def test_wrong_method(rep: User, client_of: ClientOf) -> None:
    assert client_of(rep).put(URL).status_code == 405


@pytest.mark.parametrize("change", [{"name": "另一家"}, {"phone": "13800138009"}])
def test_a_double_is_asked_about_once(change: dict[str, str], rep: User, client_of: ClientOf) -> None:
    client = client_of(rep)
    client.post(URL, FILLED, headers=HTMX)
    values = FILLED | {"submission": "s2"} | change
    asked = client.post(URL, values, headers=HTMX)
    page = asked.content.decode()
    assert asked.status_code == 422
    assert "已有海纳科技有限公司，负责人周慕白" in page
    assert "仍要新建" in page
    seen = re.search(r'name="seen" value="([^"]+)"', page)
    assert seen
    other = client.post(URL, values | {"seen": "something else"}, headers=HTMX)
    assert other.status_code == 422
    assert client.post(URL, values | {"seen": seen[1]}, headers=HTMX).status_code == 204
    assert Customer.objects.count() == 2


def test_of_a_hidden_double_only_the_owner_is_told(rep: User, outsider: User, client_of: ClientOf) -> None:
    client_of(rep).post(URL, FILLED, headers=HTMX)
    page = client_of(outsider).post(URL, FILLED | {"phone": "13800138009"}, headers=HTMX).content.decode()
    assert "已存在，负责人周慕白" in page
    assert "已有" not in page
