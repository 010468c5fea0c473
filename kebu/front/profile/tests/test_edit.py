"""The whole form: saved, refused, and decided field by field after a conflict."""

import re
from datetime import timedelta
from html.parser import HTMLParser
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django.asserts import assertContains, assertRedirects

from kebu.crm.customers.models import Customer
from kebu.office.staff.models import User
from tests.cast import ClientOf, MakeCustomer

pytestmark = pytest.mark.django_db
LOCAL = r"\d{4}-\d\d-\d\dT\d\d:\d\d"
HTMX = {"HX-Request": "true", "HX-Target": "sheet"}


class Reader(HTMLParser):
    """Reads what a browser would send of a form."""

    def __init__(self) -> None:
        super().__init__()
        self.values: dict[str, Any] = {}
        self.select = self.area = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        name, value = given.get("name") or "", given.get("value") or ""
        if given.get("type") == "datetime-local" and not re.fullmatch(LOCAL, value):
            value = ""  # as browsers do
        earlier = self.values.get(name, [])
        if tag == "input" and name and (given.get("type") not in ("checkbox", "radio") or "checked" in given):
            self.values[name] = value
            if given.get("type") == "checkbox":
                self.values[name] = [*earlier, value]
        elif tag == "select":
            self.select = name
            self.values.setdefault(name, "")
        elif tag == "option" and "selected" in given:
            self.values[self.select] = value
        elif tag == "textarea":
            self.area = name
            self.values[name] = ""

    def handle_endtag(self, tag: str) -> None:
        self.area = "" if tag == "textarea" else self.area

    def handle_data(self, data: str) -> None:
        if self.area:
            self.values[self.area] += data.removeprefix("\n") if not self.values[self.area] else data


def filled(client: Client, url: str) -> dict[str, Any]:
    return read(client.get(url))


def read(answer: Any) -> dict[str, Any]:
    reader = Reader()
    reader.feed(answer.content.decode().split('class="k-sheet-form"', 1)[1].split("</form>", 1)[0])
    return reader.values


@pytest.fixture
def customer(rep: User, make_customer: MakeCustomer) -> Customer:
    soon = timezone.now() + timedelta(days=1)
    known = {"customer_type": "prospect", "grade": "B", "need_types": ["purchase", "consulting"]}
    return make_customer(rep, **known, need="原需求", remark="原备注", next_follow_up_at=soon)


def test_saving_the_form_untouched_changes_nothing(
    rep: User, client_of: ClientOf, customer: Customer
) -> None:
    client, url = client_of(rep), f"{customer.get_absolute_url()}edit/"
    before = Customer.objects.filter(pk=customer.pk).values().get()
    assertRedirects(client.post(url, filled(client, url)), customer.get_absolute_url())
    assert Customer.objects.filter(pk=customer.pk).values().get() == before


def test_saves_what_was_typed(rep: User, client_of: ClientOf, customer: Customer) -> None:
    client, url = client_of(rep), f"{customer.get_absolute_url()}edit/"
    answer = client.post(url, filled(client, url) | {"need": "新需求", "grade": "A"}, headers=HTMX)
    assert answer.status_code == 204
    assert "sheet-close" in answer["HX-Trigger"]
    customer.refresh_from_db()
    assert (customer.need, customer.grade, customer.remark) == ("新需求", "A", "原备注")


def test_refuses_with_the_reason_in_place(rep: User, client_of: ClientOf, customer: Customer) -> None:
    client, url = client_of(rep), f"{customer.get_absolute_url()}edit/"
    typed = filled(client, url) | {"name": "", "phone": "123", "need": "打了半天"}
    answer = client.post(url, typed, headers=HTMX)
    assertContains(answer, "客户名称必须填写", status_code=422)
    assertContains(answer, "打了半天", status_code=422)
    assert client.post(url, {}).status_code == 422


def test_conflict_is_decided_field_by_field(
    rep: User, admin: User, client_of: ClientOf, customer: Customer
) -> None:
    client, url = client_of(rep), f"{customer.get_absolute_url()}edit/"
    mine = filled(client, url) | {"need": "我的需求", "remark": "我的备注", "wechat": "my-wechat"}
    other = client_of(admin)
    other.post(
        url, filled(other, url) | {"need": "他的需求", "remark": "他的备注", "main_business": "他填的"}
    )
    answer = client.post(url, mine)
    for text in ("我的需求", "他的需求", "原需求", 'name="keep-need"', 'name="keep-remark"', "my-wechat"):
        assertContains(answer, text, status_code=409)
    customer.refresh_from_db()
    assert customer.wechat == ""
    again = read(answer) | {"keep-need": "mine", "keep-remark": "now"}
    assertRedirects(client.post(url, again), customer.get_absolute_url())
    customer.refresh_from_db()
    assert (customer.need, customer.remark) == ("我的需求", "他的备注")
    assert (customer.wechat, customer.main_business) == ("my-wechat", "他填的")
    assert customer.need_types == ["purchase", "consulting"]


def test_a_third_change_during_the_decision_asks_again(
    rep: User, admin: User, client_of: ClientOf, customer: Customer
) -> None:
    client, other, url = client_of(rep), client_of(admin), f"{customer.get_absolute_url()}edit/"
    mine = filled(client, url) | {"need": "我的"}
    other.post(url, filled(other, url) | {"need": "他的"})
    decided = read(client.post(url, mine)) | {"keep-need": "mine"}
    other.post(url, filled(other, url) | {"need": "他又改的"})
    assertContains(client.post(url, decided), "他又改的", status_code=409)
    customer.refresh_from_db()
    assert customer.need == "他又改的"


def test_what_was_left_to_the_other_stays_when_a_second_conflict_follows(
    rep: User, admin: User, client_of: ClientOf, customer: Customer
) -> None:
    """The field given up is not in the next form's way and does not come back empty."""
    client, other, url = client_of(rep), client_of(admin), f"{customer.get_absolute_url()}edit/"
    mine = filled(client, url) | {"need": "我的", "remark": "我的备注"}
    other.post(url, filled(other, url) | {"need": "他的", "remark": "他的备注"})
    decided = read(client.post(url, mine)) | {"keep-need": "mine", "keep-remark": "now"}
    other.post(url, filled(other, url) | {"need": "他又改的"})
    again = read(client.post(url, decided))
    assert again["remark"] == "他的备注"
    client.post(url, again | {"keep-need": "mine"})
    customer.refresh_from_db()
    assert (customer.need, customer.remark) == ("我的", "他的备注")
