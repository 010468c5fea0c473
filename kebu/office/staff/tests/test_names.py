"""Names of people: nobody becomes somebody else by what he calls himself."""

import pytest

from kebu.base.fields.directories import Context
from kebu.base.kit.errors import Unreadable
from kebu.crm.customers.models import Customer
from kebu.office.staff.fields import UserKind
from kebu.office.staff.models import Department, User
from tests.cast import ClientOf, MakeCustomer, MakeUser

pytestmark = pytest.mark.django_db
OWNER = UserKind()


@pytest.mark.parametrize("name", ["{}", " {} ", "０{}", "①", "1 2"])
def test_digits_alone_are_no_name(name: str, rep: User, mate: User, client_of: ClientOf) -> None:
    answer = client_of(rep).post("/me/", {"name": name.format(mate.pk)})
    assert (answer.status_code, "不能全是数字" in answer.content.decode()) == (422, True)


def test_digits_alone_name_nothing_in_the_office(admin: User, client_of: ClientOf) -> None:
    office = client_of(admin)
    pages = ("settings/users", "settings/departments", "settings/roles", "dictionaries")
    for page in pages:
        answer = office.post(f"/{page}/new/?kind=source", {"name": "３", "scope": "own", "is_active": "on"})
        assert "不能全是数字" in answer.content.decode(), page
    assert not Department.objects.filter(name="3").exists()


@pytest.mark.parametrize("is_wide", [False, True])
def test_a_number_chosen_in_a_form_is_never_a_name(
    is_wide: bool, rep: User, mate: User, admin: User, client_of: ClientOf, make_customer: MakeCustomer
) -> None:
    customer, number = make_customer(rep), str(mate.pk)
    User.objects.filter(pk=rep.pk).update(name="".join(map(wide, number)) if is_wide else number)
    given = {"ids": f"{customer.pk}", "owner": number}
    client_of(admin).post("/customers/assignment/", given)
    assert Customer.objects.get().owner == mate
    assert OWNER.parse("".join(map(wide, number)), Context()) == mate.pk


def wide(digit: str) -> str:
    return chr(ord(digit) + ord("０") - ord("0"))


def test_an_account_is_never_a_name(rep: User, mate: User) -> None:
    User.objects.filter(pk=rep.pk).update(name=mate.username)
    assert OWNER.parse(mate.username, Context()) == mate.pk


def test_two_of_one_name_are_told_apart_by_account(rep: User, make_user: MakeUser) -> None:
    twin = make_user("zhou2", "周慕白", "sales", department="销售二部")
    with pytest.raises(Unreadable, match="请写账号"):
        OWNER.parse("周 慕白", Context())
    assert OWNER.parse("ZHOU2", Context()) == OWNER.parse("周慕白（zhou2）", Context()) == twin.pk
    assert OWNER.parse("周慕白", Context(owner_ids=frozenset({rep.pk}))) == rep.pk
    assert (twin.pk, "周慕白（zhou2）") in OWNER.choices(Context())


def test_one_who_left_leaves_the_name_to_his_namesake(rep: User, make_user: MakeUser) -> None:
    make_user("zhou2", "周慕白", "sales", is_active=False)
    assert OWNER.parse("周慕白", Context()) == rep.pk


@pytest.mark.parametrize("text", ["he", "何清越", "{}", "nosuch", "999999"])
def test_outside_ones_scope_nobody_can_be_guessed(
    text: str, manager: User, outsider: User, client_of: ClientOf
) -> None:
    User.objects.filter(pk=manager.pk).update(department=outsider.department)
    User.objects.filter(pk=outsider.pk).update(department=None)
    text = text.format(outsider.pk)
    answer = client_of(manager).get("/customers/", {"owner": text}).content.decode()
    assert f"“{text}”不在你能分配的范围里，请从列表里选" in answer


@pytest.mark.parametrize("name", ["lin", "ＬＩＮ", "林 知遥", "林知遥"])
def test_nobody_takes_a_colleagues_name(name: str, rep: User, mate: User, client_of: ClientOf) -> None:
    answer = client_of(rep).post("/me/", {"name": name})
    assert (answer.status_code, "已有同事叫" in answer.content.decode()) == (422, True)
    User.objects.filter(pk=mate.pk).update(is_active=False)
    assert client_of(rep).post("/me/", {"name": name}).status_code == 302


def test_the_office_may_have_namesakes(rep: User, mate: User, admin: User, client_of: ClientOf) -> None:
    form = {"roles": [role.pk for role in rep.roles.all()], "is_active": "on", "username": "zhou"}
    office, address = client_of(admin), f"/settings/users/{rep.pk}/"
    for odd in ({"name": "LIN"}, {"name": "周慕白", "username": "林知遥"}):
        answer = office.post(address, form | odd)
        assert (answer.status_code, "是别人的" in answer.content.decode()) == (422, True)
    assert office.post(address, form | {"name": mate.name}).status_code == 302
    assert "导入时请写账号zhou" in office.get("/settings/users/").content.decode()
    assert client_of(rep).post("/me/", {"name": mate.name}).status_code == 302  # it is his by now
