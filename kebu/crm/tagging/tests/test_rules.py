"""Automatic tags: who gets one, why, what people decide stays, and that settling again changes nothing."""

import json
import random
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from kebu.base.fields.directories import Context
from kebu.base.fields.models import touch
from kebu.base.jobs.models import Job
from kebu.base.journal.authors import Author
from kebu.base.journal.choices import Door
from kebu.base.journal.models import JournalEntry
from kebu.base.kit.money import AmountRange
from kebu.crm.customers.actions import change_customer
from kebu.crm.customers.models import Customer
from kebu.crm.tagging.actions import save_rule
from kebu.crm.tagging.models import AutoTag, TagRule
from kebu.crm.tagging.tasks import tend, work
from kebu.crm.tagging.tests.test_marking import HTMX, keys, post, retag, tags_of, undo
from kebu.office.custom_fields.tests.making import made as own_field
from kebu.office.staff.models import Role, User
from kebu.office.tags.actions import Refused
from kebu.office.tags.models import TAGS, Tag
from tests.cast import ClientOf, MakeCustomer, MakeUser

RULES = "/settings/tags/rules/"


@pytest.fixture(autouse=True)
def fresh(shipped: None) -> None:
    touch(TAGS)  # names of other tests are remembered per process


@pytest.fixture
def office(admin: User, client_of: ClientOf) -> Client:
    return client_of(admin)


def run(job: Job | None = None) -> dict[str, Any]:
    """Do what waits, or the nightly round, as a worker does."""
    found = job or Job.objects.enqueue("tagging.tend")
    Job.objects.filter(pk=found.pk).update(state="running", lease_until=timezone.now(), lease_holder="test")
    found.refresh_from_db()
    function = work if found.kind == "tagging.work" else tend
    result = dict(function(found, lambda: None) or {})
    found.finish(result, at=timezone.now())
    return result


def made(office: Client, query: str, tag: str, name: str = "大客户", **values: Any) -> TagRule:
    """A rule set on its page, and set to work."""
    url = f"{RULES}new/?{query}"
    sheet = office.get(url, headers=HTMX)
    where = sheet.context["where"]
    data = {"name": name, "tag": keys(tag)[0], "where": where, "is_active": "on", **values}
    answer = office.post(url, data, headers=HTMX)
    assert answer.status_code == 204, answer.content.decode()
    rule = TagRule.objects.get(name=name)
    if rule.job_id:
        run(Job.objects.get(pk=rule.job_id))
    return rule


def changed(client: Client, customer: Customer, field: str, value: str) -> None:
    customer.refresh_from_db()
    url = f"{customer.get_absolute_url()}field/{field}/"
    answer = client.post(url, {field: value, "version": customer.version}, headers=HTMX)
    assert answer.status_code == 200, answer.content.decode()


def budget(amount: int) -> AmountRange:
    return AmountRange(Decimal(amount), Decimal(amount))


def test_from_a_filter_to_tags_that_explain_themselves(
    office: Client, rep: User, client_of: ClientOf, make_customer: MakeCustomer
) -> None:
    """S2-22: 预估采购预算 → a tag; at once, at every change, with the reason."""
    rich, poor = make_customer(rep, budget=budget(200_000)), make_customer(rep, budget=budget(20_000))
    sheet = office.get(f"{RULES}new/?budget.above=100000", headers=HTMX).content.decode()
    assert "符合条件的客户1个" in sheet
    data = {"where": "and(budget.above:100000)", "tag": keys("重点跟进")[0]}
    look = office.post(f"{RULES}foreseen/", data, headers=HTMX).content.decode()
    assert "会打上1个" in look
    assert rich.name in look
    made(office, "budget.above=100000", "重点跟进")
    assert (tags_of(rich), tags_of(poor)) == ({"重点跟进"}, set())
    page = client_of(rep).get(rich.get_absolute_url()).content.decode()
    assert "自动打上，规则“大客户”：预算范围" in page
    assert "这个客户：预算范围 20万" in page
    entry = JournalEntry.objects.of_record("customer", rich.pk).last()
    assert entry is not None
    assert (entry.author_name, entry.door) == ("自动标签", Door.SYSTEM)
    changed(client_of(rep), poor, "budget", "30万")
    changed(client_of(rep), rich, "budget", "1万")
    assert (tags_of(rich), tags_of(poor)) == (set(), {"重点跟进"})
    assert tags_of(make_customer(rep, budget=budget(500_000))) == {"重点跟进"}
    assert run()["changed"] == 0


def test_the_reason_hides_what_its_reader_may_not_see(
    office: Client, rep: User, client_of: ClientOf, make_customer: MakeCustomer
) -> None:
    rich = make_customer(rep, budget=budget(200_000))
    made(office, "budget.above=100000", "重点跟进")
    Role.objects.filter(code="sales").update(field_rules={"customer.budget": "hidden"})
    page = client_of(rep).get(rich.get_absolute_url()).content.decode()
    assert "规则“大客户”，它的条件里有对你不开放的内容" in page
    assert "20万" not in page
    sheet = office.get(f"{RULES}new/?budget.above=100000", headers=HTMX).content.decode()
    assert "预算范围：销售人员" in sheet  # whom the tag tells what they are not shown


def test_what_people_decide_stays(
    office: Client, rep: User, client_of: ClientOf, make_customer: MakeCustomer
) -> None:
    one, own = make_customer(rep, grade="A"), make_customer(rep, grade="A")
    retag(own, rep, "重点跟进")
    rule = made(office, "grade=A", "重点跟进")
    retag(one, rep)  # taken away by hand
    run()
    changed(client_of(rep), one, "remark", "x")
    changed(client_of(rep), one, "grade", "B")
    changed(client_of(rep), one, "grade", "A")
    assert tags_of(one) == set()
    changed(client_of(rep), own, "grade", "C")
    assert tags_of(own) == {"重点跟进"}  # given by hand, whatever the rule says
    data = {"name": rule.name, "tag": rule.tag_id, "is_active": "on", "version": 1}
    data |= {"where": "and(grade.is:A|B)"}
    assert office.post(f"{RULES}{rule.pk}/", data, headers=HTMX).status_code == 204
    run(Job.objects.latest("pk"))
    assert tags_of(one) == {"重点跟进"}  # the rule is another one now


def test_given_again_by_hand_it_is_the_rules_only_while_it_fits(
    office: Client, rep: User, client_of: ClientOf, make_customer: MakeCustomer
) -> None:
    fits, not_any_more = make_customer(rep, grade="A"), make_customer(rep, grade="A")
    made(office, "grade=A", "重点跟进")
    retag(fits, rep)
    retag(not_any_more, rep)
    changed(client_of(rep), not_any_more, "grade", "B")
    retag(fits, rep, "重点跟进")
    retag(not_any_more, rep, "重点跟进")
    run()
    assert AutoTag.objects.filter(customer=fits, state="given").exists()
    assert not AutoTag.objects.filter(customer=not_any_more).exists()
    assert tags_of(not_any_more) == {"重点跟进"}


def test_in_an_exclusive_group_a_hand_goes_first_then_the_first_rule(
    office: Client, rep: User, client_of: ClientOf, make_customer: MakeCustomer
) -> None:
    hand, both, second = (make_customer(rep, grade="A", value_tier="vip") for _ in range(3))
    changed(client_of(rep), second, "grade", "B")
    retag(hand, rep, "普通")
    later = made(office, "value_tier=vip", "VIP", "按等级")
    made(office, "grade=A", "中等", "按分级")
    assert [tags_of(customer) for customer in (hand, both, second)] == [{"普通"}, {"VIP"}, {"VIP"}]
    office.post(f"{RULES}{later.pk}/position/", {"to": "down"}, headers=HTMX)
    run()
    assert [tags_of(customer) for customer in (hand, both, second)] == [{"普通"}, {"中等"}, {"VIP"}]
    changed(client_of(rep), both, "grade", "C")
    assert tags_of(both) == {"VIP"}
    retag(hand, rep)
    assert tags_of(hand) == {"中等"}


def test_off_over_and_gone_leave_the_tags(office: Client, rep: User, make_customer: MakeCustomer) -> None:
    customer = make_customer(rep, grade="A")
    rule = made(office, "grade=A", "重点跟进")
    yesterday = (timezone.localdate() - timedelta(days=1)).isoformat()
    data = {"name": rule.name, "tag": rule.tag_id, "where": rule.where, "is_active": "on", "version": 1}
    assert office.post(f"{RULES}{rule.pk}/", {**data, "until_on": yesterday}, headers=HTMX).status_code == 204
    Customer.objects.filter(pk=customer.pk).update(grade="B")
    run()
    assert tags_of(customer) == {"重点跟进"}
    assert tags_of(make_customer(rep, grade="A")) == set()
    assert office.post(f"{RULES}{rule.pk}/removal/", headers=HTMX).status_code == 204
    assert tags_of(customer) == {"重点跟进"}
    assert not AutoTag.objects.exists()


def test_another_tag_takes_the_place_of_the_former(
    office: Client, rep: User, make_customer: MakeCustomer
) -> None:
    customer = make_customer(rep, grade="A")
    rule = made(office, "grade=A", "重点跟进")
    data = {"name": rule.name, "tag": keys("重点客户")[0], "is_active": "on", "version": 1}
    data |= {"where": rule.where}
    office.post(f"{RULES}{rule.pk}/", data, headers=HTMX)
    run(Job.objects.latest("pk"))
    assert tags_of(customer) == {"重点客户"}


def test_days_alone_change_it_at_night(office: Client, rep: User, make_customer: MakeCustomer) -> None:
    recent, old = make_customer(rep), make_customer(rep)
    made(office, "created_at.within=last7", "观望", "新来的")
    assert (tags_of(recent), tags_of(old)) == ({"观望"}, {"观望"})
    Customer.objects.filter(pk=old.pk).update(created_at=timezone.now() - timedelta(days=30))
    assert run()["changed"] == 1
    assert (tags_of(recent), tags_of(old)) == ({"观望"}, set())


def test_a_bulk_removal_is_a_refusal_and_its_undoing_takes_it_back(
    office: Client, rep: User, client_of: ClientOf, make_customer: MakeCustomer
) -> None:
    customers = [make_customer(rep, grade="A") for _ in range(3)]
    made(office, "grade=A", "重点跟进")
    before = list(AutoTag.objects.order_by("pk").values_list("customer_id", "tag_id", "state"))
    post(client_of(rep), customers, drop=keys("重点跟进"))
    run()
    assert [tags_of(customer) for customer in customers] == [set()] * 3
    undo(rep)
    assert [tags_of(customer) for customer in customers] == [{"重点跟进"}] * 3
    assert list(AutoTag.objects.order_by("pk").values_list("customer_id", "tag_id", "state")) == before


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("view=team", "还没有条件"),
        ("tags=VIP", "规则不能以标签为条件"),
        ("grade=A&q=苏州", "规则不能带搜索词"),
        ("nonsense=1", "nonsense"),
    ],
)
def test_what_is_no_rule(query: str, told: str, office: Client) -> None:
    assert told in office.get(f"{RULES}new/?{query}", headers=HTMX).content.decode()
    data = {"name": "乱", "tag": keys("VIP")[0], "where": "and(tags.is:VIP)", "is_active": "on"}
    assert office.post(f"{RULES}new/?{query}", data, headers=HTMX).status_code == 422
    assert not TagRule.objects.exists()


def test_only_who_sees_all_customers_sets_rules(rep: User, client_of: ClientOf) -> None:
    Role.objects.filter(code="sales").update(grants={"vocabulary.manage": "all", "customer.view": "own"})
    assert client_of(rep).get("/settings/tags/").status_code == 200
    for url in ("", "new/?grade=A"):
        assert client_of(rep).get(f"{RULES}{url}").status_code == 403
    assert client_of(rep).get(f"/settings/tags/{keys('VIP')[0]}/merging/").status_code == 403


EXCLUSIVE = {"VIP", "中等", "普通"}
GRADES, TIERS = ("A", "B", "C", ""), ("vip", "middle", "ordinary", "")


def turned(now: set[str], name: str) -> set[str]:
    """The tags without one, or with it in the place of those it excludes."""
    return now - {name} if name in now else (now - EXCLUSIVE if name in EXCLUSIVE else now) | {name}


def test_two_rules_of_one_name_at_once_are_refused_and_not_a_failure(office: Client, admin: User) -> None:
    """Both forms were checked before either was written."""
    rule = made(office, "grade=A", "VIP", "甲")
    names = ("name", "tag", "from_on", "until_on", "is_active", "where")
    values = {name: getattr(rule, name) for name in names}
    by = Author.for_user(admin, Door.PAGE)
    with pytest.raises(Refused, match="已经有叫“甲”的规则了"):
        save_rule(TagRule(), values, version=0, by=by, at=timezone.now())
    other = made(office, "grade=B", "普通", "乙")
    with pytest.raises(Refused, match="已经有叫“甲”的规则了"):
        save_rule(
            other, {"name": "甲"} | {"where": other.where}, version=other.version, by=by, at=timezone.now()
        )
    assert list(TagRule.objects.order_by("order").values_list("name", flat=True)) == ["甲", "乙"]


SAMPLES = (
    ("grade=A", "VIP", "甲"),
    ("value_tier=vip&value_tier=middle", "中等", "乙"),
    ("grade=B&value_tier.filled=1", "重点客户", "丙"),
)


@pytest.mark.slow
def test_rules_against_brute_force(office: Client, rep: User, make_customer: MakeCustomer) -> None:
    """Whatever happens in whatever order, the tags are those that hands and rules, one by one, come to."""
    rng = random.Random(7)
    customers = [make_customer(rep, grade="A") for _ in range(6)]
    rules = [made(office, *rule) for rule in SAMPLES]
    fits: list[Callable[[Customer], bool]] = [
        lambda c: c.grade == "A",
        lambda c: c.value_tier in ("vip", "middle"),
        lambda c: c.grade == "B" and c.value_tier != "",
    ]
    order = [Tag.objects.get(pk=rule.tag_id).name for rule in rules]
    hands: dict[int, set[str]] = {customer.pk: set() for customer in customers}
    refused: dict[int, set[str]] = {customer.pk: set() for customer in customers}

    def expected(customer: Customer) -> set[str]:
        standing = set(hands[customer.pk])
        for name, fit in zip(order, fits, strict=True):
            free = name not in EXCLUSIVE or not standing & EXCLUSIVE
            if fit(customer) and name not in refused[customer.pk] | hands[customer.pk] and free:
                standing.add(name)
        return standing

    by = Author.for_user(rep, Door.PAGE)
    for _step in range(60):
        customer = rng.choice(customers)
        customer.refresh_from_db()
        if rng.random() < 0.6:
            values: dict[str, Any] = {"grade": rng.choice(GRADES), "value_tier": rng.choice(TIERS)}
        else:
            now = tags_of(customer)
            wanted = turned(now, rng.choice(["VIP", "普通", "重点客户"]))
            values = {"tags": keys(*wanted)}
            is_auto = (now - hands[customer.pk]) | {
                name for name, fit in zip(order, fits, strict=True) if fit(customer)
            }
            for gone in now - wanted:
                hands[customer.pk].discard(gone)
                refused[customer.pk] |= {gone} & is_auto
            for come in wanted - now:
                was_refused = come in refused[customer.pk]
                refused[customer.pk].discard(come)
                if not (was_refused and fits[order.index(come)](customer)):
                    hands[customer.pk].add(come)
        change_customer(
            customer, values, version=customer.version, by=by, at=timezone.now(), context=Context()
        )
        assert tags_of(customer) == expected(customer), (values, hands[customer.pk], refused[customer.pk])
    assert run()["changed"] == 0
    assert all(tags_of(customer) == expected(customer) for customer in customers)


def test_who_keeps_rules_learns_nothing_of_fields_closed_to_him(
    office: Client, make_user: MakeUser, client_of: ClientOf, make_customer: MakeCustomer, rep: User
) -> None:
    """Neither by another's rule nor by trying conditions out: no value, no figure, no example."""
    make_customer(rep, name="海纳科技", phone="+8613800001111")
    rule = made(office, "phone.starts=1380", "重点客户")
    keeper = make_user("ops", "运营", department=None)
    grants = {"customer.view": "all", "vocabulary.manage": "all"}
    role = Role.objects.create(name="运营", grants=grants, field_rules={"customer.phone": "masked"})
    keeper.roles.set([role])
    client, told = client_of(keeper), {"name": "试", "tag": rule.tag_id, "where": "and(phone.starts:1380)"}
    page = client.get(f"{RULES}{rule.pk}/", headers=HTMX)
    for token in ("starts:1380", "starts=1380", "“1380"):
        assert token not in page.content.decode()
    assert "对你不开放" in page.content.decode()
    for address in (f"{RULES}{rule.pk}/", f"{RULES}new/", f"{RULES}foreseen/"):
        answer = client.post(address, told, headers=HTMX)
        assert (answer.context["foreseen"].matching, answer.context["foreseen"].samples) == (0, [])
        assert "海纳科技" not in answer.content.decode()
    assert TagRule.objects.get().name == rule.name


def test_no_search_comes_in_by_a_segment(office: Client) -> None:
    """Whom a number finds depends on who looks for it; a rule looks for nobody."""
    office.post("/segments/new/?q=1391", {"name": "号段"})
    data = {"name": "号段", "tag": keys("VIP")[0], "where": "and(segment.in.is:号段)", "is_active": "on"}
    answer = office.post(f"{RULES}new/", data, headers=HTMX)
    assert answer.status_code == 422
    assert "带搜索词" in answer.content.decode()


def test_a_rule_that_is_switched_off_promises_no_look(office: Client) -> None:
    data = {"name": "以后", "tag": keys("VIP")[0], "where": "and(grade.is:A)"}
    told = office.post(f"{RULES}new/", data, headers=HTMX).headers["HX-Trigger"]
    assert json.loads(told)["toast"]["text"] == "规则“以后”已保存，现在不打标签"
    assert not Job.objects.filter(kind="tagging.work").exists()


def test_the_journal_tells_a_filter_to_whom_it_is_open(
    office: Client, auditor: User, client_of: ClientOf
) -> None:
    rule = made(office, "phone.starts=1380", "重点客户")
    told = {"name": rule.name, "tag": rule.tag_id, "where": "and(grade.is:A)", "version": rule.version}
    assert office.post(f"{RULES}{rule.pk}/", told, headers=HTMX).status_code == 204
    page = office.get("/journal/").content.decode()
    assert "电话开头是“1380”" in page
    assert "客户分级是A级" in page
    page = client_of(auditor).get("/journal/").content.decode()
    assert "“1380" not in page
    assert "里面有对你不开放的内容" in page


def test_a_field_thrown_away_takes_no_tags_along(
    office: Client, rep: User, make_customer: MakeCustomer
) -> None:
    """Who does it is told of the rules; their tags stay until the field is back."""
    beds = own_field("床位数", "number")
    big = make_customer(rep, **{beds.name: Decimal(300)})
    rule = made(office, f"{beds.name}.above=100", "重点跟进")
    sheet = office.get(f"/settings/fields/{beds.pk}/", headers=HTMX).content.decode()
    assert "自动标签规则“大客户”" in sheet
    assert office.post(f"/settings/fields/{beds.pk}/removal/", headers=HTMX).status_code == 204
    assert "条件用不了了" in office.get(RULES).content.decode()
    run()
    assert tags_of(big) == {"重点跟进"}
    assert AutoTag.objects.filter(rule=rule, customer=big).exists()
