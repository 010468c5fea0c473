"""The customer page: what it shows, to whom, in how many statements, and its parts."""

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.html import strip_tags
from pytest_django.asserts import assertContains, assertNotContains
from pytest_django.fixtures import DjangoAssertNumQueries

from kebu.base.fields.directories import Context
from kebu.base.fields.models import touch
from kebu.base.journal.authors import Author
from kebu.base.journal.choices import Door
from kebu.crm.customers.actions import change_customer
from kebu.crm.customers.collaborators import Grant, let_in
from kebu.crm.files.actions import add_files, take
from kebu.crm.interactions.actions import log_interaction
from kebu.office.staff.models import User
from kebu.office.vocabulary.models import Term
from tests.cast import ClientOf, MakeCustomer

pytestmark = pytest.mark.django_db
REMEMBERED = ("staff", "source", "stage", "cadence", "workdays", "industries", "tags", "own_fields")
PARTS = ("panel", "head", "timeline", "older", "people", "follow")


def part(client: Client, url: str, target: str) -> Any:
    return client.get(url, headers={"HX-Request": "true", "HX-Target": target})


def test_shows_facts_people_and_history(
    rep: User, client_of: ClientOf, make_customer: MakeCustomer, read_only: Any
) -> None:
    stage = Term.objects.get(kind="stage", code="negotiation")
    customer = make_customer(
        rep, [{"name": "郑国栋", "title": "采购经理"}], need="内孔检测", stage=stage.pk, grade="A"
    )
    client = client_of(rep)
    with read_only():
        answer = client.get(customer.get_absolute_url())
    for text in (
        customer.name,
        customer.number,
        "郑国栋",
        "内孔检测",
        "新建客户",
        "没有下一步",
        "谈判",
        "资料",
    ):
        assertContains(answer, text)
    assertContains(answer, 'aria-current="step"', count=1)


def test_a_page_with_everything_needs_few_statements(
    rep: User,
    client_of: ClientOf,
    make_customer: MakeCustomer,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    customer = make_customer(rep, [{"name": f"联系人{n}", "birthday": "L--08-15"} for n in range(5)])
    by, now = Author.for_user(rep, Door.PAGE), timezone.now()
    for days in range(12):
        values = {"summary": f"第{days}次", "happened_at": now - timedelta(days=days)}
        contact = customer.contacts.first()
        log_interaction(customer, values, contact=contact, by=by, at=now, context=Context())
    client = client_of(rep)
    for directory in REMEMBERED:
        touch(directory)
    client.get(customer.get_absolute_url())  # directories with a stamp are read once per process
    with django_assert_max_num_queries(15):
        assert client.get(customer.get_absolute_url()).status_code == 200


def test_nor_does_that_of_a_supervisor_where_everything_hangs(
    rep: User,
    mate: User,
    manager: User,
    client_of: ClientOf,
    make_customer: MakeCustomer,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    """Files, somebody who takes part, edits of these days, follow-ups logged among them, stages gone by."""
    customer, by, now = (
        make_customer(rep, [{"name": "郑国栋"}]),
        Author.for_user(rep, Door.PAGE),
        timezone.now(),
    )
    for code in ("analysis", "proposal"):
        stage = Term.objects.filter(kind="stage", code=code).values_list("pk", flat=True).first()
        moved = {"stage": stage, "remark": code}
        change_customer(customer, moved, version=customer.version, by=by, at=now, context=Context())
    for days in range(3):
        at = now - timedelta(days=days)
        told = {
            "summary": f"第{days}次",
            "happened_at": at,
            "next_follow_up_at": now + timedelta(days=9 - days),
        }
        log_interaction(
            customer, told, contact=None, by=by, at=now + timedelta(minutes=days), context=Context()
        )
        customer.refresh_from_db()
    let_in([customer], Grant(mate.pk), by=by, at=now)
    add_files(customer, [take(BytesIO(b"%PDF-1.7"), "名片.pdf")], submission="x", by=by, at=now)
    client = client_of(manager)
    for directory in REMEMBERED:
        touch(directory)
    client.get(customer.get_absolute_url())
    with django_assert_max_num_queries(15):
        page = client.get(customer.get_absolute_url()).content.decode()
    assert mate.name in page
    assert "第2次" in page


def test_who_may_see_it(
    rep: User,
    mate: User,
    manager: User,
    outsider: User,
    auditor: User,
    client_of: ClientOf,
    make_customer: MakeCustomer,
) -> None:
    url = make_customer(rep).get_absolute_url()
    assert client_of(manager).get(url).status_code == 200
    assert client_of(mate).get(url).status_code == 404
    assert client_of(outsider).get(url).status_code == 404
    assert client_of(auditor).get(url).status_code == 403
    assert Client().get(url).status_code == 302
    assert client_of(rep).post(url).status_code == 405
    assert client_of(rep).get("/customers/CUS209901999/").status_code == 404


def test_a_reader_gets_no_means_of_changing(
    rep: User, manager: User, client_of: ClientOf, make_customer: MakeCustomer
) -> None:
    """A 主管 without the team's editing right sees the page, but nothing on it edits."""
    url = make_customer(rep).get_absolute_url()
    assertContains(client_of(rep).get(url), "data-edit=")
    answer = client_of(manager).get(url)
    assertNotContains(answer, "data-edit=")
    assertNotContains(answer, f"{url}edit/")
    assertNotContains(answer, 'name="stage"')


@pytest.mark.parametrize("target", PARTS)
def test_parts_come_alone(target: str, rep: User, client_of: ClientOf, make_customer: MakeCustomer) -> None:
    answer = part(client_of(rep), make_customer(rep).get_absolute_url(), target)
    assert answer.status_code == 200
    assertNotContains(answer, "<html")


def test_the_panel_carries_name_and_facts(
    rep: User, client_of: ClientOf, make_customer: MakeCustomer
) -> None:
    customer = make_customer(rep, need="内孔检测", next_follow_up_at=timezone.now() - timedelta(days=3))
    answer = part(client_of(rep), customer.get_absolute_url(), "panel")
    for text in (customer.name, "内孔检测", "逾期3天", "打电话"):
        assertContains(answer, text)


def test_a_text_of_a_customer_is_only_text(
    rep: User, client_of: ClientOf, make_customer: MakeCustomer
) -> None:
    customer = make_customer(rep, name="<b>粗</b>公司", need="<script>1</script>", remark="一\n<i>二</i>")
    for target in ("", "panel"):
        body = part(client_of(rep), customer.get_absolute_url(), target).content.decode()
        assert "<b>粗" not in body
        assert "<script>1" not in body
        assert "<i>二" not in body


def test_an_archived_customer_says_so(rep: User, client_of: ClientOf, make_customer: MakeCustomer) -> None:
    customer = make_customer(rep)
    customer.archive(by=Author.for_user(rep, Door.PAGE), at=timezone.now())
    answer = client_of(rep).get(customer.get_absolute_url())
    assertContains(answer, "归档了")
    assertContains(answer, f"{customer.get_absolute_url()}restoral/")


@pytest.mark.parametrize(("ago", "when"), [(0, "刚刚"), (3, "3天前"), (400, "")])
def test_who_archived_it_and_when_read_as_a_sentence(
    rep: User, client_of: ClientOf, make_customer: MakeCustomer, ago: int, when: str
) -> None:
    customer, at = make_customer(rep), timezone.now() - timedelta(days=ago)
    customer.archive(by=Author.for_user(rep, Door.PAGE), at=at)
    text = strip_tags(client_of(rep).get(customer.get_absolute_url()).content.decode())
    assert f"{rep.name}{when or timezone.localdate(at).isoformat()}归档了这个客户" in text
