"""Departments have managers, somebody always decides, and what changes counts at the next request."""

import pytest
from django.test import Client

from kebu.base.journal.models import JournalEntry
from kebu.office.staff.models import Department, Role, User
from kebu.office.staff.queries import deciders
from kebu.office.staff.tests.test_office import user_form
from tests.cast import ClientOf, MakeCustomer, MakeUser

pytestmark = pytest.mark.django_db
Departments = dict[str, Department]


@pytest.fixture
def office(admin: User, client_of: ClientOf) -> Client:
    return client_of(admin)


def lead(office: Client, department: Department, manager: User | None) -> int:
    parent, version = department.parent_id or "", Department.objects.get(pk=department.pk).version
    leader = manager.pk if manager else ""
    form = {"name": department.name, "parent": parent, "manager": leader, "version": version}
    return office.post(f"/settings/departments/{department.pk}/", form).status_code


def test_led_from_within_or_above(
    office: Client, departments: Departments, manager: User, outsider: User, make_user: MakeUser
) -> None:
    first, chief = departments["销售一部"], make_user("zong", "宗远", "manager", department="总部")
    assert lead(office, first, outsider) == 422
    assert lead(office, first, chief) == 302
    assert lead(office, first, manager) == 302
    page = office.get("/settings/departments/").content.decode()
    assert f"{manager.name}</td>" in page
    changes = [one.changes for one in JournalEntry.objects.filter(kind="department").order_by("id")]
    assert changes == [{"manager": ["", "宗远"]}, {"manager": ["宗远", "顾延年"]}]
    second = departments["销售二部"]
    form = {"name": first.name, "parent": second.pk, "manager": manager.pk, "version": 3}
    assert office.post(f"/settings/departments/{first.pk}/", form).status_code == 302  # he moves along
    office.post(f"/settings/users/{manager.pk}/", user_form(manager, department=departments["总部"].pk))
    assert Department.objects.get(pk=first.pk).manager == manager
    office.post(f"/settings/users/{manager.pk}/", user_form(manager, department=""))
    assert Department.objects.get(pk=first.pk).manager is None


def test_who_decides(
    departments: Departments, rep: User, manager: User, admin: User, outsider: User, make_user: MakeUser
) -> None:
    """The nearest manager who is another, at work; without one who may give the customers away."""
    first, head = departments["销售一部"], departments["总部"]
    assert deciders(rep) == [manager, admin]
    assert deciders(outsider) == [admin]
    assert deciders(manager) == [admin]
    chief = make_user("zong", "宗远", "sales", department="总部")
    Department.objects.filter(pk=head.pk).update(manager=chief)
    assert deciders(User.objects.get(pk=outsider.pk)) == [chief]
    Department.objects.filter(pk=first.pk).update(manager=manager)
    assert deciders(User.objects.get(pk=rep.pk)) == [manager]
    assert deciders(User.objects.get(pk=manager.pk)) == [chief]
    User.objects.filter(pk=manager.pk).update(is_active=False)
    assert deciders(User.objects.get(pk=rep.pk)) == [chief]


def test_an_open_session_follows_at_the_next_request(
    office: Client,
    departments: Departments,
    manager: User,
    rep: User,
    outsider: User,
    client_of: ClientOf,
    make_customer: MakeCustomer,
) -> None:
    """Moved, given a second role, demoted, switched off: the page already open tells it by its next step."""
    here, there, client = make_customer(rep), make_customer(outsider), client_of(manager)

    def seen() -> tuple[bool, ...]:
        return tuple(client.get(f"/customers/{one.number}/").status_code == 200 for one in (here, there))

    def change(**values: object) -> None:
        person = User.objects.get(pk=manager.pk)
        assert office.post(f"/settings/users/{manager.pk}/", user_form(person, **values)).status_code == 302

    assert seen() == (True, False)
    change(department=departments["销售二部"].pk)
    assert seen() == (False, True)
    ids = {name: Role.objects.get(code=name).pk for name in ("manager", "marketing", "sales")}
    change(roles=[ids["manager"], ids["marketing"]])
    assert seen() == (True, True)  # the widest of both for each right
    assert client.post("/customers/assignment/", {"ids": here.pk, "step": "ask"}).status_code == 403
    assert client.post("/customers/assignment/", {"ids": there.pk, "step": "ask"}).status_code == 200
    change(roles=[ids["sales"]])
    assert seen() == (False, False)
    change(is_active=None)
    assert client.get("/customers/").status_code == 302
