"""Important changes: entered in time or late, proposed by edits, told to whoever works with the customer."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from kebu.base.fields.directories import Context
from kebu.base.journal.authors import Author
from kebu.base.journal.choices import Door
from kebu.base.kit.dates import day_bounds
from kebu.crm.changes.actions import enter_change
from kebu.crm.changes.models import ImportantChange, Proposal
from kebu.crm.changes.queries import punctuality
from kebu.crm.contacts.actions import make_key
from kebu.crm.customers.actions import change_customer
from kebu.crm.customers.collaborators import Grant, let_in
from kebu.crm.customers.fields import CUSTOMER_FIELDS
from kebu.crm.customers.models import Customer
from kebu.crm.interactions.actions import log_interaction
from kebu.office.notices.models import Notice
from kebu.office.staff.models import Role, User
from tests.cast import ClientOf, MakeCustomer

pytestmark = pytest.mark.django_db
SHEET = {"HX-Request": "true", "HX-Target": "sheet"}


@pytest.fixture
def customer(rep: User, make_customer: MakeCustomer) -> Customer:
    return make_customer(owner=rep, contacts=[{"name": "郑国栋"}, {"name": "蒋雅文"}], need="车床")


@pytest.fixture
def client(rep: User, client_of: ClientOf) -> Client:
    return client_of(rep)


def day(ago: int) -> date:
    return timezone.localdate() - timedelta(days=ago)


def enter(client: Client, customer: Customer, key: str = "k1", **values: Any) -> int:
    form = {"sort": "decider", "happened_on": day(0), "content": "采购总监换人", "submission": key, **values}
    return client.post(f"/changes/new/?customer={customer.number}", form, headers=SHEET).status_code


def test_entered_once_and_seen_in_the_history(client: Client, customer: Customer) -> None:
    assert enter(client, customer) == 204
    assert enter(client, customer) == 204
    change = ImportantChange.objects.get()
    assert (change.is_late, change.sort) == (False, "decider")
    page = client.get(customer.get_absolute_url()).content.decode()
    assert re.search(r"<b>重要变更</b>.*采购总监换人", page, re.DOTALL)
    assert "采购总监换人" in client.get("/changes/").content.decode()
    assert enter(client, customer, "k2", happened_on=day(-1)) == 422
    assert enter(client, customer, "k3", content="") == 422


def test_24_hours_begin_with_the_end_of_the_day(rep: User, customer: Customer) -> None:
    by, happened = Author.for_user(rep, Door.PAGE), day(5)
    told = {"sort": "need", "happened_on": happened, "content": "加一条线"}
    edge = day_bounds(happened)[1] + timedelta(hours=24)
    for at, is_late in ((edge - timedelta(seconds=1), False), (edge, True)):
        change = enter_change(customer, told, by=by, at=at, context=Context())
        assert change.is_late is is_late
    assert ImportantChange.objects.late().count() == 1


def test_shares_of_both_kinds_by_person(client: Client, customer: Customer, rep: User) -> None:
    by, now = Author.for_user(rep, Door.PAGE), timezone.now()
    for hours in (1, 23, 25, 70):
        values = {"summary": f"前{hours}小时", "happened_at": now - timedelta(hours=hours)}
        log_interaction(customer, values, contact=None, by=by, at=now, context=Context())
    enter(client, customer, happened_on=day(4))
    one = next(one for one in punctuality(rep, day(29), day(0)) if one.user_id == rep.pk)
    assert (one.talks.late, one.talks.all, one.talks.percent) == (2, 4, 50)
    assert (one.changes.late, one.changes.all) == (1, 1)
    page = client.get(f"/changes/?tab=late&rep={rep.pk}").content.decode()
    wanted = {"前25小时": True, "前70小时": True, "前23小时": False, "采购总监换人": True}
    assert {text: text in page for text in wanted} == wanted


def test_edits_propose_and_are_answered(client: Client, customer: Customer, rep: User) -> None:
    by, now = Author.for_user(rep, Door.PAGE), timezone.now()
    for values in ({"need": "磨床"}, {"need": "加工中心"}, {"remark": "好客户"}):
        customer.refresh_from_db()
        change_customer(customer, values, version=customer.version, by=by, at=now, context=Context())
    proposal = Proposal.objects.get()
    assert proposal.content.endswith("：车床 → 加工中心")
    make_key(customer.contacts.get(name="蒋雅文"), by=by, at=now)
    assert Proposal.objects.filter(sort="decider", content__contains="郑国栋 → 蒋雅文").exists()
    assert "这是重要变更吗" in client.get(customer.get_absolute_url()).content.decode()
    assert "车床 → 加工中心" in client.get("/changes/?tab=proposals").content.decode()
    url = f"/changes/new/?customer={customer.number}&proposal={proposal.pk}"
    assert "需求变了：" in client.get(url, headers=SHEET).content.decode()  # roles may close the field
    form = {"sort": "need", "happened_on": day(0), "content": "改要加工中心", "submission": "k9"}
    assert client.post(url, form, headers=SHEET).status_code == 204
    other = Proposal.objects.get()
    refused = client.post(f"/changes/proposals/{other.pk}/dismissal/", {"version": 7})
    assert refused.status_code == 409
    client.post(f"/changes/proposals/{other.pk}/dismissal/", {"version": other.version})
    assert not Proposal.objects.exists()


def test_filling_in_proposes_nothing(rep: User, make_customer: MakeCustomer) -> None:
    by, now = Author.for_user(rep, Door.PAGE), timezone.now()
    empty = make_customer(owner=rep, name="昆山新客户有限公司")
    change_customer(empty, {"need": "磨床"}, version=empty.version, by=by, at=now, context=Context())
    assert not Proposal.objects.exists()


def test_owner_and_collaborators_are_told_himself_excepted(
    client_of: ClientOf, customer: Customer, rep: User, mate: User
) -> None:
    by, now = Author.for_user(rep, Door.PAGE), timezone.now()
    let_in([customer], Grant(mate.pk, level="edit"), by=by, at=now)
    Notice.objects.all().delete()
    for text in ("谈价", "又谈价"):
        values = {"summary": text, "happened_at": now}
        log_interaction(customer, values, contact=None, by=by, at=now, context=Context())
    assert [(one.user_id, one.kind) for one in Notice.objects.all()] == [(mate.pk, "customer.talk")]
    assert enter(client_of(User.objects.get(pk=mate.pk)), customer) == 204
    told = Notice.objects.get(kind="customer.change")
    assert (told.user_id, told.text) == (rep.pk, "采购总监换人")


def test_a_closed_field_is_told_by_no_proposal(
    rep: User, admin: User, make_customer: MakeCustomer, client_of: ClientOf
) -> None:
    """Neither by answering it unseen, nor by a colleague's answer, nor by what the form fills in."""
    budget = CUSTOMER_FIELDS["budget"].kind
    before, after = (budget.parse(text, Context()) for text in ("50-80万", "120-150万"))
    customer = make_customer(owner=rep, budget=before)
    by = Author.for_user(admin, Door.PAGE)
    change_customer(
        customer, {"budget": after}, version=customer.version, by=by, at=timezone.now(), context=Context()
    )
    Role.objects.filter(users=rep).update(field_rules={"customer.budget": "hidden"})
    proposal = Proposal.objects.get()
    address, sent = f"/changes/proposals/{proposal.pk}/dismissal/", {"version": proposal.version}
    assert client_of(rep).post(address, sent).status_code == 404
    asked: dict[str, str | int] = {"customer": customer.number, "proposal": proposal.pk}
    new = "120–150万"
    assert new not in client_of(admin).get("/changes/new/", asked).content.decode().partition("<textarea")[2]
    assert client_of(admin).post(address, sent).status_code == 302
    for page in (customer.get_absolute_url(), f"{customer.get_absolute_url()}history/"):
        assert new in client_of(admin).get(page).content.decode()
        assert new not in client_of(rep).get(page).content.decode()


def test_who_sees_and_answers_what(
    client: Client, customer: Customer, rep: User, manager: User, outsider: User, client_of: ClientOf
) -> None:
    """All three lists are for whoever sees the customer; who may log with it answers."""
    by = Author.for_user(rep, Door.PAGE)
    change_customer(
        customer, {"need": "磨床"}, version=customer.version, by=by, at=timezone.now(), context=Context()
    )
    long_ago = timezone.now() - timedelta(days=3)
    values = {"summary": "三天前来过电话", "happened_at": long_ago}
    log_interaction(customer, values, contact=None, by=by, at=timezone.now(), context=Context())
    assert enter(client, customer, happened_on=day(4)) == 204
    Role.objects.filter(code="manager").update(
        grants={"customer.view": "department", "interaction.create": "own"}
    )
    pages = ("/changes/", "/changes/?tab=proposals", "/changes/?tab=late", f"/changes/?tab=late&rep={rep.pk}")
    secrets = ("采购总监换人", "车床", "三天前来过电话", customer.name, "周慕白")
    told = {
        user.name: "".join(client_of(user).get(page).content.decode() for page in pages)
        for user in (rep, manager, outsider)
    }
    assert all(secret in told[name] for secret in secrets for name in ("周慕白", "顾延年"))
    assert not [secret for secret in secrets if secret in told["何清越"]]
    assert ["是，记下来" in told[name] for name in ("周慕白", "顾延年")] == [True, False]
    proposal = Proposal.objects.get()
    new, dismissal = (
        f"/changes/new/?customer={customer.number}",
        f"/changes/proposals/{proposal.pk}/dismissal/",
    )
    form = {"sort": "need", "happened_on": day(0), "content": "改要磨床", "version": proposal.version}
    for user, status in ((manager, 403), (outsider, 404)):
        tries = [client_of(user).post(url, form).status_code for url in (new, dismissal)]
        assert tries == [status, status]
    assert (ImportantChange.objects.count(), Proposal.objects.count()) == (1, 1)
