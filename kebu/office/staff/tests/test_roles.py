"""Roles go when nobody holds them, and the shipped ones come back."""

import pytest
from django.test import Client
from django.utils import timezone

from kebu.base.access.choices import Permission
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


def typed(role: Role, **changes: str) -> dict[str, str]:
    """What the page of the role posts when only this was changed on it."""
    rules = {f"field-{key}": rule for key, rule in role.field_rules.items()}
    return {"name": role.name, "version": str(role.version), **role.grants, **rules, **changes}


def page_of(office: Client, path: str) -> str:
    return office.get(path).content.decode()


def test_removed_when_nobody_holds_it(office: Client) -> None:
    role = Role.objects.create(name="实习")
    path = f"/settings/roles/{role.pk}/removal/"
    assert "没有人是这个角色" in office.get(path, headers=HTMX).content.decode()
    assert office.post(path).status_code == 302
    assert not Role.objects.filter(pk=role.pk).exists()
    entry = JournalEntry.objects.get(kind="role")
    assert (entry.action, entry.record_name, entry.author_name) == (Action.DELETE, "实习", "管理员")


def test_refused_with_the_names_of_the_holders(office: Client, rep: User, make_user: MakeUser) -> None:
    for number in range(6):
        make_user(f"user{number}", f"员工{number}", "sales")
    User.objects.filter(pk=rep.pk).update(is_active=False)  # who may come back holds it too
    role = Role.objects.get(code="sales")
    path = f"/settings/roles/{role.pk}/removal/"
    page = page_of(office, path)
    assert "员工0、员工1、员工2、员工3、员工4等7人" in page
    assert "btn-danger" not in page
    assert "先给他们换角色" in office.post(path, follow=True).content.decode()
    assert Role.objects.filter(pk=role.pk).exists()


def test_the_administrators_role_stays(office: Client) -> None:
    role = Role.objects.get(code="admin")
    assert "不能删" in office.post(f"/settings/roles/{role.pk}/removal/", follow=True).content.decode()
    User.objects.all().delete()
    with pytest.raises(Refused):
        remove_role(role, by=Author.system(), at=timezone.now())


def test_the_page_tells_and_keeps_what_was_chosen(office: Client, rep: User, admin: User) -> None:
    role = Role.objects.get(code="manager")
    path = f"/settings/roles/{role.pk}/"
    assert "能看本部门及下级的客户，只能改自己的客户。" in page_of(office, path)
    form = typed(role, **{"customer.edit": "department", "field-customer.phone": "masked"})
    assert office.post(path, form).status_code == 302
    role.refresh_from_db()
    assert (role.grants["customer.edit"], role.field_rules) == ("department", {"customer.phone": "masked"})
    assert "只能改本部门的客户。" in page_of(office, path)
    assert "脱敏后才显示：客户的电话。" in page_of(office, path)
    changes = JournalEntry.objects.get(kind="role").changes
    assert changes == {"customer.edit": ["own", "department"], "customer.phone": [None, "masked"]}
    journal = page_of(office, "/journal/")
    assert "编辑客户" in journal
    assert "本人" in journal
    assert "客户：电话" in journal
    assert office.post(path, typed(role)).status_code == 302  # the same again is no change
    assert JournalEntry.objects.filter(kind="role").count() == 1


def test_rights_on_customers_want_the_right_to_look(office: Client) -> None:
    form = {"name": "盲改", "customer.edit": "all"}
    answer = office.post("/settings/roles/new/", form)
    assert (answer.status_code, "还要给“查看客户”" in answer.content.decode()) == (422, True)
    office.post("/settings/roles/new/", {"name": "管备份", "backup.manage": "on"})
    assert Role.objects.get(name="管备份").grants == {"backup.manage": "all"}


def test_two_at_the_same_role_overwrite_nothing_unseen(office: Client) -> None:
    role = Role.objects.get(code="sales")
    path, seen = f"/settings/roles/{role.pk}/", typed(role)
    office.post(path, {**seen, "customer.view": "department"})
    answer = office.post(path, {**seen, "customer.archive": "all"})
    page = answer.content.decode()
    assert (answer.status_code, "你打开之后，别人改过这个角色" in page) == (409, True)
    assert "查看客户：本部门 → 本人" in page
    assert 'name="version" value="2"' in page
    assert Role.objects.get(pk=role.pk).grants["customer.view"] == "department"
    assert office.post(path, {**seen, "version": "2"}).status_code == 302
    assert Role.objects.get(pk=role.pk).version == 3


def test_a_shipped_role_tells_what_it_gets_back(office: Client) -> None:
    role = Role.objects.get(code="marketing")
    path, shipped = f"/settings/roles/{role.pk}/", (role.grants, role.field_rules)
    office.post(
        path, typed(role, name="市场部", **{"customer.view": "own", "field-contact.phone": "visible"})
    )
    asked = office.get(f"{path}restoral/", headers=HTMX).content.decode()
    assert "会改2项" in asked
    assert '查看客户：<span class="k-dim">本人</span> → 全部' in asked
    assert "联系人：" in asked
    office.post(f"{path}restoral/", {"version": "1"})  # what was shown is not what stands there now
    assert Role.objects.get(pk=role.pk).grants["customer.view"] == "own"
    office.post(f"{path}restoral/", {"version": "2"})
    role.refresh_from_db()
    assert (role.name, (role.grants, role.field_rules)) == ("市场部", shipped)
    assert "现在就是预置的样子" in page_of(office, f"{path}restoral/")


def test_a_copy_allows_the_same_once_for_each_asking(office: Client) -> None:
    role = Role.objects.get(code="admin")
    for _time in range(2):
        office.post(f"/settings/roles/{role.pk}/copy/", {"submission": "once"})
    copy = Role.objects.get(name="管理员（副本）")
    assert copy.grants.keys() == {permission.value for permission in Permission}
    office.post(f"/settings/roles/{role.pk}/copy/", {"submission": "twice"})
    assert Role.objects.filter(name="管理员（副本2）").exists()


def test_somebody_always_manages_the_staff(office: Client, admin: User, rep: User) -> None:
    """Neither by a role that loses the right nor by a user who loses the role."""
    keeper = Role.objects.create(name="人事", grants={"staff.manage": "all"})
    admin.roles.set([keeper])
    path = f"/settings/roles/{keeper.pk}/"
    answer = office.post(path, {"name": "人事", "version": "1"})
    assert (answer.status_code, "没有人能管理员工和角色" in answer.content.decode()) == (422, True)
    assert Role.objects.get(pk=keeper.pk).grants == {"staff.manage": "all"}
    changed = {"name": "管理员", "username": "admin", "roles": [Role.objects.get(code="sales").pk]}
    assert office.post(f"/settings/users/{admin.pk}/", {**changed, "is_active": "on"}).status_code == 422
    rep.roles.add(Role.objects.get(code="admin"))
    assert office.post(path, {"name": "人事", "version": "1"}).status_code == 302


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
