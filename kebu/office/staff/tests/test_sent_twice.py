"""A form that arrives twice adds one person, department or role; both answers tell of it."""

import json

import pytest
from django.test import Client
from django.utils import timezone

from kebu.base.journal.authors import Author
from kebu.base.journal.choices import Door
from kebu.base.journal.models import JournalEntry
from kebu.office.staff.actions import Refused, add_role, hire
from kebu.office.staff.models import Department, Role, User
from tests.cast import ClientOf

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def office(admin: User, client_of: ClientOf) -> Client:
    return client_of(admin)


def person(key: str) -> dict[str, object]:
    """Somebody new, as the form tells it."""
    role = Role.objects.get(code="sales").pk
    password = "a-long-password-of-2026"
    told = {"name": "新人", "username": "xinren", "password": password, "is_active": "on"}
    return {**told, "roles": [role], "submission": key}


def test_a_person(office: Client) -> None:
    first, second = (office.post("/settings/users/new/", person("k1"), headers=HTMX) for _ in range(2))
    assert (first.status_code, second.status_code) == (204, 204)
    assert json.loads(first["HX-Trigger"]) == json.loads(second["HX-Trigger"])
    made = User.objects.get(username="xinren")
    assert JournalEntry.objects.filter(kind="user", record_id=made.pk, action="create").count() == 1
    assert office.post("/settings/users/new/", person("k2")).status_code == 422  # another form, the same name


def test_a_department(office: Client) -> None:
    for key in ("k1", "k1", "k2"):
        answer = office.post("/settings/departments/new/", {"name": "售后部", "submission": key})
        assert answer.status_code == 302
    assert Department.objects.filter(name="售后部").count() == 2  # two of a name may be wanted


def test_a_role(office: Client) -> None:
    first, second = (
        office.post("/settings/roles/new/", {"name": "巡店", "submission": "k1"}) for _ in range(2)
    )
    assert first.status_code == 302
    assert first.headers["Location"] == second.headers["Location"]
    again = office.post("/settings/roles/new/", {"name": "巡店", "submission": "k2"})
    assert again.status_code == 422
    assert 'name="submission" value="k2"' in again.content.decode()
    assert Role.objects.filter(name="巡店").count() == 1


def test_a_form_whose_role_is_gone_by_now(office: Client) -> None:
    sent = {"name": "巡店", "submission": "k1"}
    made = office.post("/settings/roles/new/", sent).headers["Location"]
    office.post(f"{made}removal/")
    assert office.post("/settings/roles/new/", sent).status_code == 404
    assert not Role.objects.filter(name="巡店").exists()


@pytest.mark.parametrize("page", ["users", "departments", "roles"])
def test_each_form_has_a_key_of_its_own(office: Client, page: str) -> None:
    pages = [office.get(f"/settings/{page}/new/").content.decode() for _ in range(2)]
    keys = [text.split('name="submission" value="')[1].split('"')[0] for text in pages]
    assert len(set(keys)) == 2


def test_who_was_faster_with_the_name_is_told_of(admin: User) -> None:
    """Two forms of the same name that both found it free: the later one is refused in words."""
    by, at = Author(admin.pk, admin.name, Door.PAGE), timezone.now()
    add_role({"name": "巡店"}, by=by, at=at)
    with pytest.raises(Refused, match="巡店"):
        add_role({"name": "巡店"}, by=by, at=at)
    with pytest.raises(Refused, match=admin.username):
        hire({"name": "别人", "username": admin.username}, [], "", by=by, at=at)
