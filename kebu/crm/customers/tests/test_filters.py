"""Conditions of the list: operators, joined ones, what is refused, and the form they are put together in."""

from datetime import timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import quote, unquote_plus, urlencode

import pytest
from django.test import Client
from django.utils import timezone

from kebu.base.kit.money import AmountRange
from kebu.crm.customers.models import Customer
from kebu.office.staff.models import Role, User
from tests.cast import ClientOf, MakeCustomer

pytestmark = pytest.mark.django_db
URL = "/customers/"
FORM = f"{URL}filter/"
HTMX = {"HX-Request": "true"}


def names(client: Client, query: str) -> set[str]:
    """The customers that an address lists."""
    answer = client.get(f"{URL}?{query}", follow=True)
    assert answer.status_code == 200
    return {row.name for row in answer.context["rows"]}


def problems(client: Client, query: str) -> str:
    """What the list says about its address; it must show nothing then."""
    answer = client.get(f"{URL}?{query}")
    assert answer.context["rows"] == []
    said = "；".join(answer.context["query"].problems)
    assert not said or said.partition("；")[0] in answer.content.decode()
    return said


@pytest.fixture
def sold(rep: User, make_customer: MakeCustomer) -> None:
    """Three customers, told apart by what the example asks for."""
    plenty = AmountRange(Decimal(80_000), Decimal(150_000))
    wanted: dict[str, Any] = {"customer_type": "prospect", "industry": "C34", "budget": plenty}
    make_customer(rep, name="江北精密", **wanted)
    make_customer(rep, name="江北小件", **{**wanted, "budget": AmountRange(None, Decimal(50_000))})
    old = make_customer(rep, name="江南旧厂", **wanted)
    Customer.objects.filter(pk=old.pk).update(created_at=timezone.now() - timedelta(days=200))


def test_the_example(sold: None, rep: User, client_of: ClientOf) -> None:
    client = client_of(rep)
    query = "created_at=近3个月&customer_type=意向客户&industry=制造业&budget.above=10万"
    assert names(client, query) == {"江北精密"}
    page = client.get(f"{URL}?{query}").content.decode()
    for part in ("创建时间在<b>近3个月</b>", "客户类型是<b>意向客户</b>", "预算范围<b>10万以上</b>"):
        assert part in page
    assert names(client, "where=or(name.contains:旧,and(budget.below:5万,name.starts:江北))") == {
        "江南旧厂", "江北小件",
    }  # fmt: skip
    assert names(client, "remark.filled=1") == set()
    assert len(names(client, "remark.empty=1&name.lacks=旧")) == 2


def test_each_chip_goes_alone(sold: None, rep: User, client_of: ClientOf) -> None:
    where = "and(name.contains:江,or(grade.is:A,name.ends:密))"
    answer = client_of(rep).get(f"{URL}?budget.above=10万&where={where}")
    chips = {chip.words: chip.remove_url for chip in answer.context["query"].chips}
    assert chips == {
        "10万以上": "?" + urlencode({"where": where}),
        "“江”": "?" + urlencode({"budget.above": "10万", "where": "or(grade.is:A,name.ends:密)"}),
        "客户分级是A级或客户名称结尾是“密”": "?"
        + urlencode({"budget.above": "10万", "where": "and(name.contains:江)"}),
    }
    quick = client_of(rep).get(f"{URL}conditions/?budget.above=10万&grade=A&where={where}")
    assert quick.context["kept"] == [("budget.above", "10万"), ("where", where)]


@pytest.mark.parametrize("rule", ["masked", "hidden"])
def test_what_one_may_not_see_one_cannot_find_by(
    rule: str, rep: User, client_of: ClientOf, make_customer: MakeCustomer
) -> None:
    Role.objects.filter(code="sales").update(
        field_rules={"customer.phone": rule, "customer.budget": rule, "contact.phone": rule}
    )
    make_customer(rep, phone="+8613812341234", contacts=[{"name": "张伟", "phone": "+8613812341234"}])
    client = client_of(User.objects.get(pk=rep.pk))
    for query in (
        "phone=13812341234", "phone.contains=1234", "phone.filled=1", "phone.empty=1", "budget.empty=1",
        "contact.phone.ends=1234", "where=and(phone.filled)",
        "where=or(phone.contains:1,name.filled)",
        "where=and(name.contains:司,or(contact.phone.is:1,grade.empty))",
        *(["completeness.above=1"] if rule == "hidden" else []),  # it would tell whether there is one
    ):  # fmt: skip
        assert "对你不开放" in problems(client, query), query
    assert names(client, "name.contains=公司")
    page = client.get(FORM).content.decode()
    assert 'value="phone"' not in page
    assert 'value="contact.phone"' not in page
    sorted_by = client.get(f"{URL}?sort=-budget")
    assert "不能按“-budget”排序" in sorted_by.content.decode()


def test_what_is_not_understood_lists_nothing(sold: None, rep: User, client_of: ClientOf) -> None:
    client = client_of(rep)
    for query, said in {
        "grad=A": "不认识的条件“grad”",
        "grade.above=A": "没有“above”这种条件",
        "created_at.empty=1": "没有“empty”这种条件",
        "name.within=today": "没有“within”这种条件",
        "created_at.within=很久": "认不出这段时间",
        "budget.above=很多": "看不出金额",
        "budget.between=20万..10万": "起点大于终点",
        "interaction_count.above=多": "要填整数",
        "birthday.within=before30": "一年以内",
        "where=and(name.contains:江,": "读不懂地址里的条件",
        "where=x": "读不懂地址里的条件",
        "where=and(and(or(and(name.filled))))": "套得太深",
        "where=and(" + ",".join(["name.filled"] * 31) + ")": "条件太多",
        "where=and(name.contains:" + "长" * 4_000 + ")": "条件太长",
        "where=or(name.contains:江,foo.is:1)": "不认识的条件“foo”",
    }.items():
        assert said in problems(client, query), query
    lost = client.get(FORM, {"where": "and(name", "say": "A级", "do": "apply"})  # not a list without it
    assert "读不懂地址里的条件" in lost.content.decode()
    assert len(names(client, "utm_source=x&from=singlemessage&name.contains=江")) == 3  # from a messenger


HOSTILE = [
    "", "(", "and", "and(", "and()", "and(,)", "and(name.is)", "and(name.is:)", "and(name.is:~",
    "and(name.is:a~)", "or(((((((((((", "and(name.contains:%_\\'\")", "and(id.is:1)", "and(pk.is:1)",
    "and(owner__password.starts:x)", "and(custom__x.is:1)", "and(name.contains__regex:x)",
    "and(interaction.count.above:9e9/x)", "and(interaction.count.above:-5/last30)",
    "and(created_at.within:last9999y)", "and(birthday.is:L9999-99-99)", "and(created_at.between:..)",
    "and(created_at.is:9999-12-31)", "and(potential_score.above:" + "9" * 50 + ")",
    "and(contact.birthday.within:this_year)", "and(region.is:99)", "and(tags.all:x|y|1)",
    "and(budget.is:待定)", "and(collaborator.is:me)", "and(created_by.is_not:我)", "\ud83d\ude00",
    "and(name.is:" + "a|" * 60 + ")",
]  # fmt: skip


@pytest.mark.slow
def test_no_condition_is_a_failure(sold: None, rep: User, client_of: ClientOf) -> None:
    client = client_of(rep)
    for text in HOSTILE:
        where = quote(text.encode("utf-8", "surrogatepass"))
        for page in (URL, FORM):
            answer = client.get(f"{page}?where={where}", headers=HTMX)
            assert answer.status_code == 200, (page, text)
    sent = {"built": "1", "g.any": "1", "g.add": "x", "do": "more:g-9"}
    places = ("g-0", "g-1", "g-1-0-0-0", "g-0.group", "g-99")
    parts = ("name", "op", "v", "low", "high", "way", "count", "unit", "group", "any", "add")
    for text in ("", "name", "within", "created_at", "'\"<b>", "9" * 300):
        odd = {f"{place}.{part}": text for place in places for part in parts}
        for less in ({}, {"g-0.name": "created_at"}, {"g-0.name": "budget", "g-0.op": "between"}):
            assert client.get(FORM, {**sent, **odd, **less}, headers=HTMX).status_code == 200
    for do in ("apply", "drop:", "drop:g", "group:g-0", "turn:g", "clear:", "more:g", "x:y"):
        assert client.get(FORM, {**sent, "g-0.name": "name", "g-0.op": "is", "do": do}).status_code in (
            200,
            302,
        )


def test_the_form_leads_to_an_address_and_back(sold: None, rep: User, client_of: ClientOf) -> None:
    client = client_of(rep)
    rows = [
        ("created_at", "within", {"way": "last", "count": "3", "unit": "m"}),
        ("budget", "above", {"v": "10万"}),
    ]
    sent = {"built": "1", "view": "mine", "g-2.group": "1", "g-2.any": "1"}
    for number, (name, operator, parts) in enumerate(rows):
        sent |= {f"g-{number}.name": name, f"g-{number}.op": operator}
        sent |= {f"g-{number}.{part}": text for part, text in parts.items()}
    sent |= {
        "g-2-0.name": "name",
        "g-2-0.op": "ends",
        "g-2-0.v": "密",
        "g-2-1.name": "grade",
        "g-2-1.op": "empty",
    }
    drawn = client.get(FORM, sent, headers={**HTMX, "HX-Target": "matches"})
    text = drawn.content.decode()
    assert '<b class="k-num">1</b>' in text
    assert "其中<b>客户名称结尾是“密”或客户分级没有填</b>" in text
    assert "k-build-row" not in text  # only what changed is sent
    answer = client.get(FORM, {**sent, "do": "apply"})
    assert answer.status_code == 302
    address = answer["Location"].partition("?")[2]
    where = urlencode({"where": "or(name.ends:密,grade.empty)"})
    assert address == "view=mine&" + urlencode({"budget.above": "10万"}) + "&created_at=last3m&" + where
    assert names(client, address) == {"江北精密"}
    simple = client.get(FORM, {**sent, "do": "simple"})
    assert simple["Location"] == f"{URL}conditions/?{address}"
    again = client.get(f"{FORM}?{address}").context["box"]
    shapes = [
        part.shape if not part.is_box else [inner.shape for inner in part.parts] for part in again.parts
    ]
    assert shapes == ["values", "span", ["values", "none"]]


def test_the_form_is_changed_step_by_step(rep: User, client_of: ClientOf) -> None:
    client = client_of(rep)

    def parts(**sent: str) -> list[Any]:
        return list(client.get(FORM, {"built": "1", **sent}, headers=HTMX).context["box"].parts)

    (row,) = parts(**{"g.add": "contact.birthday"})
    assert (row.label, row.shape, row.row.is_new) == ("联系人生日", "span", True)
    one = {"g-0.name": "grade", "g-0.op": "is", "g-0.v": "A"}
    assert parts(**one)[0].shape == "boxes"
    assert parts(**one, do="drop:g-0") == []
    box = parts(**one, do="group:g")[1]
    assert (box.is_box, box.is_any, box.place) == (True, True, "g-1")
    money = {"g-0.name": "budget", "g-0.op": "between", "g-0.v": "10万"}
    assert parts(**money)[0].row.low == "10万"  # what was typed goes along to another operator
    assert parts(**{**one, "g-0.name": "industry", "g-0.v": "C"}, do="more:g-0")[0].shape == "picks"
    wrong = client.get(FORM, {"built": "1", **money, "g-0.op": "above", "g-0.v": "很多", "do": "apply"})
    assert wrong.status_code == 200
    assert "看不出金额" in wrong.content.decode()


def test_me_and_what_happened(
    rep: User, manager: User, client_of: ClientOf, make_customer: MakeCustomer
) -> None:
    now = timezone.now()
    quiet = make_customer(
        rep, name="静", contacts=[{"name": "李问", "title": "采购经理", "birthday": "--02-29"}]
    )
    Customer.objects.filter(pk=quiet.pk).update(created_at=now - timedelta(days=40))
    make_customer(manager, name="动")
    client = client_of(manager)
    assert names(client, "owner=me") == {"动"}
    assert names(client, "created_by.is_not=我") == {"静"}
    assert names(client, "last_contact_at=quiet30") == {"静"}
    assert names(client, "last_contact_at=30天未联系") == {"静"}
    assert names(client, "contact.title.contains=采购") == {"静"}
    assert names(client, "contact.title.lacks=采购") == {"动"}
    assert names(client, "contact.name.empty=1") == {"动"}
    assert names(client, "interaction.count.below=0/last30") == {"静", "动"}
    assert "联系人职位包含<b>“采购”</b>" in client.get(f"{URL}?contact.title.contains=采购").content.decode()


@pytest.mark.parametrize(
    ("said", "address"),
    [
        (
            "近3个月新增的意向客户、制造业、预算10万以上",
            "customer_type=prospect&industry=C&budget.above=10万&created_at=last3m",
        ),
        (
            "意向或成交，非A级，30天未联系",
            "customer_type=prospect&customer_type=won&grade.is_not=A&last_contact_at=quiet30",
        ),
        ("下周生日", "where=or(birthday.within:next_week,contact.birthday.within:next_week)"),
        (
            "联系人职位包含采购，备注没有填；客户名称不含X",
            "name.lacks=X&remark.empty=1&contact.title.contains=采购",
        ),
        ("江苏省 潜力评分大于80", "region=320000&potential_score.above=80"),
    ],
)  # fmt: skip
def test_a_line_says_it(said: str, address: str, rep: User, client_of: ClientOf) -> None:
    client = client_of(rep)
    answer = client.get(URL, {"say": said, "view": "mine"}, follow=True)
    assert answer.redirect_chain[-1][0].startswith(URL + "?view=mine&")
    parts = dict.fromkeys(unquote_plus(answer.redirect_chain[-1][0].partition("?")[2]).split("&"))
    assert set(parts) == {"view=mine", *address.split("&")}
    half = client.get(FORM, {"built": "1", "say": f"{said}，天晓得", "do": "apply"})
    assert "没看懂“天晓得”" in half.content.decode()
    assert half.context["box"].parts


def test_no_more_values_than_a_database_can_chain(rep: User, client_of: ClientOf) -> None:
    """Fifteen hundred alternatives would be an error of the database; the list says what to do instead."""
    any_letter = "|".join(chr(code) for code in range(0x4E00, 0x4E00 + 50))
    where = "or(" + ",".join([f"name.contains:{any_letter}"] * 30) + ")"
    for path in ("/customers/", "/customers/filter/"):
        answer = client_of(rep).get(path, {"where": where})
        assert answer.status_code == 200
        assert "值太多了" in answer.content.decode()


@pytest.mark.parametrize("name", ["name", "name.is_not"])
def test_values_beyond_the_limit_are_refused_and_not_cut(
    name: str, rep: User, client_of: ClientOf, make_customer: MakeCustomer
) -> None:
    """What is left out of «not this one» would show a customer that was not asked for."""
    make_customer(rep, name="海纳")
    values = [f"某{place}公司" for place in range(50)] + ["海纳"]
    answer = client_of(rep).get("/customers/", {name: values})
    assert not answer.context["rows"]
    assert "一个条件最多50个值" in answer.content.decode()


def test_a_chip_says_what_is_meant_and_the_form_names_places(rep: User, client_of: ClientOf) -> None:
    client = client_of(rep)
    answer = client.get("/customers/?customer_type.is_not=prospect&name.contains=科技&created_at=last3m")
    shown = [(chip.label, chip.how, chip.value) for chip in answer.context["query"].chips]
    assert ("客户类型", "不是", "意向客户") in shown
    assert ("客户名称", "包含", "“科技”") in shown
    assert ("创建时间", "", "近3个月") in shown
    assert "<span>不是</span><b>意向客户</b>" in answer.content.decode()
    form = client.get("/customers/filter/?where=or(region.is:110100,region.is_not:某地)").content.decode()
    assert 'value="北京市"' in form
    assert 'value="110100"' not in form.partition('id="builder"')[2]
    assert 'value="某地"' in form


def test_joined_conditions_are_opened_where_they_can_be_seen(rep: User, client_of: ClientOf) -> None:
    client = client_of(rep)
    assert 'hx-get="/customers/conditions/?grade=A"' in client.get(f"{URL}?grade=A").content.decode()
    page = client.get(f"{URL}?where=or(grade.is:A,budget.above:9)").content.decode()
    assert 'hx-get="/customers/filter/?where=' in page
    assert "/customers/conditions/" not in page
