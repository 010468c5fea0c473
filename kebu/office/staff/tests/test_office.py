"""Users, departments and roles: who may, what follows, what is refused."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from kebu.base.journal.authors import Author
from kebu.base.journal.models import JournalEntry
from kebu.office.staff.actions import Refused, change_department, change_user
from kebu.office.staff.models import Department, Role, User
from tests.cast import ClientOf, MakeCustomer, MakeUser

pytestmark = pytest.mark.django_db
PAGES = ("users", "users/new", "departments", "departments/new", "roles", "roles/new")


@pytest.fixture
def office(admin: User, client_of: ClientOf) -> Client:
    return client_of(admin)


def user_form(user: User, **changes: Any) -> dict[str, Any]:
    form: dict[str, Any] = {
        "name": user.name,
        "username": user.username,
        "department": user.department_id or "",
        "roles": [role.pk for role in user.roles.all()],
        "password": "",
        "is_active": "on",
    }
    return {name: value for name, value in {**form, **changes}.items() if value is not None}


def test_somebody_by_his_key(admin: User, rep: User, mate: User, departments: dict[str, Department]) -> None:
    """Alone, among other conditions, and among the people of a department."""
    for user in (rep, mate):
        assert User.objects.get(pk=user.pk).name == user.name
    assert User.objects.get(pk=rep.pk, is_active=True) == rep
    place = rep.department
    assert place is not None
    assert place.members.get(pk=rep.pk) == rep
    other = next(one for one in departments.values() if one != place)
    for found in (other.members, User.objects.filter(name="")):
        with pytest.raises(User.DoesNotExist):
            found.get(pk=rep.pk)
    with pytest.raises(User.DoesNotExist):
        User.objects.get(pk=admin.pk + 10_000)


@pytest.mark.parametrize("address", PAGES)
def test_only_who_manages_staff(address: str, office: Client, rep: User, client_of: ClientOf) -> None:
    assert office.get(f"/settings/{address}/").status_code == 200
    assert client_of(rep).get(f"/settings/{address}/").status_code == 403
    assert Client().get(f"/settings/{address}/").status_code == 302


def test_without_permission_nothing_changes(rep: User, mate: User, client_of: ClientOf) -> None:
    answer = client_of(rep).post(f"/settings/users/{mate.pk}/", user_form(mate, name="改了"))
    mate.refresh_from_db()
    assert (answer.status_code, mate.name) == (403, "林知遥")


def test_hire(office: Client, departments: dict[str, Department]) -> None:
    form = {
        "name": "新人",
        "username": "Xin",
        "password": "tidy-harbour-9",
        "department": departments["销售一部"].pk,
        "roles": [Role.objects.get(code="sales").pk],
        "is_active": "on",
    }
    assert office.post("/settings/users/new/", form).status_code == 302
    user = User.objects.get(username="xin")
    assert user.check_password("tidy-harbour-9")
    assert user.scope == "own"
    assert JournalEntry.objects.get(kind="user").record_name == "新人"
    again = office.post("/settings/users/new/", form)
    assert (again.status_code, "已有人用" in again.content.decode()) == (422, True)


def test_promotion_takes_effect_at_the_next_request(
    office: Client, rep: User, mate: User, client_of: ClientOf, make_customer: MakeCustomer
) -> None:
    theirs = make_customer(owner=mate)
    client = client_of(rep)
    assert theirs.name not in client.get("/customers/").content.decode()
    office.post(f"/settings/users/{rep.pk}/", user_form(rep, roles=[Role.objects.get(code="manager").pk]))
    assert theirs.name in client.get("/customers/?view=team").content.decode()


def test_the_last_administrator_stays(office: Client, admin: User) -> None:
    for change in ({"is_active": None}, {"roles": [Role.objects.get(code="sales").pk]}):
        answer = office.post(f"/settings/users/{admin.pk}/", user_form(admin, **change))
        assert (answer.status_code, "最后一个管理员" in answer.content.decode()) == (422, True)
    admin.refresh_from_db()
    assert admin.is_active


def test_department_moves_with_everything_below(office: Client, departments: dict[str, Department]) -> None:
    head, first, second = departments["总部"], departments["销售一部"], departments["销售二部"]
    group = Department.objects.create(name="一组", parent=first, path="")
    Department.objects.filter(pk=group.pk).update(path=f"{first.path}{group.pk}/")
    office.post(f"/settings/departments/{first.pk}/", {"name": "销售一部", "parent": second.pk, "version": 1})
    group.refresh_from_db()
    assert group.path == f"/{head.pk}/{second.pk}/{first.pk}/{group.pk}/"


def test_department_never_below_itself(office: Client, departments: dict[str, Department]) -> None:
    head, first = departments["总部"], departments["销售一部"]
    assert (
        office.post(
            f"/settings/departments/{head.pk}/", {"name": "总部", "parent": first.pk, "version": 1}
        ).status_code
        == 422
    )


def test_two_change_a_department(office: Client, departments: dict[str, Department], rep: User) -> None:
    """The second is told what it is by now; what he saves after that is meant."""
    first, url = departments["销售一部"], f"/settings/departments/{departments['销售一部'].pk}/"
    assert 'name="version" value="1"' in office.get(url).content.decode()
    theirs = {"name": "华东组", "parent": departments["总部"].pk, "manager": rep.pk, "version": 1}
    assert office.post(url, theirs).status_code == 302
    mine = {"name": "直销部", "parent": departments["总部"].pk, "version": 1}
    refused = office.post(url, mine)
    page = refused.content.decode()
    assert refused.status_code == 409
    assert "现在是：华东组，上级总部，主管周慕白；确定用你的就再保存" in page
    assert 'value="直销部"' in page
    assert 'name="version" value="2"' in page
    first.refresh_from_db()
    assert (first.name, first.manager_id, first.version) == ("华东组", rep.pk, 2)
    assert office.post(url, mine | {"version": 2}).status_code == 302
    first.refresh_from_db()
    assert (first.name, first.manager_id, first.version) == ("直销部", None, 3)
    entries = JournalEntry.objects.filter(kind="department", record_id=first.pk)
    assert sorted(entries.values_list("version", flat=True)) == [2, 3]


def test_only_empty_departments_go(office: Client, rep: User, departments: dict[str, Department]) -> None:
    first, second = departments["销售一部"], departments["销售二部"]
    answer = office.post(f"/settings/departments/{first.pk}/removal/", headers={"HX-Request": "true"})
    assert answer.status_code == 409
    office.post(f"/settings/departments/{second.pk}/removal/")
    assert set(Department.objects.values_list("name", flat=True)) == {"总部", "销售一部"}


def test_role_changes_what_its_users_may(office: Client, rep: User, client_of: ClientOf) -> None:
    role = Role.objects.get(code="sales")
    form = {"name": "销售", "version": "1", "customer.view": "own"}
    assert office.post(f"/settings/roles/{role.pk}/", form).status_code == 302
    assert client_of(rep).get("/customers/new/").status_code == 403


def test_administrators_role_and_unknown_permissions_are_refused(office: Client) -> None:
    role = Role.objects.get(code="admin")
    form = {"name": "管理员"}
    assert office.post(f"/settings/roles/{role.pk}/", form).status_code == 422
    form = {"name": "新角色", "customer.view": "galaxy"}
    assert office.post("/settings/roles/new/", form).status_code == 422


def test_no_department_means_own(make_user: MakeUser, make_customer: MakeCustomer) -> None:
    """The trap: None must not match customers without owner or owners without department."""
    loner = make_user("du", "杜若", "manager", department=None)
    other = make_user("lv", "吕行", "sales", department=None)
    mine, theirs, nobodys = make_customer(owner=loner), make_customer(owner=other), make_customer()
    from kebu.crm.customers.models import Customer

    assert list(Customer.objects.visible_to(loner)) == [mine]
    assert theirs != nobodys


def test_tabs_are_those_one_may_open(mate: User, client_of: ClientOf) -> None:
    mate.roles.set([Role.objects.create(name="字典员", grants={"vocabulary.manage": "all"})])
    page = client_of(mate).get("/dictionaries/").content.decode()
    assert "/dictionaries/industries/" in page
    assert "/settings/users/" not in page


def test_settings_alone_lead_to_the_first_page_one_may_open(
    mate: User, rep: User, office: Client, client_of: ClientOf
) -> None:
    mate.roles.set([Role.objects.create(name="字典员", grants={"vocabulary.manage": "all"})])
    for client, page in ((office, "/settings/users/"), (client_of(mate), "/dictionaries/")):
        answer = client.get("/settings/")
        assert (answer.status_code, answer["Location"]) == (302, page)
        assert client.get(page).status_code == 200
    assert client_of(rep).get("/settings/").status_code == 403


def test_two_administrators_cannot_both_go(admin: User, make_user: MakeUser) -> None:
    """Both pages were open; the second demotion finds that it is the last."""
    second = make_user("fu", "傅一苇", "admin", department=None)
    by, sales = Author.system(), [Role.objects.get(code="sales")]
    change_user(admin, {"is_active": True}, sales, by=by, at=timezone.now())
    with pytest.raises(Refused):
        change_user(second, {"is_active": False}, second.roles.all(), by=by, at=timezone.now())


def test_moves_from_old_pages_make_no_ring(departments: dict[str, Department]) -> None:
    first, second = departments["销售一部"], departments["销售二部"]
    by, now = Author.system(), timezone.now()
    change_department(first, name="一", parent=second, version=1, by=by, at=now)
    with pytest.raises(Refused):
        change_department(second, name="二", parent=first, version=1, by=by, at=now)
    path = Department.objects.get(pk=first.pk).path
    assert path == f"{departments['总部'].path}{second.pk}/{first.pk}/"


@pytest.mark.parametrize("address", ["users", "departments", "roles"])
def test_statements_do_not_grow_with_the_rows(
    address: str,
    office: Client,
    make_user: MakeUser,
    django_assert_max_num_queries: Callable[[int], AbstractContextManager[None]],
) -> None:
    for number in range(12):
        make_user(f"user{number}", f"员工{number}", "sales", "service")
        Department.objects.create(name=f"部门{number}", path=f"/{900 + number}/")
    with django_assert_max_num_queries(10):
        office.get(f"/settings/{address}/")


@pytest.mark.parametrize(
    ("address", "form"),
    [
        ("users/new", {}),
        ("users/new", {"name": "x", "username": "a b", "password": "1", "department": "x", "roles": ["y"]}),
        ("users/new", {"name": "x", "username": "xu", "roles": ["9" * 30]}),
        ("departments/new", {"name": "", "parent": "99999"}),
        ("departments/new", {"name": "\x00", "parent": "x"}),
        ("roles/new", {"name": "x" * 100, "scope": "galaxy"}),
    ],
)
def test_bad_input_is_told(address: str, form: dict[str, Any], office: Client) -> None:
    assert office.post(f"/settings/{address}/", form).status_code == 422
    assert office.post(f"/settings/{address}/", form, headers={"HX-Request": "true"}).status_code == 422
