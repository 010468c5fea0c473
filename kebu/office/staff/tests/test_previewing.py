"""以此角色查看: one sees what the role shows and no more than oneself; nothing can be changed meanwhile."""

from contextlib import AbstractContextManager
from typing import Protocol

import pytest
from django.test import Client

from kebu.base.access.choices import Permission
from kebu.base.journal.models import JournalEntry
from kebu.crm.customers.models import Customer
from kebu.office.staff.models import Role, User
from tests.cast import ClientOf, MakeCustomer, MakeUser

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


class Guard(Protocol):
    def __call__(self) -> AbstractContextManager[None]: ...


def look(client: Client, code: str, person: User | None = None) -> int:
    role = Role.objects.get(code=code)
    form = {"person": person.pk} if person else {}
    return client.post(f"/settings/roles/{role.pk}/preview/", form).status_code


def text_of(client: Client, path: str) -> str:
    return client.get(path).content.decode()


def test_as_a_person_with_the_role(
    admin: User,
    rep: User,
    mate: User,
    make_customer: MakeCustomer,
    client_of: ClientOf,
    read_only: Guard,
) -> None:
    mine, theirs = make_customer(rep), make_customer(mate)
    client = client_of(admin)
    assert look(client, "sales", rep) == 302
    with read_only():
        page = text_of(client, "/customers/")
        assert "正在当作周慕白、以角色“销售人员”查看，只能看，不能改" in page
        assert (mine.number in page, theirs.number in page) == (True, False)
        assert client.get(f"/customers/{theirs.number}/").status_code == 404
        refused = client.get("/settings/users/")
        assert (refused.status_code, "结束预览" in refused.content.decode()) == (403, True)
        assert "管理员" not in text_of(client, "/").partition("<main")[0].partition("k-preview")[0]
    other = client_of(admin)
    assert theirs.number in text_of(other, "/customers/")  # another session of his is not touched
    assert client.post("/preview/end/").status_code == 302
    assert theirs.number in text_of(client, "/customers/")
    told = JournalEntry.objects.filter(kind="preview").order_by("id")
    assert [(one.action, one.record_name, one.author_name) for one in told] == [
        ("create", "销售人员", "管理员"),
        ("delete", "销售人员", "管理员"),
    ]
    assert told[0].changes == {"person": [None, "周慕白"]}
    journal = text_of(client, "/journal/")
    assert "开始以角色查看" in journal


def test_what_a_person_keeps_for_himself_is_not_looked_at(
    admin: User, rep: User, make_customer: MakeCustomer, client_of: ClientOf
) -> None:
    make_customer(rep)
    client_of(rep).post("/views/new/?grade=A", {"name": "想挖走的几家", "audience": "personal"})
    client_of(rep).post("/segments/new/?grade=A", {"name": "想留住的几家", "audience": "personal"})
    assert "想挖走的几家" in text_of(client_of(rep), "/customers/")
    client = client_of(admin)
    assert look(client, "sales", rep) == 302
    for path in ("/customers/", "/segments/", "/views/"):
        assert "几家" not in text_of(client, path), path


def test_nothing_is_changed(
    admin: User, rep: User, make_customer: MakeCustomer, client_of: ClientOf, read_only: Guard
) -> None:
    customer, client = make_customer(rep), client_of(admin)
    look(client, "sales", rep)
    doors = [
        f"/customers/{customer.number}/archival/",
        f"/customers/{customer.number}/stage/",
        "/customers/new/",
    ]
    with read_only():
        for door in doors:
            for headers in ({}, HTMX):
                answer = client.post(door, {"stage": ""}, headers=headers)
                assert (answer.status_code, "预览时只能看，不能改" in answer.content.decode()) == (403, True)
        assert client.delete(doors[0]).status_code == 403
        for own in ("/me/", "/batches/", "/disputes/", "/disputes/1/", "/disputes/new/"):
            assert client.get(own).status_code == 403  # that person's own pages
    assert not Customer.objects.get(pk=customer.pk).is_archived


def test_ends_at_sign_out_and_with_the_right(admin: User, rep: User, client_of: ClientOf) -> None:
    client = client_of(admin)
    look(client, "auditor")
    assert "正在以角色“审计员”查看" in text_of(client, "/")
    assert client.post("/sign-out/").status_code == 302
    client.force_login(admin)
    assert "正在以角色" not in text_of(client, "/")
    look(client, "auditor")
    rep.roles.add(Role.objects.get(code="admin"))
    admin.roles.set(Role.objects.filter(code="sales"))
    assert "正在以角色" not in text_of(client, "/")
    assert client.post("/customers/archivals/").status_code == 422  # his own rights, and nothing chosen


def test_no_more_than_one_sees_oneself(
    rep: User, outsider: User, make_user: MakeUser, make_customer: MakeCustomer, client_of: ClientOf
) -> None:
    """Who manages the staff and sees his own customers sees no others by any role, nor as anybody else."""
    keeper = make_user("bai", "白芷")
    grants = {"staff.manage": "all", "customer.view": "own"}
    keeper.roles.set(
        [Role.objects.create(name="人事", grants=grants, field_rules={"customer.phone": "hidden"})]
    )
    make_customer(keeper, name="昆山知微有限公司", phone="+8613800139999")
    theirs, client = make_customer(rep), client_of(keeper)
    assert look(client, "admin", rep) == 404
    assert look(client, "admin") == 302
    page = text_of(client, "/customers/")
    assert ("昆山知微" in page, theirs.number in page) == (True, False)
    assert client.get("/journal/").status_code == 403
    assert keeper.field_rule("customer.phone") == "hidden"
    from kebu.office.staff.previewing import Preview, seen_as

    seen = seen_as(keeper, Preview(Role.objects.get(code="admin"), None, ""))
    assert seen.field_rule("customer.phone") == "hidden"
    assert seen.owner_ids(Permission.CUSTOMER_VIEW) == frozenset({keeper.pk})


def test_only_who_manages_the_staff(rep: User, client_of: ClientOf) -> None:
    client = client_of(rep)
    assert look(client, "admin") == 403
    assert client.post("/preview/end/").status_code == 302
    session = client.session
    session["preview"] = {"role": Role.objects.get(code="admin").pk, "person": None}
    session.save()
    assert client.get("/settings/users/").status_code == 403
