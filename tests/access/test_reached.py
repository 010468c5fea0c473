"""What a right does not reach is neither done, told nor offered, where another check might seem to say it."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from kebu.base.access.choices import Permission
from kebu.base.fields.directories import Context
from kebu.base.jobs.models import JobFailed
from kebu.base.journal.authors import Author
from kebu.base.journal.choices import Door
from kebu.crm.customers.collaborators import Grant, let_in
from kebu.crm.customers.models import Collaborator, Customer
from kebu.crm.followups.letting_in import NotLetIn
from kebu.crm.followups.models import Plan
from kebu.crm.followups.tests.cast import given
from kebu.crm.interactions.actions import log_interaction
from kebu.crm.promises.models import Promise
from kebu.crm.recycling.actions import discard
from kebu.crm.recycling.registry import TREES
from kebu.crm.visits.aims import aims
from kebu.exchange.imports.new_tags import groups_for
from kebu.exchange.imports.tests.sheets import committed, taken
from kebu.front.desk.team import _counters
from kebu.office.custom_fields.models import OwnField
from kebu.office.custom_fields.refitting import change_later, refit
from kebu.office.custom_fields.tests.making import made
from kebu.office.notices.actions import notify
from kebu.office.staff.models import Role, User
from kebu.office.tags.models import TagGroup
from tests.cast import ClientOf, MakeCustomer, MakeUser

pytestmark = pytest.mark.django_db
EVERYTHING = {one.value: "all" for one in Permission}
HTMX = {"HX-Request": "true"}
HEARD = {**HTMX, "HX-Target": "heard"}
Granted = Callable[..., User]


@pytest.fixture
def granted(make_user: MakeUser) -> Granted:
    """A function that gives somebody every right but those told, as far as told."""
    user = make_user("quan", "全知")
    role = Role.objects.create(name="几乎什么都能", grants=EVERYTHING)
    user.roles.set([role])

    def give(rules: dict[str, str] | None = None, **grants: str) -> User:
        told = {name.replace("_", ".", 1): scope for name, scope in grants.items()}
        role.grants = {right: scope for right, scope in (EVERYTHING | told).items() if scope}
        role.field_rules = rules or {}
        role.save()
        return User.objects.get(pk=user.pk)

    return give


def logged(customer: Customer, user: User, **values: Any) -> Any:
    by, now = Author.for_user(user, Door.PAGE), timezone.now()
    told = {"summary": "来电", "method": "phone", "happened_at": now, **values}
    customer.refresh_from_db()
    return log_interaction(customer, told, contact=None, by=by, at=now, context=Context(reader=user))


def shared(customer: Customer, user: User) -> None:
    let_in([customer], Grant(user.pk, level="edit"), by=Author.system(), at=timezone.now())


def test_who_deleted_a_talk_brings_it_back_as_long_as_he_may_log_and_correct_there(
    rep: User, granted: Granted, make_customer: MakeCustomer, client_of: ClientOf
) -> None:
    nothing = {"interaction_delete": ""}
    user = granted(**nothing)
    talk, by = logged(make_customer(rep), user), Author.for_user(user, Door.PAGE)
    item = discard(TREES["interaction"], [talk.pk], by=by, at=timezone.now())[0]
    address, client = f"/recycle-bin/{item.pk}/restoral/", client_of(user)
    for lacking in ({"interaction_create": "own"}, {"interaction_edit": ""}):
        granted(**nothing, **lacking)
        assert address not in client.get("/recycle-bin/").content.decode()
        assert client.post(address).status_code == 403
        assert not type(talk).objects.exists()
    granted(**nothing)
    assert address in client.get("/recycle-bin/").content.decode()
    client.post(address)
    assert type(talk).objects.exists()


def test_who_may_not_look_at_customers_carries_out_no_plan_there(
    rep: User, auditor: User, make_customer: MakeCustomer
) -> None:
    with pytest.raises(NotLetIn):
        given(rep, make_customer(rep), executors=[rep, auditor])
    assert not Collaborator.objects.exists()


def test_a_notice_of_a_plan_is_told_to_who_sees_it(
    rep: User, mate: User, make_customer: MakeCustomer, client_of: ClientOf
) -> None:
    about = ("plan", given(rep, make_customer(rep)).pk)
    told: dict[str, Any] = {
        "kind": "plan-given",
        "key": "t",
        "url": "/",
        "about": about,
        "at": timezone.now(),
    }
    notify([rep.pk, mate.pk], title="拜访要带样品", **told)
    pages = [client_of(one).get("/notices/").content.decode() for one in (rep, mate)]
    assert ["拜访要带样品" in page for page in pages] == [True, False]


def test_a_sentence_is_heard_of_no_customer_beyond_the_right(
    rep: User, granted: Granted, make_customer: MakeCustomer, client_of: ClientOf
) -> None:
    customer = make_customer(rep, [{"name": "郑国栋", "title": "采购经理"}])
    form, found = {"summary": "拜访郑国栋", "customer": customer.number}, []
    for scope in ("all", "own"):
        client = client_of(granted(interaction_create=scope))
        answer = client.post("/interactions/heard/", form, headers=HEARD)
        found.append('data-heard="contact"' in answer.content.decode())
    assert found == [True, False]


def test_who_was_let_in_is_offered_to_delete_nobody(
    rep: User, outsider: User, make_customer: MakeCustomer, client_of: ClientOf
) -> None:
    customer = make_customer(rep, [{"name": "郑国栋"}])
    outsider.roles.set([Role.objects.create(name="什么都能", grants=dict.fromkeys(EVERYTHING, "own"))])
    shared(customer, outsider)
    edit = f"/contacts/{customer.contacts.get().pk}/edit/"
    pages = [client_of(one).get(edit) for one in (rep, User.objects.get(pk=outsider.pk))]
    assert [("/deletion/" in page.content.decode(), page.status_code) for page in pages] == [
        (True, 200),
        (False, 200),
    ]


def test_what_is_kept_of_somebody_is_told_as_far_as_its_fields_are_open(
    rep: User, granted: Granted, make_customer: MakeCustomer, client_of: ClientOf
) -> None:
    person = make_customer(rep, kind="person", name="沈砚秋")
    labels = []
    for rules in ({}, {"customer.phone": "hidden"}):
        answer = client_of(granted(rules)).get(f"/personal-data/{person.number}/")
        labels.append({one.label for one in answer.context["held"]})
    assert {str(one) for one in labels[0] - labels[1]} == {"电话"}


def test_a_job_changes_a_field_for_who_still_may(admin: User) -> None:
    row = made("床位")
    values = {"label": "床位", "value_kind": "number"}
    job = change_later(row, values, [], version=row.version, by=Author.for_user(admin, Door.PAGE))
    admin.roles.clear()
    with pytest.raises(JobFailed, match="你已不能维护自定义字段"):
        refit(job, lambda: None)
    assert OwnField.objects.get(pk=row.pk).value_kind == "text"


def test_tags_are_made_from_a_file_by_who_may_make_and_give_them(granted: Granted) -> None:
    TagGroup.objects.exclude(pk=TagGroup.objects.earliest("pk").pk).update(is_open=False)
    TagGroup.objects.filter(pk=TagGroup.objects.earliest("pk").pk).update(is_open=True)
    asked: list[tuple[dict[str, str], dict[str, str]]] = [
        ({}, {}),
        ({}, {"vocabulary_manage": ""}),
        ({}, {"vocabulary_manage": "", "customer_edit": ""}),
        ({"customer.tags": "read_only"}, {}),
    ]
    found = [len(groups_for(granted(rules, **grants))) for rules, grants in asked]
    assert found == [TagGroup.objects.count(), 1, 0, 0]


def test_a_file_changes_and_adds_only_where_the_rights_reach(
    rep: User, granted: Granted, make_customer: MakeCustomer, client_of: ClientOf, tmp_path: Path
) -> None:
    row = ["云杉冷链物流有限公司", "13900000001", "韩见溪", "副总经理", "软件", "", "展会", ""]
    known, user = make_customer(rep, name=row[0], phone="+8613800000001"), granted()
    client = client_of(user)
    source = taken(client, tmp_path, [row])
    offers = []
    for scope in ("all", "own"):
        granted(customer_edit=scope)
        offers.append('value="update"' in client.get(f"/imports/{source.pk}/").content.decode())
    assert offers == [True, False]
    granted(contact_create="own")
    client.post(f"/imports/{source.pk}/decisions/", {"row": "1", "decision": "update", "all": "1"})
    committed(client, tmp_path, source)
    known.refresh_from_db()
    assert (known.phone, known.contacts.count()) == ("+8613900000001", 0)


def test_a_file_gives_customers_only_to_whom_the_right_reaches(
    rep: User, granted: Granted, client_of: ClientOf, tmp_path: Path
) -> None:
    row = [
        "宁波海棠电子材料有限公司",
        "13805740000",
        "王磊",
        "采购经理",
        "批发业",
        "2026-03-05",
        "展会",
        rep.name,
    ]
    user = granted(customer_assign="own")
    committed(client_of(user), tmp_path, taken(client_of(user), tmp_path, [row]))
    assert list(Customer.objects.exclude(owner=user)) == []


def test_a_similar_name_is_not_told_when_the_share_is_over(
    rep: User, outsider: User, make_customer: MakeCustomer, client_of: ClientOf
) -> None:
    names = ("苏州澄岳精密机械有限公司", "苏州澄岳精密量具有限公司")
    for name in names:
        shared(make_customer(rep, name=name), outsider)
    yesterday = timezone.localdate() - timedelta(days=1)
    Collaborator.objects.filter(customer__name=names[1]).update(until_on=yesterday)
    answer = client_of(User.objects.get(pk=outsider.pk)).post("/duplicates/", {"name": "苏州澄岳精密"})
    text = answer.content.decode()
    assert (names[0] in text, names[1] in text, text.count(rep.name)) == (True, False, 1)


def test_a_promise_kept_for_a_customer_that_went_elsewhere_is_on_no_calendar_of_the_team(
    rep: User, outsider: User, make_user: MakeUser, make_customer: MakeCustomer, client_of: ClientOf
) -> None:
    su, customer = make_user("su", "苏晚", "manager", department="销售二部"), make_customer(outsider)
    logged(customer, outsider, our_promise="寄样品", our_promise_on=timezone.localdate())
    Promise.objects.update(state="kept")
    client, found = client_of(su), []
    for owner in (outsider, rep):
        Customer.objects.update(owner=owner)
        found.append("寄样品" in client.get(f"/calendar/?who={outsider.pk}").content.decode())
    assert found == [True, False]


def test_tasks_of_people_out_of_reach_are_not_counted(
    rep: User, outsider: User, make_user: MakeUser, client_of: ClientOf
) -> None:
    su, counts = make_user("su", "苏晚", "manager", department="销售二部"), []
    client = client_of(su)
    for giver in (outsider, rep):
        given(giver, None)
        counts.append(str(client.get("/plans/?view=team&when=all").context["count"]))
    assert (counts[0], Plan.objects.count()) == (counts[1], 2)


def test_what_lies_about_in_other_teams_is_not_counted(
    rep: User, outsider: User, make_user: MakeUser, make_customer: MakeCustomer, client_of: ClientOf
) -> None:
    su, counts = make_user("su", "苏晚", "manager", department="销售二部"), []
    yesterday, long_ago = timezone.localdate() - timedelta(days=1), timezone.now() - timedelta(days=300)
    for owner in (rep, outsider):
        customer, quiet = make_customer(owner), make_customer(owner)
        given(owner, customer, days=-3)
        logged(customer, owner, our_promise="寄样品", our_promise_on=yesterday)
        Customer.objects.filter(pk=quiet.pk).update(created_at=long_ago, last_contact_at=long_ago)
        _counters.cache_clear()
        team = client_of(su).get("/").context["team"]
        counts.append((team.quiet.value, team.late_plans.value, team.late_promises.value))
    assert counts == [(0, 0, 0), (1, 1, 1)]


def test_only_ones_own_customers_are_likely(
    rep: User, granted: Granted, make_customer: MakeCustomer, client_of: ClientOf
) -> None:
    user = granted()
    mine, due, talked = make_customer(user), make_customer(rep), make_customer(rep)
    Customer.objects.filter(pk=due.pk).update(next_follow_up_at=timezone.now() - timedelta(days=2))
    logged(talked, rep)
    for page in ("/interactions/quick/", "/plans/new/"):
        text = client_of(user).get(page).content.decode()
        assert [one.number in text for one in (mine, due, talked)] == [True, False, False], page


def test_a_round_of_visits_moves_the_plan_of_who_may_change_plans(
    granted: Granted, make_customer: MakeCustomer
) -> None:
    customer, found = make_customer(granted()), []
    plan = given(granted(), customer)
    for scope in ("all", ""):
        user = granted(plan_edit=scope)
        found.append(aims(user, {customer.pk: plan.starts_at})[customer.pk].moves)
    assert found == [True, False]
