"""Giving away and archiving from the list: all or nothing, within one's rights, and back again."""

import json
from typing import Any

import pytest
from django.utils import timezone

from kebu.base.fields.directories import Context
from kebu.base.journal.authors import Author
from kebu.base.journal.models import JournalEntry
from kebu.crm.customers.actions import change_customer, mark_unknown
from kebu.crm.customers.models import INDEX, Customer
from kebu.office.staff.models import User
from tests.cast import ClientOf, MakeCustomer, MakeUser

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
ASSIGN, ARCHIVE = "/customers/assignment/", "/customers/archivals/"


def ids(*customers: Customer) -> str:
    return ",".join(str(customer.pk) for customer in customers)


def told(answer: Any) -> dict[str, str]:
    """The toast of an answer."""
    toast: dict[str, str] = json.loads(answer["HX-Trigger"])["toast"]
    return toast


def owners() -> set[int | None]:
    return set(Customer.objects.values_list("owner_id", flat=True))


def test_assign_and_take_back(
    manager: User, rep: User, mate: User, client_of: ClientOf, make_customer: MakeCustomer
) -> None:
    first, second = make_customer(rep, name="海纳有限公司"), make_customer(mate)
    client = client_of(manager)
    answer = client.post(ASSIGN, {"ids": ids(first, second), "owner": mate.pk}, headers=HTMX)
    assert answer.status_code == 204
    assert told(answer)["text"] == "已把1个客户分配给林知遥"  # the other was his already
    assert owners() == {mate.pk}
    assert INDEX.find("海纳", labels=[f"o{mate.pk}"]) == [first.pk]
    undone = client.post(told(answer)["undo"], headers=HTMX)
    assert told(undone)["text"] == "已撤销，1个客户恢复原样"
    assert Customer.objects.get(pk=first.pk).owner_id == rep.pk
    assert (
        list(JournalEntry.objects.filter(action="assign").values_list("record_id", flat=True))
        == [first.pk] * 2
    )


def test_undo_leaves_what_somebody_changed_since(
    manager: User, rep: User, mate: User, admin: User, client_of: ClientOf, make_customer: MakeCustomer
) -> None:
    customer = make_customer(rep)
    answer = client_of(manager).post(ASSIGN, {"ids": ids(customer), "owner": mate.pk}, headers=HTMX)
    client_of(admin).post(ASSIGN, {"ids": ids(customer), "owner": admin.pk}, headers=HTMX)
    undone = client_of(manager).post(told(answer)["undo"], headers=HTMX)
    assert told(undone)["text"] == "已撤销，0个客户恢复原样，1个没有动"
    assert owners() == {admin.pk}


def test_only_the_doer_takes_back(
    manager: User, rep: User, mate: User, client_of: ClientOf, make_customer: MakeCustomer
) -> None:
    customer = make_customer(rep)
    answer = client_of(manager).post(ASSIGN, {"ids": ids(customer), "owner": mate.pk}, headers=HTMX)
    assert client_of(rep).post(told(answer)["undo"]).status_code == 404
    assert client_of(manager).get(told(answer)["undo"]).status_code == 405
    assert owners() == {mate.pk}


def test_dialog_asks_for_whom(
    manager: User, rep: User, client_of: ClientOf, make_customer: MakeCustomer
) -> None:
    customer = make_customer(rep)
    answer = client_of(manager).post(ASSIGN, {"ids": ids(customer), "step": "ask"}, headers=HTMX)
    assert answer.status_code == 200
    text = answer.content.decode()
    assert f'name="ids" value="{customer.pk}"' in text
    assert rep.name in text
    assert owners() == {rep.pk}


@pytest.mark.parametrize("owner", ["", "x", "999999", "outsider", "gone"])
def test_assign_only_to_those_one_may(
    owner: str, manager: User, rep: User, outsider: User, make_user: MakeUser,
    client_of: ClientOf, make_customer: MakeCustomer,
) -> None:  # fmt: skip
    gone = make_user("gone", "离职员工", "sales", is_active=False)
    to = {"outsider": str(outsider.pk), "gone": str(gone.pk)}.get(owner, owner)
    customer = make_customer(rep)
    answer = client_of(manager).post(ASSIGN, {"ids": ids(customer), "owner": to}, headers=HTMX)
    assert answer.status_code == 422
    assert owners() == {rep.pk}


def test_sales_may_not_assign(
    rep: User, mate: User, client_of: ClientOf, make_customer: MakeCustomer
) -> None:
    customer = make_customer(rep)
    assert client_of(rep).post(ASSIGN, {"ids": ids(customer), "owner": mate.pk}).status_code == 403
    assert owners() == {rep.pk}


def test_one_hidden_customer_refuses_all(
    manager: User, rep: User, outsider: User, client_of: ClientOf, make_customer: MakeCustomer
) -> None:
    mine, hidden = make_customer(rep), make_customer(outsider)
    answer = client_of(manager).post(ASSIGN, {"ids": ids(mine, hidden), "owner": manager.pk}, headers=HTMX)
    assert answer.status_code == 404
    assert owners() == {rep.pk, outsider.pk}
    assert client_of(rep).post(ARCHIVE, {"ids": ids(mine, hidden)}).status_code == 404
    assert Customer.objects.live().count() == 2


@pytest.mark.parametrize("text", ["", ",", "x", "1;2", "-1", "9" * 40, "\x00"])
def test_nothing_picked_is_said(text: str, manager: User, client_of: ClientOf) -> None:
    for url in (ASSIGN, ARCHIVE):
        answer = client_of(manager).post(url, {"ids": text, "owner": manager.pk}, headers=HTMX)
        assert answer.status_code == 422
        assert told(answer)["text"] == "还没有选客户，先勾选再操作"


def test_archive_and_take_back(rep: User, client_of: ClientOf, make_customer: MakeCustomer) -> None:
    first, second = make_customer(rep), make_customer(rep)
    client = client_of(rep)
    answer = client.post(ARCHIVE, {"ids": ids(first, second)}, headers=HTMX)
    assert told(answer)["text"] == "已归档2个客户"
    assert not Customer.objects.live().exists()
    again = client.post(ARCHIVE, {"ids": ids(first, second)}, headers=HTMX)
    assert told(again) == {"text": "选的客户已经归档了"}
    client.post(told(answer)["undo"], headers=HTMX)
    assert Customer.objects.live().count() == 2


def test_all_of_the_filter(rep: User, client_of: ClientOf, make_customer: MakeCustomer) -> None:
    for grade in "AAB":
        make_customer(rep, grade=grade)
    client_of(rep).post(f"{ARCHIVE}?grade=A", {"ids": "", "scope": "all"}, headers=HTMX)
    assert list(Customer.objects.live().values_list("grade", flat=True)) == ["B"]


def test_too_many_ticks_are_refused(
    rep: User, client_of: ClientOf, make_customer: MakeCustomer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kebu.crm.customers.selections.MOST_PICKED", 2)
    made = [make_customer(rep) for _ in range(3)]
    answer = client_of(rep).post(ARCHIVE, {"ids": ids(*made)}, headers=HTMX)
    assert answer.status_code == 422
    assert told(answer)["text"] == "一次最多勾选2个客户，再多请用“选中全部”"
    assert Customer.objects.live().count() == 3


def test_seen_but_not_mine_to_archive(
    manager: User, rep: User, client_of: ClientOf, make_customer: MakeCustomer
) -> None:
    own, other = make_customer(manager), make_customer(rep)
    client = client_of(manager)
    assert client.post(ARCHIVE, {"ids": ids(own, other)}, headers=HTMX).status_code == 403
    assert client.post(f"/customers/{other.number}/archival/", headers=HTMX).status_code == 403
    assert Customer.objects.live().count() == 2


def test_one_customer_away_and_back(
    rep: User, mate: User, auditor: User, client_of: ClientOf, make_customer: MakeCustomer
) -> None:
    customer = make_customer(rep)
    away, back = f"/customers/{customer.number}/archival/", f"/customers/{customer.number}/restoral/"
    for url in (away, back):
        assert client_of(mate).post(url).status_code == 404
        assert client_of(auditor).post(url).status_code == 403
        assert client_of(rep).get(url).status_code == 405
    assert Customer.objects.live().exists()
    client = client_of(rep)
    answer = client.post(away, headers=HTMX)
    assert told(answer) == {"text": f"已归档{customer.name}", "undo": back}
    assert not Customer.objects.live().exists()
    client.post(back, headers=HTMX)
    assert Customer.objects.live().exists()
    client.post(away)
    assert client.delete(away).status_code == 302
    assert Customer.objects.live().exists()


def test_a_thousand_go_in_chunks_and_come_back(
    manager: User, rep: User, mate: User, client_of: ClientOf, make_customer: MakeCustomer,
    monkeypatch: pytest.MonkeyPatch, django_assert_max_num_queries: Any,
) -> None:  # fmt: skip
    for _ in range(14):
        make_customer(rep)
    own, noted = make_customer(manager), make_customer(rep)
    mark_unknown(noted, "owner", is_unknown=True, by=Author.system(), at=timezone.now())
    client = client_of(manager)
    with django_assert_max_num_queries(60):  # sixteen customers, changed one by one, would need 150
        answer = client.post(f"{ASSIGN}?view=team", {"scope": "all", "owner": mate.pk}, headers=HTMX)
    assert told(answer)["text"] == "已把16个客户分配给林知遥"
    assert len(told(answer)["undo"]) < 200  # fits a header, however many they are
    assert owners() == {mate.pk}
    assert Customer.objects.get(pk=noted.pk).unknown_fields == []
    change_customer(
        own, {"remark": "后来"}, version=2, by=Author.system(), at=timezone.now(), context=Context()
    )
    monkeypatch.setattr("kebu.crm.customers.mass_edit.CHUNK", 5)
    undone = client.post(told(answer)["undo"], headers=HTMX)
    assert told(undone)["text"] == "已撤销，16个客户恢复原样"
    assert Customer.objects.filter(owner=rep).count() == 15
    assert Customer.objects.get(owner=manager).remark == "后来"


def test_all_of_a_long_list_can_be_picked(
    rep: User, client_of: ClientOf, make_customer: MakeCustomer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kebu.crm.customers.views.PAGE_SIZE", 2)
    for _ in range(3):
        make_customer(rep)
    page = client_of(rep).get("/customers/").content.decode()
    assert "选中全部3个" in page
    assert 'data-total="3"' in page
