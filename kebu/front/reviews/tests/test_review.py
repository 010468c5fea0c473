"""The review's page: what it tells of whom, and to whom."""

import re
from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from kebu.base.access.choices import FieldRule, Permission, Scope
from kebu.base.fields.directories import Context
from kebu.base.fields.models import touch
from kebu.base.journal.authors import Author
from kebu.base.journal.choices import Door
from kebu.crm.customers.models import Customer
from kebu.crm.followups.completing import complete
from kebu.crm.followups.models import Plan
from kebu.crm.followups.tests.cast import given, hand
from kebu.crm.interactions.actions import log_interaction
from kebu.crm.interactions.models import Interaction
from kebu.crm.lifecycle.models import TypeTurn
from kebu.crm.promises.choices import Side, State
from kebu.crm.promises.models import Promise
from kebu.front.reviews.periods import Month, quarter_of
from kebu.office.staff.fields import STAFF
from kebu.office.staff.models import Role, User
from tests.cast import ClientOf, MakeCustomer, MakeUser

pytestmark = pytest.mark.django_db


def shown(client: Client, on: str = "", **more: int) -> str:
    """The page in words."""
    asked: dict[str, int | str] = {"on": on, **more}
    answer = client.get("/reviews/", asked)
    assert answer.status_code == 200
    page = answer.content.decode()
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page[page.index('class="k-review"') :]))


def figure(text: str, label: str) -> str:
    """What stands first behind the label."""
    found = re.search(rf" {label} +(\S+)", text)
    assert found, label
    return found[1]


def turned(customer: Customer, before: str, after: str, at: datetime | None = None) -> None:
    moment = at or timezone.now()
    TypeTurn.objects.create(
        customer=customer, before=before, after=after, at=moment, owner_id=customer.owner_id
    )
    Customer.objects.filter(pk=customer.pk).update(customer_type=after)


def spoken(customer: Customer, by: User, hours_ago: int, recorded: int = 0) -> None:
    """Spoken to so many hours ago, recorded so many hours ago."""
    now = timezone.now()
    values = {
        "summary": "谈过",
        "method": "phone",
        "status": "done",
        "happened_at": now - timedelta(hours=hours_ago),
    }
    author, at = Author.for_user(by, Door.PAGE), now - timedelta(hours=recorded)
    log_interaction(customer, values, contact=None, by=author, at=at, context=Context())


def test_deals_days_and_losses_of_the_team_alone(
    rep: User, mate: User, outsider: User, manager: User, make_customer: MakeCustomer, client_of: ClientOf
) -> None:
    today = timezone.localdate()
    for owner, days in ((rep, 10), (rep, 20), (mate, 60), (outsider, 1)):
        customer = make_customer(owner, first_contact_on=today - timedelta(days=days))
        turned(customer, "prospect", "won")
    turned(make_customer(rep), "potential", "lost")
    turned(make_customer(outsider), "won", "lost")
    text = shown(client_of(manager))
    assert (figure(text, "成交客户"), figure(text, "流失客户"), figure(text, "新增客户")) == ("3", "1", "4")
    assert figure(text, "平均成单周期") == "30"
    assert "中位数20天" in text
    assert re.search(r"周慕白 +0 +2 +1 +15天", text)
    assert re.search(r"林知遥 +0 +1 +0 +60天", text)
    assert "何清越" not in text
    assert "流失了1个，不到5个" in text


def test_how_people_work_and_whose_way_stands_out(
    rep: User, mate: User, outsider: User, manager: User, make_customer: MakeCustomer, client_of: ClientOf
) -> None:
    """Figures of three kinds, and sentences from five cases on; of the team alone."""
    now = timezone.now()
    customer = make_customer(rep, customer_type="won")
    other = make_customer(mate, customer_type="won")
    for _n in range(5):
        spoken(customer, rep, 1)
    for _n in range(4):
        spoken(other, mate, 30)
    spoken(other, mate, 1)
    foreign = make_customer(outsider, customer_type="won")
    spoken(foreign, outsider, 1)
    for owner, whose, is_done in ((rep, customer, True), (mate, other, False), (outsider, foreign, False)):
        for _n in range(5):
            plan = given(owner, whose, 1)
            if is_done:
                Plan.objects.filter(pk=plan.pk).update(due_at=now + timedelta(minutes=5), starts_at=now)
                plan.refresh_from_db()
                complete(plan, version=plan.version, **hand(owner))
            Plan.objects.filter(pk=plan.pk).update(
                due_at=now - timedelta(seconds=1), starts_at=now - timedelta(hours=1),
                **({"completed_at": now - timedelta(minutes=1)} if is_done else {}),
            )  # fmt: skip
    states = (State.KEPT, State.BROKEN, State.KEPT_LATE, State.KEPT)
    talks = [*Interaction.objects.filter(customer=customer)[:4], *foreign.interactions.all()]
    for state, talk in zip((*states, State.KEPT), talks, strict=True):
        told = {"side": Side.OURS, "text": "发报价", "state": state, "due_on": timezone.localdate()}
        told |= {"made_on": timezone.localdate(), "created_at": now, "updated_at": now}
        Promise.objects.create(customer=talk.customer, interaction=talk, responsible=rep, **told)
    text = shown(client_of(manager))
    assert figure(text, "跟进") == "10"
    assert figure(text, "24小时内记录") == "60"
    assert figure(text, "跟进响应率") == "50"
    assert figure(text, "承诺兑现率") == "50"
    assert re.search(r"周慕白 +5 +0 +0 +— +— +100% +50% +100%", text)
    assert "响应率100%，高于团队的50%" in text
    assert "响应率0%，低于团队的50%" in text
    assert "24小时内记录20%，低于团队的60%" in text
    assert outsider.name not in text


def test_who_needs_few_follow_ups_for_a_deal(
    rep: User, mate: User, manager: User, make_customer: MakeCustomer, client_of: ClientOf
) -> None:
    """Those until the deal count, and only of deals; told from three deals on."""
    for owner, talks in ((rep, 1), (mate, 5)):
        for _n in range(3):
            customer = make_customer(owner)
            for _m in range(talks):
                spoken(customer, owner, 2)
            turned(customer, "prospect", "won", timezone.now() - timedelta(minutes=1))
            spoken(customer, owner, 0)
    spoken(make_customer(rep), rep, 2)
    text = shown(client_of(manager))
    assert figure(text, "每单跟进") == "3"
    assert "每单跟进1次，少于团队的3次" in text
    assert "每单跟进5次，多于团队的3次" in text
    assert re.search(r"周慕白 +7 +3 +0 +0天 +1次", text)


def test_the_curves_in_figures(
    rep: User, manager: User, make_customer: MakeCustomer, client_of: ClientOf
) -> None:
    turned(make_customer(rep), "prospect", "won")
    text, month = shown(client_of(manager)), Month.of(timezone.localdate())
    table = text[text.index("看数字") : text.index("各阶段客户转化率")]
    assert re.search(rf"{month.year}年 ?{month.label} +还没过完 +1 +1 +—", table)
    assert table.count("年") == 6


def test_where_there_is_nothing_yet(
    rep: User, manager: User, make_user: MakeUser, make_customer: MakeCustomer, client_of: ClientOf
) -> None:
    """Told with what to do next; of one person without customers it is no invitation to import."""
    page = client_of(manager).get("/reviews/").content.decode()
    assert "还没有可以复盘的" in page
    assert 'href="/imports/">导入客户' in page
    grants = {right.value: Scope.ALL.value for right in (Permission.CUSTOMER_VIEW, Permission.MEETING_LEAD)}
    reader = make_user("yin", "殷素问")
    reader.roles.set([Role.objects.create(name="只看的", grants=grants)])
    assert "导入客户<" not in client_of(reader).get("/reviews/").content.decode()
    make_customer(manager)
    assert "还没有可以复盘的" not in client_of(manager).get("/reviews/").content.decode()
    page = client_of(manager).get("/reviews/", {"person": rep.pk}).content.decode()
    assert "周慕白现在没有客户" in page
    assert "导入客户<" not in page


def test_what_lost_customers_have_in_common(
    rep: User, outsider: User, manager: User, make_customer: MakeCustomer, client_of: ClientOf
) -> None:
    """Told beside all customers, with the list behind it; nothing by a field that is closed."""
    for _n in range(6):
        make_customer(rep, industry="C34", headcount="lt50")
    for _n in range(5):
        turned(make_customer(rep, industry="F52", headcount="lt50"), "won", "lost")
        make_customer(outsider, industry="F52")
    text = shown(client_of(manager))
    assert "所属行业零售业占100%（全部客户里45%）；100%的跟进次数少于3次" in text
    page = client_of(manager).get("/reviews/").content.decode()
    link = re.search(r'href="(/reviews/customers/\?on=[\d-]+&amp;turned=lost&amp;industry=\w+)"', page)
    assert link
    listed = client_of(manager).get(link[1].replace("&amp;", "&")).content.decode()
    assert listed.count('<a class="k-name"') == 5
    assert "所属行业零售业" in listed


def test_closed_fields_tell_nothing(
    rep: User, make_user: MakeUser, make_customer: MakeCustomer, client_of: ClientOf
) -> None:
    grants = {right.value: Scope.ALL.value for right in (Permission.CUSTOMER_VIEW, Permission.MEETING_LEAD)}
    rules = dict.fromkeys(
        ("customer.industry", "customer.source", "customer.first_contact_on"), FieldRule.HIDDEN.value
    )
    reader = make_user("yin", "殷素问")
    reader.roles.set([Role.objects.create(name="看不全的", grants=grants, field_rules=rules)])
    for _n in range(6):
        make_customer(rep, industry="C34")
    for _n in range(5):
        turned(make_customer(rep, industry="F52", grade="A"), "won", "lost")
    turned(make_customer(rep, first_contact_on=timezone.localdate() - timedelta(days=90)), "prospect", "won")
    text = shown(client_of(reader), quarter_of(timezone.localdate()).code)
    assert figure(text, "平均成单周期") == "0"
    assert "零售业" not in text
    assert "所属行业" not in text
    assert "客户分级A级占100%" in text


def test_a_quarter_looks_at_the_rules(
    rep: User, outsider: User, manager: User, admin: User, make_customer: MakeCustomer, client_of: ClientOf
) -> None:
    spoken(make_customer(rep, grade="A", customer_type="prospect"), rep, 1)
    for owner in (rep, outsider):
        make_customer(owner, grade="A", customer_type="prospect")
    code = quarter_of(timezone.localdate()).code
    text = shown(client_of(manager), code)
    assert re.search(r"每周\S* .*? 50% +1/2", text)
    assert "改跟进节奏" not in text
    assert "改跟进节奏" in shown(client_of(admin), code)
    assert "现在的规矩" not in shown(client_of(manager))


def test_months_follow_each_other_and_no_other_name_is_one(manager: User, client_of: ClientOf) -> None:
    client, month = client_of(manager), Month.of(timezone.localdate())
    page = client.get("/reviews/").content.decode()
    before = month.later(-1)
    assert f'href="/reviews/?on={before.year}-{before.number:02}" rel="prev"' in page
    assert 'rel="next"' not in page
    assert 'rel="next"' in client.get(f"/reviews/?on={before.year}-{before.number:02}").content.decode()
    after = month.later(1)
    assert client.get("/reviews/?on=2000-01").status_code == 200
    for wrong in (f"{after.year}-{after.number:02}", "2026-13", "x", "\x01"):
        assert client.get("/reviews/", {"on": wrong}).status_code == 404


def test_statements(
    rep: User, manager: User, make_customer: MakeCustomer, client_of: ClientOf,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:  # fmt: skip
    """As many for many customers as for few."""

    def more() -> None:
        for number in range(8):
            customer = make_customer(rep, grade="A", customer_type="won", industry="F52" if number else "C34")
            spoken(customer, rep, 1)
            given(rep, customer, 1)
            turned(customer, *(("won", "lost") if number % 4 else ("prospect", "won")))

    more()
    client, quarter = client_of(manager), quarter_of(timezone.localdate())
    codes = (quarter.code, quarter.before.code, "")
    for code in codes:
        client.get("/reviews/", {"on": code})
    told: list[list[int]] = []
    for _round in range(2):
        told.append([])
        for code in codes:
            with django_assert_max_num_queries(40) as found:
                client.get("/reviews/", {"on": code})
            told[-1].append(len(found))
        more()
    assert told[0] == told[1]


def test_a_decision_becomes_a_plan_of_the_person(
    rep: User,
    mate: User,
    manager: User,
    make_user: MakeUser,
    make_customer: MakeCustomer,
    client_of: ClientOf,
) -> None:
    """For who may make plans, and for people who still work here."""
    for owner in (rep, mate):
        spoken(make_customer(owner), owner, 1)
    User.objects.filter(pk=mate.pk).update(is_active=False)
    touch(STAFF)
    client = client_of(manager)
    page = client.get("/reviews/").content.decode()
    assert re.findall(r'href="/plans/new/\?customer=-&amp;executor=(\d+)"', page) == [str(rep.pk)]
    assert 'href="/plans/new/?customer=-"' in page
    form = client.get(f"/plans/new/?customer=-&executor={rep.pk}").content.decode()
    assert re.search(rf'<option value="{rep.pk}" selected', form)
    day = timezone.localdate() + timedelta(days=7)
    data = {"customer": "-", "goal": "报价当天发出", "expected": "三天内有答复", "method": "phone"}
    data |= {
        "starts_at": f"{day} 09:00",
        "due_at": f"{day} 18:00",
        "executors": str(rep.pk),
        "submission": "r1",
    }
    assert client.post("/plans/new/", data, headers={"HX-Request": "true"}).status_code == 204
    made = Plan.objects.get()
    assert (made.goal, made.executor_ids, made.customer_id) == ("报价当天发出", [rep.pk], None)
    assert timezone.localtime(made.due_at).date() == day
    grants = {right.value: Scope.ALL.value for right in (Permission.CUSTOMER_VIEW, Permission.MEETING_LEAD)}
    reader = make_user("yin", "殷素问")
    reader.roles.set([Role.objects.create(name="只看的", grants=grants)])
    assert "/plans/new/?customer=-" not in client_of(reader).get("/reviews/").content.decode()
