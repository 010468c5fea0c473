"""The command box: found by name, pinyin, phone and number; nothing that is not to be seen."""

import pytest
from pytest_django import DjangoAssertNumQueries

from kebu.office.staff.models import User
from tests.cast import ClientOf, MakeCustomer

pytestmark = pytest.mark.django_db


@pytest.fixture
def known(rep: User, make_customer: MakeCustomer) -> None:
    contact = {"name": "单桂静", "title": "采购经理", "phone": "+8613912345678"}
    make_customer(owner=rep, name="嘉兴海霓科技有限公司", contacts=[contact])


def hits(user: User, client_of: ClientOf, query: str) -> str:
    answer = client_of(user).get("/search/", {"q": query})
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
    assert "导入客户" in hits(rep, client_of, "daoru")
    assert "员工和角色" not in hits(rep, client_of, "员工")
    assert "员工和角色" in hits(admin, client_of, "员工")


@pytest.mark.parametrize("query", ["<script>", "'", '"*', "%", "a" * 500, "()"])
def test_odd_queries(rep: User, client_of: ClientOf, query: str) -> None:
    assert "<script>" not in hits(rep, client_of, query)


@pytest.mark.usefixtures("known")
def test_statements(
    rep: User, client_of: ClientOf, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = client_of(rep)
    with django_assert_max_num_queries(9):
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
