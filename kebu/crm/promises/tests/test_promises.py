"""Promises follow what was logged, are kept or not, and are counted."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from kebu.base.fields.directories import Context
from kebu.base.journal.authors import Author
from kebu.base.journal.choices import Door
from kebu.base.journal.models import JournalEntry
from kebu.crm.customers.mass_actions import assign_many
from kebu.crm.customers.models import Customer
from kebu.crm.interactions.models import Interaction
from kebu.crm.promises.choices import State
from kebu.crm.promises.models import Promise
from kebu.crm.promises.queries import rates
from kebu.office.staff.models import User
from tests.cast import ClientOf, MakeCustomer

pytestmark = pytest.mark.django_db
SHEET = {"HX-Request": "true", "HX-Target": "sheet"}


@pytest.fixture
def customer(rep: User, make_customer: MakeCustomer) -> Customer:
    return make_customer(owner=rep)


@pytest.fixture
def client(rep: User, client_of: ClientOf) -> Client:
    return client_of(rep)


def log(client: Client, customer: Customer, **values: Any) -> Interaction:
    key = f"k{Interaction.objects.count()}"
    form = {"summary": "谈交期", "method": "phone", "status": "ongoing", "submission": key, **values}
    answer = client.post(f"/interactions/new/?customer={customer.number}", form, headers=SHEET)
    assert answer.status_code == 204, answer.content.decode()
    return Interaction.objects.latest("id")


def settle(client: Client, promise: Promise, to: str) -> int:
    promise.refresh_from_db()
    url = f"/promises/{promise.pk}/settlement/"
    return client.post(
        url, {"to": to, "version": promise.version}, headers={"HX-Request": "true"}
    ).status_code


def today(days: int = 0) -> date:
    return timezone.localdate() + timedelta(days=days)


def test_both_sides_follow_the_interaction(client: Client, customer: Customer) -> None:
    told = log(
        client, customer, our_promise="周五前发报价", our_promise_on=today(2), their_promise="月底付款"
    )
    ours, theirs = (Promise.objects.get(side=side) for side in ("ours", "theirs"))
    assert (ours.text, ours.due_on, ours.made_on) == ("周五前发报价", today(2), today())
    assert (theirs.due_on, theirs.responsible, theirs.state) == (None, customer.owner, "open")
    page = client.get(f"/interactions/{told.pk}/edit/", headers=SHEET).content.decode()
    version = re.search(r'name="version" value="(\d+)"', page)
    assert version
    corrected = {
        "summary": "谈交期", "method": "phone", "status": "ongoing",
        "happened_at": told.happened_at.isoformat(),
        "our_promise": "周五前发报价", "our_promise_on": today(5), "their_promise": "", "version": version[1],
    }  # fmt: skip
    assert client.post(f"/interactions/{told.pk}/edit/", corrected, headers=SHEET).status_code == 204
    assert [(one.side, one.due_on) for one in Promise.objects.all()] == [("ours", today(5))]
    client.post(f"/interactions/{told.pk}/deletion/")
    assert not Promise.objects.exists()


def test_a_day_alone_is_no_promise(client: Client, customer: Customer) -> None:
    form = {"summary": "谈", "method": "phone", "status": "ongoing", "our_promise_on": today(1)}
    answer = client.post(f"/interactions/new/?customer={customer.number}", form)
    assert answer.status_code == 422
    assert "有了期限，还要写上答应的是什么" in answer.content.decode()


def test_kept_late_and_taken_back(client: Client, customer: Customer) -> None:
    log(client, customer, our_promise="发样品", our_promise_on=today(-1), their_promise="付款")
    ours, theirs = (Promise.objects.get(side=side) for side in ("ours", "theirs"))
    assert settle(client, ours, "kept") == 204
    assert settle(client, theirs, "kept") == 204
    assert list(Promise.objects.order_by("side").values_list("state", flat=True)) == ["kept_late", "kept"]
    entry = JournalEntry.objects.filter(kind="promise", record_id=ours.pk).latest("id")
    assert entry.changes == {"state": ["open", "kept_late"]}
    assert "承诺的结果" in client.get(customer.get_absolute_url()).content.decode()
    assert settle(client, ours, "open") == 204
    ours.refresh_from_db()
    assert (ours.state, ours.settled_at) == (State.OPEN, None)


def test_who_comes_second_is_told(client: Client, customer: Customer) -> None:
    log(client, customer, our_promise="发样品")
    promise = Promise.objects.get()
    assert settle(client, promise, "broken") == 204
    late = {"to": "kept", "version": 1}
    assert client.post(f"/promises/{promise.pk}/settlement/", late).status_code == 409
    assert settle(client, promise, "eaten") == 422
    promise.refresh_from_db()
    assert promise.state == State.BROKEN


def test_the_list_and_the_rates(client: Client, customer: Customer) -> None:
    for text, days, end in (
        ("甲", -3, "kept"),
        ("乙", 3, "kept"),
        ("丙", -2, ""),
        ("丁", 2, ""),
        ("戊", None, "withdrawn"),
    ):
        log(
            client,
            customer,
            our_promise=text,
            our_promise_on="" if days is None else today(days),
            their_promise=f"客{text}",
        )
        if end:
            settle(client, Promise.objects.get(text=text), end)
    shown = {
        tab: client.get(f"/promises/?tab={tab}").content.decode()
        for tab in ("ours", "theirs", "late", "done", "rates")
    }
    assert [text in shown["ours"] for text in ("甲</td>", "丙</td>", "丁</td>")] == [False, True, True]
    assert shown["ours"].index("丙</td>") < shown["ours"].index("丁</td>")
    assert [text in shown["late"] for text in ("丙</td>", "丁</td>")] == [True, False]
    assert "戊</td>" in shown["done"]
    assert "客甲" in shown["theirs"]
    rate = rates(Promise.objects.all(), "responsible_id", today())[customer.owner_id]["ours"]
    assert (rate.kept, rate.due, rate.percent) == (1, 3, 33)  # 乙 of 甲, 乙, 丙
    assert "33%" in shown["rates"]
    assert "33%" in client.get(customer.get_absolute_url()).content.decode()


def test_open_ones_go_with_the_customer(
    client: Client, customer: Customer, mate: User, client_of: ClientOf
) -> None:
    log(client, customer, our_promise="发样品")
    log(client, customer, our_promise="发报价")
    settle(client, Promise.objects.get(text="发报价"), "kept")
    by, at = Author.for_user(mate, Door.PAGE), timezone.now()
    assign_many(Customer.objects.all(), [customer.pk], mate.pk, by=by, at=at, context=Context())
    assert Promise.objects.get(text="发样品").responsible == mate
    assert Promise.objects.get(text="发报价").responsible == customer.owner
    assert "发样品" in client_of(mate).get("/promises/").content.decode()
    assert "发样品" not in client.get("/promises/").content.decode()
