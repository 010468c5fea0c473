"""A hidden customer is told of, asked for, contested and decided, by the right people and once."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from kebu.base.fields.directories import Context
from kebu.base.journal.authors import Author
from kebu.base.journal.choices import Action, Door
from kebu.base.journal.models import JournalEntry
from kebu.crm.customers.models import Collaborator, Customer
from kebu.crm.disputes import actions
from kebu.crm.disputes.choices import Outcome, Why
from kebu.crm.disputes.models import Dispute, Policy, Sighting
from kebu.crm.disputes.queries import waiting_for
from kebu.office.staff.models import Role, User
from tests.cast import ClientOf, MakeCustomer, MakeUser

pytestmark = pytest.mark.django_db
NAME = "苏州澄岳精密有限公司"
SECRETS = ("澄岳", "13912345678", "王砺峰", "CUS")


@pytest.fixture
def customer(rep: User, make_customer: MakeCustomer) -> Customer:
    people = [{"name": "王砺峰", "phone": "+8613912345678"}]
    return make_customer(rep, people, name=NAME, first_contact_on=timezone.localdate())


def sighted(user: User, client_of: ClientOf, **typed: str) -> Sighting:
    """Told of it while typing."""
    client_of(user).post("/duplicates/", typed or {"phone": "13912345678"})
    return Sighting.objects.get(user=user)


def asked(user: User, client_of: ClientOf, aim: str = "contest", **more: str) -> Dispute:
    form = {"aim": aim, "reason": "展会上先认识的", "evidence": "有名片", "submission": "k1", **more}
    answer = client_of(user).post(f"/disputes/new/?sighting={sighted(user, client_of).key}", form)
    assert answer.status_code == 302, answer.content.decode()
    return Dispute.objects.get(applicant=user)


def decided(client: Client, dispute: Dispute, outcome: str, version: int = 0) -> int:
    form = {"outcome": outcome, "words": "先到先得", "version": version or dispute.version}
    return client.post(f"/disputes/{dispute.pk}/decision/", form).status_code


def test_the_check_tells_the_owner_and_leads_on(
    customer: Customer, outsider: User, client_of: ClientOf
) -> None:
    text = client_of(outsider).post("/duplicates/", {"phone": "13912345678"}).content.decode()
    key = Sighting.objects.get().key
    assert "已存在，负责人周慕白" in text
    assert f"/disputes/new/?sighting={key}" in text
    page = client_of(outsider).get(f"/disputes/new/?sighting={key}").content.decode()
    assert "周慕白" in page
    grounds = str(Why.CONTACT_PHONE.label)  # that the number is a contact's is a value too
    assert not [secret for secret in ("澄岳", "王砺峰", "CUS", grounds) if secret in text + page]


def test_the_switch_of_the_office(
    customer: Customer, outsider: User, admin: User, client_of: ClientOf
) -> None:
    settings = client_of(admin)
    assert settings.post("/settings/disputes/", {"names_owner": "0", "version": "0"}).status_code == 302
    assert settings.post("/settings/disputes/", {"names_owner": "1", "version": "0"}).status_code == 409
    for client in (client_of(outsider),):
        text = client.post("/duplicates/", {"name": NAME}).content.decode()
        form = {"name": NAME, "phone": "13800138000", "submission": "k"}
        text += client.post("/customers/new/", form).content.decode()
        text += client.get(f"/disputes/new/?sighting={Sighting.objects.get().key}").content.decode()
        assert "已存在，请联系主管" in text
        assert "周慕白" not in text
    dispute = asked(outsider, client_of)
    assert "周慕白" not in client_of(outsider).get(dispute.get_absolute_url()).content.decode()
    assert JournalEntry.objects.filter(kind="setting", author_id=admin.pk).count() == 1
    assert not Policy.objects.get().names_owner


def test_nobody_probes_the_book(
    rep: User,
    outsider: User,
    make_customer: MakeCustomer,
    client_of: ClientOf,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Beyond the day's limit it is only said that there is one, and the journal has it."""
    monkeypatch.setattr(actions, "PER_DAY", 3)
    for number in range(5):
        make_customer(rep, name=f"常熟听松{number}有限公司")
    client = client_of(outsider)
    told = [
        "周慕白" in client.post("/duplicates/", {"name": f"常熟听松{number}有限公司"}).content.decode()
        for number in (0, 1, 2, 3, 4, 0)
    ]
    assert told == [True, True, True, False, False, True]
    assert JournalEntry.objects.filter(action=Action.DENY, author_id=outsider.pk).count() == 1
    assert Sighting.objects.count() == 3
    form = {"name": "常熟听松4有限公司", "phone": "13800138000"}
    assert "周慕白" not in client.post("/customers/new/", form).content.decode()


def test_rules_of_fields_count_beside_the_other_side_too(
    customer: Customer, rep: User, outsider: User, manager: User, client_of: ClientOf
) -> None:
    """Who decides with masked phones and hidden first contact learns neither from the dispute."""
    dispute, met = asked(outsider, client_of), f"<div>{timezone.localdate().isoformat()}</div>"
    address, rules = (
        dispute.get_absolute_url(),
        {"contact.phone": "masked", "customer.first_contact_on": "hidden"},
    )
    for is_ruled in (False, True):
        Role.objects.filter(code="manager").update(field_rules=rules if is_ruled else {})
        page = client_of(manager).get(address).content.decode()
        assert ("13912345678" in page, met in page) == (not is_ruled, not is_ruled)
        assert NAME in page
    assert "13912345678" in client_of(outsider).get(address).content.decode()  # his own words


def test_contested_and_given(
    customer: Customer, rep: User, outsider: User, admin: User, manager: User, client_of: ClientOf
) -> None:
    """The manager sees both sides; who gets it has it, the former owner sees it no more, both read why."""
    dispute = asked(outsider, client_of, contacted_on="2026-01-05")
    page = client_of(manager).get(dispute.get_absolute_url()).content.decode()
    for said in (
        "展会上先认识的",
        "有名片",
        "2026-01-05",
        NAME,
        "周慕白",
        "何清越",
        str(Why.CONTACT_PHONE.label),
    ):
        assert said in page
    assert (
        client_of(rep)
        .post(f"/disputes/{dispute.pk}/answer/", {"text": "已报价两次", "version": "1"})
        .status_code
        == 302
    )
    assert decided(client_of(manager), dispute, "goes", version=1) == 409  # the owner has spoken since
    assert decided(client_of(manager), dispute, "goes", version=2) == 302
    assert decided(client_of(admin), dispute, "stays", version=2) == 409
    customer.refresh_from_db()
    assert customer.owner_id == outsider.pk
    assert client_of(rep).get(customer.get_absolute_url()).status_code == 404
    for user in (rep, outsider):
        text = client_of(user).get(dispute.get_absolute_url()).content.decode()
        assert "先到先得" in text
        assert "顾延年" in text
    assert NAME not in client_of(rep).get(dispute.get_absolute_url()).content.decode()
    assert NAME in client_of(outsider).get("/customers/?assigned_at=untouched").content.decode()
    kinds = JournalEntry.objects.filter(customer_id=customer.pk).values_list("kind", "action")
    assert ("dispute", "change") in kinds
    assert ("customer", "assign") in kinds


def test_the_way_back_leads_to_where_one_finds_it(
    customer: Customer, rep: User, outsider: User, manager: User, client_of: ClientOf
) -> None:
    dispute = asked(outsider, client_of)
    for user, tab in ((outsider, "mine"), (rep, "about"), (manager, "waiting")):
        client = client_of(user)
        page = client.get(dispute.get_absolute_url()).content.decode()
        assert f'k-crumb" aria-label="位置"><a href="/disputes/?tab={tab}"' in page
        assert dispute.get_absolute_url() in client.get(f"/disputes/?tab={tab}").content.decode()


def test_cooperation_granted(customer: Customer, mate: User, manager: User, client_of: ClientOf) -> None:
    dispute = asked(mate, client_of, aim="cooperate", evidence="")
    badge = '撞单<data value="1">1</data>'
    assert badge in client_of(manager).get("/").content.decode()
    assert decided(client_of(manager), dispute, "both") == 302
    assert badge not in client_of(manager).get("/").content.decode()
    row = Collaborator.objects.get(customer=customer)
    assert (row.user_id, row.level, row.created_by_id) == (mate.pk, "edit", manager.pk)
    assert client_of(mate).get(customer.get_absolute_url()).status_code == 200
    assert NAME in client_of(mate).get("/disputes/?tab=decided").content.decode()


def test_nobody_decides_his_own(
    customer: Customer, rep: User, manager: User, admin: User, make_user: MakeUser, client_of: ClientOf
) -> None:
    """Neither party, whatever his rights; nor who has no say over the owner; nor who has lost it since."""
    other = make_user("su", "苏晚", "manager", department="销售二部")
    dispute = asked(other, client_of)
    for user, status in ((rep, 403), (other, 403)):
        assert decided(client_of(user), dispute, "goes") == status
    rival = make_user("ke", "柯然", "manager", department="销售二部")
    assert decided(client_of(rival), dispute, "goes") == 404
    by, at = Author.for_user(admin, Door.PAGE), timezone.now()
    fresh, context = Dispute.objects.get(), Context()
    Customer.objects.filter(pk=customer.pk).update(owner=manager)
    given = Outcome.GOES
    assert not actions.decide(fresh, given, "", decider=manager, by=by, at=at, context=context)
    assert Dispute.objects.get().is_open
    customer.refresh_from_db()
    assert customer.owner_id == manager.pk


def test_the_manager_of_the_department_decides(
    customer: Customer, rep: User, mate: User, manager: User, admin: User, client_of: ClientOf
) -> None:
    """Who leads the owner's department settles it, nobody else; unless he is a party himself."""
    assert rep.department is not None
    rep.department.manager = manager
    rep.department.save()
    dispute = asked(mate, client_of)
    assert [user for user in (rep, mate, manager, admin) if waiting_for(user)] == [manager]
    assert NAME in client_of(manager).get("/disputes/").content.decode()
    assert decided(client_of(admin), dispute, "goes") == 403
    Dispute.objects.update(applicant=manager)
    assert [user for user in (rep, mate, manager, admin) if waiting_for(user)] == [admin]
    Dispute.objects.update(applicant=mate)
    manager.roles.set(Role.objects.filter(code="sales"))  # leads, but gives nothing away
    waits = '撞单<data value="1">'
    assert [waits in client_of(user).get("/").content.decode() for user in (manager, mate)] == [True, False]
    assert decided(client_of(manager), dispute, "both") == 302
    assert Collaborator.objects.get().user_id == mate.pk


def test_asked_once(customer: Customer, rep: User, outsider: User, client_of: ClientOf) -> None:
    """The same form twice is one dispute; another form for the same customer is refused while it is open."""
    sighting = sighted(outsider, client_of)
    form = {"aim": "cooperate", "reason": "一起跟", "submission": "k1"}
    address, client = f"/disputes/new/?sighting={sighting.key}", client_of(outsider)
    assert [client.post(address, form).status_code for _ in range(2)] == [302, 302]
    assert client.post(address, {**form, "submission": "k2"}).status_code == 422
    assert Dispute.objects.count() == 1
    assert client_of(rep).get(address).status_code == 404
    contest = client.post(address, {"aim": "contest", "reason": "该归我", "submission": "k3"})
    assert contest.status_code == 422
    page = client.get(Dispute.objects.get().get_absolute_url()).content.decode()
    hidden = ("澄岳", "王砺峰", "CUS", str(Why.CONTACT_PHONE.label))
    assert not [secret for secret in hidden if secret in page]
    assert (
        client.post(f"/disputes/{Dispute.objects.get().pk}/withdrawal/", {"version": "1"}).status_code == 302
    )
    assert client.post(address, {**form, "submission": "k4"}).status_code == 302


def test_tomorrow_is_no_first_contact(customer: Customer, outsider: User, client_of: ClientOf) -> None:
    address = f"/disputes/new/?sighting={sighted(outsider, client_of).key}"
    day = (timezone.localdate() + timedelta(days=1)).isoformat()
    answer = client_of(outsider).post(address, {"aim": "contest", "reason": "x", "contacted_on": day})
    assert (answer.status_code, Dispute.objects.count()) == (422, 0)
