"""Roles go when nobody holds them, and the shipped ones come back."""

import pytest
from django.test import Client
from django.utils import timezone

from kebu.base.journal.authors import Author
from kebu.base.journal.choices import Action
from kebu.base.journal.models import JournalEntry
from kebu.office.staff.actions import Refused, remove_role
from kebu.office.staff.models import Role, User
from kebu.office.staff.queries import SHIPPED_ROLES
from tests.cast import ClientOf, MakeUser

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def office(admin: User, client_of: ClientOf) -> Client:
    return client_of(admin)


def test_removed_when_nobody_holds_it(office: Client) -> None:
    role = Role.objects.create(name="实习")
    path = f"/settings/roles/{role.pk}/removal/"
    assert "没有人是这个角色" in office.get(path, headers=HTMX).content.decode()
    answer = office.post(path, headers=HTMX)
    assert (answer.status_code, "dialog-close" in answer.headers["HX-Trigger"]) == (204, True)
    assert not Role.objects.filter(pk=role.pk).exists()
    entry = JournalEntry.objects.get(kind="role")
    assert (entry.action, entry.record_name, entry.author_name) == (Action.DELETE, "实习", "管理员")


def test_refused_with_the_names_of_the_holders(office: Client, rep: User, make_user: MakeUser) -> None:
    for number in range(6):
        make_user(f"user{number}", f"员工{number}", "sales")
    User.objects.filter(pk=rep.pk).update(is_active=False)  # who may come back holds it too
    role = Role.objects.get(code="sales")
    path = f"/settings/roles/{role.pk}/removal/"
    page = office.get(path).content.decode()
    assert "员工0、员工1、员工2、员工3、员工4等7人" in page
    assert "btn-danger" not in page
    answer = office.post(path, headers=HTMX)
    assert answer.status_code == 409
    assert Role.objects.filter(pk=role.pk).exists()


def test_the_administrators_role_stays(office: Client) -> None:
    role = Role.objects.get(code="admin")
    assert office.post(f"/settings/roles/{role.pk}/removal/", headers=HTMX).status_code == 409
    User.objects.all().delete()
    with pytest.raises(Refused):
        remove_role(role, by=Author.system(), at=timezone.now())


def test_shipped_roles_come_back(office: Client) -> None:
    for code in ("service", "auditor"):
        office.post(f"/settings/roles/{Role.objects.get(code=code).pk}/removal/")
    Role.objects.create(name="审计员")
    assert "删掉的预置角色：客服人员、审计员" in office.get("/settings/roles/").content.decode()
    assert office.post("/settings/roles/restoral/").status_code == 302
    back = Role.objects.get(code="service")
    shipped = next(one for one in SHIPPED_ROLES if one.code == "service").values()
    assert {name: getattr(back, name) for name in shipped} == shipped
    assert Role.objects.get(code="auditor").name == "审计员（预置）"
    assert JournalEntry.objects.filter(kind="role", action=Action.CREATE).count() == 2
    assert "删掉的预置角色" not in office.get("/settings/roles/").content.decode()
    office.post("/settings/roles/restoral/")
    assert Role.objects.exclude(code=None).count() == len(SHIPPED_ROLES)
