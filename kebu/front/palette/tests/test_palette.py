"""The command box: found by name, pinyin, phone and number; nothing that is not to be seen."""

import json
import re
from html import unescape

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from kebu.office.staff.models import Role, User
from tests.cast import ClientOf, MakeCustomer

pytestmark = pytest.mark.django_db


@pytest.fixture
def known(rep: User, make_customer: MakeCustomer) -> None:
    contact = {"name": "单桂静", "title": "采购经理", "phone": "+8613912345678"}
    make_customer(owner=rep, name="嘉兴海霓科技有限公司", contacts=[contact])


def hits(user: User, client_of: ClientOf, query: str, **more: str) -> str:
    answer = client_of(user).get("/search/", {"q": query, **more})
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.usefixtures("known")
@pytest.mark.parametrize(
    ("query", "mark"),
    [
        ("海霓", "<mark>海霓</mark>"),
        ("hnkj", "<mark>海霓科技</mark>"),
        ("haini", "<mark>海霓</mark>"),
        ("单桂", "<mark>单桂静</mark>"),
        ("shangui", "<mark>单桂静</mark>"),
        ("3456", "<mark>139 1234 5678</mark>"),
        ("霓", "<mark>霓</mark>"),
    ],
)
def test_found_with_the_reason(rep: User, client_of: ClientOf, query: str, mark: str) -> None:
    text = hits(rep, client_of, query)
    assert "CUS" in text
    assert mark in text


@pytest.mark.usefixtures("known")
def test_only_what_one_may_see(outsider: User, manager: User, auditor: User, client_of: ClientOf) -> None:
    assert "CUS" not in hits(outsider, client_of, "海霓")
    assert "CUS" in hits(manager, client_of, "海霓")
    assert "CUS" not in hits(auditor, client_of, "海霓")


def test_commands_by_pinyin_and_permission(rep: User, admin: User, client_of: ClientOf) -> None:
    assert "新建客户" in hits(rep, client_of, "xjkh")
    assert "<mark>导入</mark>客户" in hits(rep, client_of, "daoru")
    assert "/settings/" not in hits(rep, client_of, "角色")
    assert 'data-href="/settings/roles/"' in hits(admin, client_of, "js")
    assert 'data-href="/settings/roles/"' in hits(admin, client_of, "权限")
    for words, page in (
        ("应收款", "/key-dates/"),
        ("hk", "/key-dates/"),
        ("领取", "/pool/"),
        ("挽回", "/churn/"),
        ("增购", "/purchases/"),
    ):
        assert f'data-href="{page}"' in hits(rep, client_of, words)


@pytest.mark.parametrize("query", ["<script>", "'", '"*', "%", "a" * 500, "()"])
def test_odd_queries(rep: User, client_of: ClientOf, query: str) -> None:
    assert "<script>" not in hits(rep, client_of, query)


@pytest.mark.usefixtures("known")
def test_statements(
    rep: User, client_of: ClientOf, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = client_of(rep)
    with django_assert_max_num_queries(11):
        client.get("/search/", {"q": "海霓"})


def test_names_that_begin_so_come_first(rep: User, client_of: ClientOf, make_customer: MakeCustomer) -> None:
    for name in (
        "方圆电子有限公司",
        "北京方佑电子集团有限公司",
        "厦门鼎峰源股份有限公司",
        "无锡金方佑商贸有限公司",
    ):
        make_customer(owner=rep, name=name)
    text = hits(rep, client_of, "fy")
    places = [text.index(words) for words in ("北京", "圆</mark>", "无锡", "厦门")]
    assert places == sorted(places)


@pytest.mark.slow
def test_the_pages_offered_are_those_that_open(
    rep: User, admin: User, auditor: User, client_of: ClientOf
) -> None:
    for user in (rep, admin, auditor):
        client = client_of(user)
        text = client.get("/search/", {"q": ">"}).content.decode()
        urls = re.findall(r'data-(?:href|sheet)="([^"]+)"', text)
        assert len(urls) > 4
        for url in urls:
            assert client.get(unescape(url)).status_code == 200, url


def test_actions_on_the_customer_of_the_page(
    rep: User, manager: User, mate: User, outsider: User, client_of: ClientOf, make_customer: MakeCustomer
) -> None:
    customer = make_customer(rep, name="嘉兴海霓科技有限公司", grade="B")
    at = f"/customers/{customer.number}/history/"
    own = hits(rep, client_of, "", at=at)
    assert "对“嘉兴海霓科技有限公司”" in own
    assert {"记跟进", "编辑资料", "归档"} <= set(re.findall(r'k-cut">([^<]+)<', own))
    assert "分配" in hits(manager, client_of, "fenpei", at=at)
    assert "编辑资料" not in hits(manager, client_of, "bjzl", at=at)
    for stranger in (mate, outsider):
        assert "海霓" not in hits(stranger, client_of, "", at=at)

    line = re.search(r'data-post="([^"]+)" data-values="([^"]+)"', hits(rep, client_of, "A级", at=at))
    assert line is not None
    answer = client_of(rep).post(line[1], json.loads(unescape(line[2])), headers={"HX-Request": "true"})
    assert answer.status_code == 200
    customer.refresh_from_db()
    assert customer.grade == "A"


def test_what_is_closed_to_the_reader_is_no_action(
    rep: User, client_of: ClientOf, make_customer: MakeCustomer
) -> None:
    at = f"/customers/{make_customer(rep, name='嘉兴海霓科技有限公司', grade='B').number}/"
    Role.objects.update(field_rules={"customer.grade": "read_only", "customer.phone": "masked"})
    assert "客户分级改为" not in hits(rep, client_of, "A级", at=at)
    assert "tel:" not in hits(rep, client_of, "电话", at=at)


def test_nothing_is_marked_before_anything_is_typed(
    rep: User, client_of: ClientOf, make_customer: MakeCustomer
) -> None:
    person = {"name": "单桂静", "title": "采购经理"}
    make_customer(rep, [person], name="嘉兴海霓科技有限公司", next_follow_up_at=timezone.now())
    text = hits(rep, client_of, "")
    assert "海霓" in text
    assert "<mark>" not in text


def test_recent_is_what_one_may_still_see(
    rep: User, mate: User, client_of: ClientOf, make_customer: MakeCustomer
) -> None:
    own, others = (
        make_customer(rep, name="嘉兴海霓科技有限公司"),
        make_customer(mate, name="无锡溪岚轴承有限公司"),
    )
    paths = f"/imports/,/customers/{own.number}/,/customers/{others.number}/,/settings/roles/,//evil.example/"
    text = hits(rep, client_of, "", recent=paths)
    assert text.index("/imports/") < text.index(own.number)
    assert "溪岚" not in text
    assert "/settings/roles/" not in text
    assert "evil" not in text


@pytest.mark.usefixtures("known")
def test_contacts_actions_and_views_apart(rep: User, outsider: User, client_of: ClientOf) -> None:
    assert 'aria-label="联系人"' in hits(rep, client_of, "@单桂")
    assert 'aria-label="客户"' not in hits(rep, client_of, "@单桂")
    assert "CUS" not in hits(rep, client_of, "＞海霓")
    assert "采购经理" in hits(rep, client_of, "单桂静")
    assert "单桂静" not in hits(outsider, client_of, "单桂静").replace("“单桂静”", "").replace("新建", "")
    assert 'data-href="/customers/?view=overdue"' in hits(rep, client_of, "yuqi")


def test_a_name_that_nobody_has_can_be_entered_at_once(rep: User, client_of: ClientOf) -> None:
    url = re.search(r'data-sheet="(/customers/new/[^"]+)"', hits(rep, client_of, "绍兴若耶染整"))
    assert url is not None
    assert 'value="绍兴若耶染整"' in client_of(rep).get(unescape(url[1])).content.decode()
