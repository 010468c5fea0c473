"""The customer list: who sees which rows, what its address means, how it pages."""

from datetime import timedelta
from itertools import cycle
from typing import Any
from urllib.parse import quote

import pytest
from django.db.models import F
from django.test import Client
from django.utils import timezone

from kebu.base.fields.directories import Context
from kebu.base.fields.models import touch
from kebu.base.journal.authors import Author
from kebu.base.journal.choices import Door
from kebu.crm.customers.facets import SORTED_FIRST as SORTS
from kebu.crm.customers.fields import CUSTOMER_FIELDS
from kebu.crm.customers.models import Customer
from kebu.office.staff.models import User
from kebu.office.vocabulary.choices import TermKind
from kebu.office.vocabulary.models import Term
from tests.cast import ClientOf, MakeCustomer

pytestmark = pytest.mark.django_db
URL = "/customers/"
HTMX = {"HX-Request": "true"}


def names(client: Client, query: str = "", **extra: Any) -> list[str]:
    """The customers on the page, in order."""
    answer = client.get(f"{URL}{query}", **extra)
    assert answer.status_code == 200, answer.status_code
    return [row.name for row in answer.context["rows"]]


def test_each_sees_his_own(
    rep: User, mate: User, manager: User, outsider: User, admin: User,
    client_of: ClientOf, make_customer: MakeCustomer,
) -> None:  # fmt: skip
    make_customer(rep, name="甲公司")
    make_customer(mate, name="乙公司")
    make_customer(outsider, name="丙公司")
    make_customer(None, name="丁公司")
    assert names(client_of(rep)) == ["甲公司"]
    assert names(client_of(outsider)) == ["丙公司"]
    assert set(names(client_of(manager))) == {"甲公司", "乙公司"}
    assert len(names(client_of(admin))) == 4
    assert names(client_of(manager), "?view=mine") == []


def test_without_permission_403(auditor: User, client_of: ClientOf) -> None:
    client = client_of(auditor)
    for path in ("", "tabs/", "conditions/", "cities/", "archive/"):
        assert client.get(URL + path).status_code == 403


@pytest.mark.parametrize("path", ["", "tabs/", "conditions/", "cities/", "archive/"])
def test_lists_are_only_read(path: str, rep: User, client_of: ClientOf) -> None:
    assert client_of(rep).post(URL + path).status_code == 405


def test_tabs(rep: User, client_of: ClientOf, make_customer: MakeCustomer) -> None:
    now = timezone.now()
    make_customer(rep, name="今天", next_follow_up_at=now.replace(microsecond=0))
    make_customer(rep, name="过了", next_follow_up_at=now - timedelta(days=2), grade="A")
    quiet = make_customer(rep, name="很久")
    lost = make_customer(rep, name="流失", customer_type="lost")
    Customer.objects.filter(pk__in=[quiet.pk, lost.pk]).update(last_contact_at=now - timedelta(days=40))
    client = client_of(rep)
    assert names(client, "?view=today") == ["今天"]
    assert names(client, "?view=overdue") == ["过了"]
    assert names(client, "?view=best") == ["过了"]
    assert names(client, "?view=quiet") == ["很久"]
    counts = client.get(f"{URL}tabs/", headers=HTMX).content.decode()
    assert counts.count('value="4"') == 1
    assert counts.count('value="1"') == 4


def test_conditions_narrow_and_are_said_in_words(
    rep: User, client_of: ClientOf, make_customer: MakeCustomer
) -> None:
    make_customer(rep, name="苏州", customer_type="won", region="320500", industry="C34")
    make_customer(rep, name="南京", customer_type="prospect", region="320100", industry="C39")
    make_customer(rep, name="杭州", customer_type="won", region="330100")
    client = client_of(rep)
    assert set(names(client, "?customer_type=won&customer_type=prospect&region=320000")) == {"苏州", "南京"}
    assert names(client, "?industry=C34") == ["苏州"]
    assert set(names(client, "?industry=C")) == {"苏州", "南京"}
    assert names(client, "?region=浙江省") == ["杭州"]
    page = client.get(f"{URL}?customer_type=won&region=320000").content.decode()
    assert "客户类型是<b>成交客户</b>" in page
    assert "地区是<b>江苏省</b>" in page
    assert 'href="?customer_type=won"' in page  # the × of the region's chip


def test_macro_region_size_and_value_narrow(
    rep: User, client_of: ClientOf, make_customer: MakeCustomer
) -> None:
    make_customer(rep, name="苏州", region="320500", headcount="100_500", revenue="5m_20m", value_tier="vip")
    make_customer(rep, name="上海", region="310100", headcount="lt50", value_tier="promise")
    make_customer(rep, name="广州", region="440100", headcount="gte1000")
    make_customer(rep, name="无处", kind="person")
    client = client_of(rep)
    assert set(names(client, "?macro_region=华东")) == {"苏州", "上海"}
    assert set(names(client, "?macro_region=华东&macro_region=华南")) == {"苏州", "上海", "广州"}
    assert names(client, "?macro_region=华东&headcount=100_500&revenue=5m_20m") == ["苏州"]
    assert set(names(client, "?headcount=lt50&headcount=gte1000")) == {"上海", "广州"}
    assert names(client, "?headcount=300人") == ["苏州"]  # a figure means its band
    assert names(client, "?value_tier=高价值客户") == ["苏州"]
    assert names(client, "?value_tier=潜力客户") == ["上海"]
    page = client.get(f"{URL}?macro_region=华东&value_tier=promise").content.decode()
    assert "大区是<b>华东</b>" in page
    assert "价值等级是<b>潜力</b>" in page
    refused = client.get(f"{URL}?macro_region=关外")
    assert "没有大区“关外”" in refused.content.decode()
    assert refused.context["rows"] == []


def test_days_take_names_and_spans(rep: User, client_of: ClientOf, make_customer: MakeCustomer) -> None:
    today = timezone.localdate()
    make_customer(rep, name="新", first_contact_on=today)
    make_customer(rep, name="旧", first_contact_on=today - timedelta(days=400))
    make_customer(rep, name="空")
    client = client_of(rep)
    assert names(client, "?first_contact_on=last30") == ["新"]
    assert names(client, f"?first_contact_on=..{today - timedelta(days=300)}") == ["旧"]
    assert names(client, "?first_contact_on=empty") == ["空"]


def test_the_form_without_script_leads_to_the_tidy_address(rep: User, client_of: ClientOf) -> None:
    query = "?q=&customer_type=won&region=320000&city=320500"
    query += "&created_at=&created_at.from=2026-01-01&created_at.to="
    answer = client_of(rep).get(URL + query)
    assert answer.status_code == 302
    assert answer["Location"] == f"{URL}?customer_type=won&region=320500&created_at=2026-01-01.."
    again = client_of(rep).get(URL + "?region=330000&city=320500")
    assert again["Location"] == f"{URL}?region=330000"


def test_search_by_pinyin_phone_and_contact(
    rep: User, mate: User, client_of: ClientOf, make_customer: MakeCustomer
) -> None:
    make_customer(rep, name="海纳科技有限公司", phone="+8613912345678", contacts=[{"name": "张伟"}])
    make_customer(rep, name="别的有限公司")
    make_customer(mate, name="海纳百川有限公司")
    client = client_of(rep)
    for text in ("海纳", "hnkj", "haina", "12345", "zhangwei", "纳"):
        assert names(client, f"?q={quote(text)}") == ["海纳科技有限公司"], text
    assert names(client, "?q=没有这样的") == []
    assert "没有符合这些条件的客户" in client.get(f"{URL}?q=没有这样的").content.decode()


EACH_KIND = {type(item.kind): item.name for item in CUSTOMER_FIELDS.born.values()}.values()
BAD = ["x", "-1", "99999999999999999999", "2026-02-30", "..", "9999-12-31..", "'\"<b>", "张" * 300]


@pytest.mark.slow
@pytest.mark.parametrize(
    "name", [*EACH_KIND, "where", "q", "sort", "view", "cursor", "foo.above", "city", "created_at.from"]
)
def test_no_address_is_a_failure(
    name: str, rep: User, client_of: ClientOf, make_customer: MakeCustomer
) -> None:
    """The rows with every bad value; page, sheet, tabs and archive, which read it the same way, in turn."""
    make_customer(rep)
    client = client_of(rep)
    places = cycle(("", "conditions/", "tabs/", "archive/"))
    for text in BAD:
        assert client.get(f"{URL}?{name}={text}", headers=HTMX).status_code in (200, 302), text
        place = next(places)
        headers = HTMX if place else {}
        assert client.get(f"{URL}{place}?{name}={text}", headers=headers).status_code in (200, 302), text


def test_what_cannot_be_used_is_said(rep: User, client_of: ClientOf, make_customer: MakeCustomer) -> None:
    make_customer(rep)
    page = client_of(rep).get(f"{URL}?foo=1&sort=foo").content.decode()
    assert "不认识的条件“foo”" in page
    assert "不能按“foo”排序" in page
    refused = client_of(rep).get(f"{URL}?industry=量子咨询")
    assert "行业表里没有“量子咨询”" in refused.content.decode()
    assert refused.context["rows"] == []  # not the whole list, as if it had been understood


def test_owner_out_of_reach_is_refused(
    manager: User, outsider: User, client_of: ClientOf, make_customer: MakeCustomer
) -> None:
    make_customer(outsider)
    make_customer(manager)
    answer = client_of(manager).get(f"{URL}?owner={outsider.pk}")
    assert "不在你能分配的范围里" in answer.content.decode()
    assert answer.context["rows"] == []


@pytest.mark.slow
@pytest.mark.parametrize("sort", [sign + name for name in SORTS for sign in ("", "-")])
def test_pages_show_every_customer_once(
    sort: str, rep: User, client_of: ClientOf, make_customer: MakeCustomer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kebu.crm.customers.views.PAGE_SIZE", 3)
    day = timezone.localdate()
    for number in range(8):
        values = {"grade": "AB"[number % 2], "region": "320500", "first_contact_on": day, "industry": "C34"}
        make_customer(rep, name=f"客户{number}", **(values if number % 3 else {}))
    client, seen, cursor = client_of(rep), [], ""
    while True:
        page = client.get(f"{URL}?sort={sort}&cursor={cursor}", headers=HTMX).context["page"]
        seen += [row.pk for row in page.items]
        cursor = page.next_cursor
        if not cursor:
            break
    assert len(seen) == len(set(seen)) == 8


def test_blank_grades_come_last(rep: User, client_of: ClientOf, make_customer: MakeCustomer) -> None:
    for grade in ("", "B", "A"):
        make_customer(rep, name=f"客户{grade}", grade=grade)
    client = client_of(rep)
    assert names(client, "?sort=grade") == ["客户A", "客户B", "客户"]
    assert names(client, "?sort=-grade") == ["客户B", "客户A", "客户"]


def test_stages_and_types_sort_in_the_order_of_the_work(
    rep: User, client_of: ClientOf, make_customer: MakeCustomer, django_assert_max_num_queries: Any
) -> None:
    way = [term.pk for term in Term.objects.filter(kind=TermKind.STAGE).order_by("order")]
    Term.objects.filter(pk__in=way[:-1]).update(
        order=F("order") + 100
    )  # the office puts the last first: keys say nothing
    for directory in ("staff", *TermKind.values, "industries"):
        touch(directory)  # as work does: names are remembered from the second page on
    for place in (2, 0, 1, -1):
        make_customer(rep, name=f"阶段{place}", stage=way[place])
    make_customer(rep, name="没有阶段")
    client = client_of(rep)
    names(client)  # the directories are remembered now
    with django_assert_max_num_queries(15):
        assert names(client, "?sort=stage") == ["阶段-1", "阶段0", "阶段1", "阶段2", "没有阶段"]
    assert names(client, "?sort=-stage") == ["阶段2", "阶段1", "阶段0", "阶段-1", "没有阶段"]
    for number, kind in enumerate(("won", "lost", "prospect")):
        make_customer(rep, name=f"{number}{kind}", customer_type=kind)
    assert names(client, "?sort=-customer_type")[:3] == ["1lost", "0won", "2prospect"]


def test_statements_do_not_grow_with_rows(
    manager: User,
    rep: User,
    client_of: ClientOf,
    make_customer: MakeCustomer,
    django_assert_max_num_queries: Any,
) -> None:
    for _ in range(30):
        make_customer(rep)
    client = client_of(manager)
    for directory in ("staff", *TermKind.values, "industries"):
        touch(directory)  # as work does: names are remembered from the second page on
    client.get(URL)
    with django_assert_max_num_queries(15):
        assert len(names(client, "?view=team&q=澄岳")) == 30
    with django_assert_max_num_queries(15):
        client.get(f"{URL}tabs/", headers=HTMX)


def test_fragment_brings_rows_sentence_and_chips(
    rep: User, client_of: ClientOf, make_customer: MakeCustomer
) -> None:
    make_customer(rep, name="海纳科技有限公司")
    answer = client_of(rep).get(f"{URL}?q=海纳&sort=", headers=HTMX)
    text = answer.content.decode()
    assert "<html" not in text
    assert answer["HX-Push-Url"] == f"{URL}?q={quote('海纳')}"
    for part in ("customer-list", "sentence", "chips", "standing", "bulk"):
        assert f'id="{part}"' in text
    assert text.count("hx-swap-oob") == 4


def test_archived_stay_out_of_the_list_and_stand_in_the_archive(
    rep: User, mate: User, client_of: ClientOf, make_customer: MakeCustomer
) -> None:
    gone = make_customer(rep, name="旧客户有限公司")
    make_customer(mate, name="别人的旧客户")
    client = client_of(rep)
    client.post(f"{URL}{gone.number}/archival/")
    assert names(client) == []
    assert [row.name for row in client.get(f"{URL}archive/").context["rows"]] == ["旧客户有限公司"]
    assert [row.name for row in client.get(f"{URL}archive/?q=jkh").context["rows"]] == ["旧客户有限公司"]
    assert not client.get(f"{URL}archive/?q=没有").context["rows"]
    assert not client_of(mate).get(f"{URL}archive/").context["rows"]


def test_days_offer_only_what_makes_sense(rep: User, client_of: ClientOf) -> None:
    page = client_of(rep).get(f"{URL}conditions/?created_at=overdue")
    offered = {g.name: [o.label for o in g.options] for g in page.context["groups"] if g.shape == "days"}
    assert offered["next_follow_up_at"] == ["已逾期", "今天", "7天内", "没有填"]
    assert offered["last_contact_at"] == ["今天", "近7天", "近30天", "近3个月", "30天未联系", "没有填"]
    assert offered["created_at"] == [*offered["last_contact_at"][:-2], "30天以前", "已逾期"]  # an old address


def test_a_municipality_is_said_once(rep: User, client_of: ClientOf, make_customer: MakeCustomer) -> None:
    make_customer(rep, region="110105")
    assert "地区是<b>北京市</b>" in client_of(rep).get(f"{URL}?region=110100").content.decode()
    region = CUSTOMER_FIELDS["region"].kind
    for code in ("110100", "110105", "320500"):
        assert region.parse(region.show(code, Context()), Context()) == code


@pytest.mark.parametrize("most", [0.01, 1.1])
def test_very_many_matches_are_counted_as_far_as_is_told(
    most: float, rep: User, mate: User, manager: User, outsider: User, admin: User,
    client_of: ClientOf, make_customer: MakeCustomer, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """However the newest matches are counted: by the labels of the search, by an index or row by row."""
    for number, owner in enumerate([rep, mate, outsider, rep, mate, rep, outsider]):
        make_customer(owner, name=f"苏州{number}公司")
    for row in Customer.objects.filter(owner=mate):
        assert row.archive(by=Author(admin.pk, admin.name, Door.PAGE), at=timezone.now())
    monkeypatch.setattr("kebu.base.search.index.SOME", 3)
    monkeypatch.setattr("kebu.base.search.index.MOST", most)
    monkeypatch.setattr("kebu.base.search.shares.SHORTEST", 1)
    for cap in (1, 2, 3, 4, 5):
        monkeypatch.setattr("kebu.crm.customers.tabs.NARROWED_CAP", cap)
        seen = ((rep, "mine", 3), (manager, "team", 3), (manager, "mine", 0), (admin, "team", 5))
        for who, view, found in (*seen, (outsider, "mine", 2)):
            told = client_of(who).get(f"{URL}?view={view}&q=苏州").context["count"]
            assert str(told) == (f"{cap}+" if found > cap else str(found))
