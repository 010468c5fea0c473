"""The people of the tests: two departments, one of each kind of viewer, and customers to look at.

`rep` and `mate` sell in the same department, `manager` leads it, `outsider` sells elsewhere, `admin` may all.
`client_of(user)` is a signed-in browser; `make_customer(owner=…, **values)` goes through the one write path.
"""

from collections.abc import Callable, Iterable, Mapping
from itertools import count
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from kebu.base.fields import own
from kebu.base.fields.directories import Context
from kebu.base.journal.authors import Author
from kebu.base.journal.choices import Door
from kebu.crm.contacts.actions import Entry, enrol_with_contacts
from kebu.crm.customers.models import Customer
from kebu.office.staff.models import Department, Role, User
from tests.shipping import ship

PASSWORD = "correct-horse-7"
ClientOf = Callable[[User], Client]
MakeCustomer = Callable[..., Customer]
MakeUser = Callable[..., User]


@pytest.fixture(autouse=True)
def _own_fields_forgotten() -> None:
    """What one test made of own fields is not there for the next."""
    own.forget()


@pytest.fixture
def shipped(db: None) -> None:
    """What migrations bring along, for a test that took it away before."""
    ship()


@pytest.fixture
def departments(shipped: None) -> dict[str, Department]:
    """总部 with 销售一部 and 销售二部 below it."""
    head = Department.objects.create(name="总部", path="")
    found = {"总部": head}
    for name in ("销售一部", "销售二部"):
        found[name] = Department.objects.create(name=name, parent=head, path="")
    for department in found.values():
        department.path = f"/{department.pk}/" if department is head else f"/{head.pk}/{department.pk}/"
        department.save()
    return found


@pytest.fixture
def make_user(departments: dict[str, Department]) -> MakeUser:
    """Return a function that makes a user: make_user("li", "李默", "sales", department="销售一部")."""

    def make(
        username: str, name: str, *roles: str, department: str | None = "销售一部", **values: Any
    ) -> User:
        user = User(username=username, name=name, department=departments.get(department or ""), **values)
        user.set_password(PASSWORD)
        user.save()
        user.roles.set(Role.objects.filter(code__in=roles))
        return user

    return make


@pytest.fixture
def rep(make_user: MakeUser) -> User:
    """销售 of 销售一部: sees his own customers."""
    return make_user("zhou", "周慕白", "sales")


@pytest.fixture
def mate(make_user: MakeUser) -> User:
    """Another 销售 of the same department."""
    return make_user("lin", "林知遥", "sales")


@pytest.fixture
def manager(make_user: MakeUser) -> User:
    """主管 of 销售一部: sees the department and what is below it."""
    return make_user("gu", "顾延年", "manager")


@pytest.fixture
def outsider(make_user: MakeUser) -> User:
    """销售 of another department."""
    return make_user("he", "何清越", "sales", department="销售二部")


@pytest.fixture
def admin(make_user: MakeUser) -> User:
    """管理员: every permission, sees everything."""
    return make_user("admin", "管理员", "admin", department=None)


@pytest.fixture
def auditor(make_user: MakeUser) -> User:
    """审计员: may read the journal and nothing of customers; the one without permissions."""
    return make_user("shen", "沈听澜", "auditor", department=None)


@pytest.fixture
def client_of() -> ClientOf:
    """Return a function that gives a browser in which a user is signed in."""

    def sign_in(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return sign_in


@pytest.fixture
def make_customer(shipped: None) -> MakeCustomer:
    """Return a function that makes a customer; values by field name, as read (phones E.164, terms as ids)."""
    numbers = count(1)

    def make(
        owner: User | None = None, contacts: Iterable[Mapping[str, Any]] = (), **values: Any
    ) -> Customer:
        number = next(numbers)
        known = {"name": f"苏州澄岳精密制造{number}有限公司", "phone": f"+861380013{number:04d}"}
        author = Author.for_user(owner, Door.PAGE) if owner else Author.system()
        entry = Entry({"owner": owner.pk if owner else None, **known, **values}, list(contacts))
        return enrol_with_contacts([entry], by=author, at=timezone.now(), context=Context())[0]

    return make
