"""Pages of the lists: who may, what happens, what is refused."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from kebu.base.fields.directories import Context
from kebu.base.journal.models import JournalEntry
from kebu.office.staff.models import User
from kebu.office.vocabulary.choices import TermKind
from kebu.office.vocabulary.fields import TermField
from kebu.office.vocabulary.models import Industry, Term
from tests.cast import ClientOf, MakeCustomer

HTMX = {"HX-Request": "true"}
Guard = Callable[[], AbstractContextManager[None]]
PAGES = (
    "/dictionaries/",
    "/dictionaries/new/?kind=source",
    "/dictionaries/industries/",
    "/dictionaries/industries/edition/",
    "/dictionaries/industries/C39/",
)


@pytest.fixture
def office(admin: User, client_of: ClientOf) -> Client:
    return client_of(admin)


@pytest.fixture
def fair() -> Term:
    return Term.objects.get(code="exhibition")


@pytest.mark.parametrize("url", PAGES)
def test_pages_open_and_write_nothing(office: Client, read_only: Guard, url: str) -> None:
    with read_only():
        assert office.get(url).status_code == 200
        assert office.get(url, headers=HTMX).status_code == 200


@pytest.mark.parametrize("url", PAGES)
def test_only_those_who_may(manager: User, client_of: ClientOf, url: str) -> None:
    assert client_of(manager).get(url).status_code == 403
    assert Client().get(url).status_code == 302


def test_few_statements(
    office: Client, django_assert_max_num_queries: Callable[[int], AbstractContextManager[None]]
) -> None:
    with django_assert_max_num_queries(9):
        office.get("/dictionaries/industries/")


def test_new_term_can_be_read_at_once(office: Client) -> None:
    Context().directory(TermKind.SOURCE.value)
    data = {"name": "行业协会", "aliases": "协会推荐、商会\n协会", "is_active": "on"}
    answer = office.post("/dictionaries/new/?kind=source", data, headers=HTMX)
    assert answer.status_code == 204
    term = Term.objects.get(name="行业协会")
    assert term.aliases == ["协会推荐", "商会", "协会"]
    assert TermField(TermKind.SOURCE).parse("商会", Context()) == term.pk
    entry = JournalEntry.objects.get(kind="term")
    assert (entry.record_id, entry.changes["name"]) == (term.pk, [None, "行业协会"])


def test_spelling_of_another_term_is_refused(office: Client, fair: Term) -> None:
    answer = office.post(
        "/dictionaries/new/?kind=source", {"name": "会展", "aliases": "行业展会", "is_active": "on"}
    )
    assert answer.status_code == 422
    assert "“行业展会”已经指“展会”" in answer.content.decode()
    answer = office.post("/dictionaries/new/?kind=source", {"name": "展 会"})
    assert answer.status_code == 422
    assert not Term.objects.exclude(pk=fair.pk).filter(name__in=["会展", "展会"]).exists()


def test_switched_off_is_not_offered_and_stays_readable(
    office: Client, fair: Term, rep: User, make_customer: MakeCustomer
) -> None:
    customer = make_customer(rep, source=fair.pk)
    office.post(f"/dictionaries/{fair.pk}/", {"name": "展会", "aliases": ""})
    field = TermField(TermKind.SOURCE)
    assert fair.pk not in dict(field.choices(Context()))
    customer.refresh_from_db()
    assert field.show(customer.source_id, Context()) == "展会"


def test_same_values_write_no_journal(office: Client, fair: Term) -> None:
    data = {"name": fair.name, "aliases": "、".join(fair.aliases), "is_active": "on"}
    office.post(f"/dictionaries/{fair.pk}/", data)
    assert not JournalEntry.objects.exists()


def test_order(office: Client, fair: Term) -> None:
    names = Term.objects.filter(kind="source").order_by("order").values_list("name", flat=True)
    first = list(names[:3])
    office.post(f"/dictionaries/{fair.pk}/position/", {"to": "down"})
    assert list(names[:3]) == [first[1], first[0], first[2]]
    office.post(f"/dictionaries/{fair.pk}/position/", {"to": "up"})
    office.post(f"/dictionaries/{fair.pk}/position/", {"to": "up"})
    assert list(names[:3]) == first
    assert office.get(f"/dictionaries/{fair.pk}/position/").status_code == 405


def test_alias_of_an_industry(office: Client) -> None:
    answer = office.post("/dictionaries/industries/C39/", {"aliases": "电子、玩具无人机", "is_active": "on"})
    assert answer.status_code == 302
    assert Context().directory("industries").find("玩具无人机") == "C39"
    assert "玩具无人机" in office.get("/dictionaries/industries/?q=无人机").content.decode()


@pytest.mark.parametrize("url", ["/dictionaries/99999/", "/dictionaries/industries/Z99/"])
def test_absent_is_404(office: Client, url: str) -> None:
    assert office.get(url).status_code == 404


@pytest.mark.parametrize("query", ["?kind=", "?kind=x", "?kind=source'", "?q=" + "长" * 300])
def test_odd_addresses_are_answered(office: Client, query: str) -> None:
    assert office.get("/dictionaries/" + query).status_code == 200
    assert office.get("/dictionaries/industries/" + query).status_code == 200


def test_bad_edition_is_refused(office: Client) -> None:
    before = Industry.objects.count()
    for content in (b"", b"\x89PNG\r\n", "code,name\nC,制造业\nXX,错\n".encode(), "甲,乙\n1,2\n".encode()):
        file = SimpleUploadedFile("a.csv", content)
        answer = office.post("/dictionaries/industries/edition/", {"edition": "2030", "file": file})
        assert answer.status_code == 422
    assert Industry.objects.count() == before
