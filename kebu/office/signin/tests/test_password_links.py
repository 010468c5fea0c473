"""The link under which a member of staff sets his password: works once, for days, for him alone."""

import re
from datetime import datetime, timedelta
from html import unescape
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client

from kebu.base.journal.models import JournalEntry
from kebu.office.staff import password_links
from kebu.office.staff.models import Role, User
from tests.cast import PASSWORD, ClientOf

pytestmark = pytest.mark.django_db
NEW = "tidy-harbour-9"


def link_for(user: User, client: Client) -> str:
    """The path of a link as the administrator is shown it."""
    answer = client.post(f"/settings/users/{user.pk}/password-link/", headers={"HX-Request": "true"})
    assert answer.status_code == 200
    shown = re.findall(r'data-copy="([^"]+)"', answer.content.decode())
    assert shown[0].startswith("http://testserver/set-password/")
    return urlsplit(unescape(shown[0])).path


def signs_in(user: User, password: str) -> bool:
    return Client().post("/sign-in/", {"username": user.username, "password": password}).status_code == 302


@pytest.fixture
def office(admin: User, client_of: ClientOf) -> Client:
    return client_of(admin)


def test_works_once(rep: User, office: Client, client: Client) -> None:
    path = link_for(rep, office)
    page = client.get(path)
    assert page.status_code == 200
    assert "周慕白，设一个密码" in page.content.decode()
    assert client.post(path, {"password": NEW}).headers["Location"] == "/sign-in/"
    assert "密码设好了" in client.get("/sign-in/").content.decode()
    assert signs_in(rep, NEW)
    assert not signs_in(rep, PASSWORD)
    again = client.post(path, {"password": "other-harbour-8"})
    assert (again.status_code, "链接失效了" in again.content.decode()) == (410, True)
    assert signs_in(rep, NEW)
    entries = JournalEntry.objects.filter(kind="user", record_id=rep.pk).order_by("id")
    assert [(list(entry.changes), entry.author_name) for entry in entries] == [
        (["password_link"], "管理员"),
        (["password"], "周慕白"),
    ]


def test_expires_after_three_days(rep: User, office: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    path = link_for(rep, office)

    def open_after(**later: Any) -> int:
        moment = datetime.now() + timedelta(**later)  # noqa: DTZ005 (as Django reckons)
        monkeypatch.setattr(password_links.TOKENS, "_now", lambda: moment)
        return Client().get(path).status_code

    assert open_after(days=2, hours=23) == 200
    assert open_after(days=3, minutes=1) == 410


def test_ends_with_another_password_and_with_leaving(rep: User, office: Client, client_of: ClientOf) -> None:
    first, second = link_for(rep, office), link_for(rep, office)
    assert signs_in(rep, PASSWORD)
    assert Client().get(first).status_code == 200
    client_of(rep).post("/me/", {"old_password": PASSWORD, "password": NEW})
    assert [Client().get(path).status_code for path in (first, second)] == [410, 410]
    third = link_for(rep, office)
    User.objects.filter(pk=rep.pk).update(is_active=False)
    assert Client().post(third, {"password": "other-harbour-8"}).status_code == 410
    refused = office.post(f"/settings/users/{rep.pk}/password-link/", headers={"HX-Request": "true"})
    assert refused.status_code == 409


def test_only_who_manages_staff_and_only_for_him(
    rep: User, mate: User, admin: User, office: Client, client_of: ClientOf
) -> None:
    assert client_of(rep).post(f"/settings/users/{admin.pk}/password-link/").status_code == 403
    assert office.get(f"/settings/users/{rep.pk}/password-link/").status_code == 405
    _start, _word, key, token, _end = link_for(rep, office).split("/")
    other = link_for(mate, office).split("/")[2]
    assert key != other
    for path in (
        f"/set-password/{other}/{token}/",
        f"/set-password/{key}/x/",
        f"/set-password/zzzzzzzzzzzzz/{token}/",
    ):
        assert Client().get(path).status_code == 410


def test_weak_passwords_are_told_with_a_remedy(rep: User, office: Client, client: Client) -> None:
    path = link_for(rep, office)
    told = {
        "abc12": "至少要10位，现在5位，再加5位",
        "1234567890": "这个密码太常见，容易被猜到；换几个不相关的词连起来",
        "": "请填密码",
    }
    for password, sentence in told.items():
        answer = client.post(path, {"password": password})
        assert (answer.status_code, sentence in answer.content.decode()) == (422, True)
    assert signs_in(rep, PASSWORD)


def test_like_the_account_is_told(office: Client) -> None:
    form = {
        "name": "吕行",
        "username": "luxing2026",
        "password": "luxing2026!",
        "roles": [1],
        "is_active": "on",
    }
    answer = office.post("/settings/users/new/", form)
    assert (answer.status_code, "密码里不要有自己的账号或姓名" in answer.content.decode()) == (422, True)


def test_hired_without_a_password_gets_the_link_at_once(office: Client, client: Client) -> None:
    role = Role.objects.get(code="sales")
    form = {"name": "新人", "username": "xin", "password": "", "roles": [role.pk], "is_active": "on"}
    answer = office.post("/settings/users/new/", form, headers={"HX-Request": "true"})
    path = urlsplit(unescape(re.findall(r'data-copy="([^"]+)"', answer.content.decode())[0])).path
    user = User.objects.get(username="xin")
    assert not user.has_usable_password()
    assert client.post(path, {"password": NEW}).status_code == 302
    assert signs_in(user, NEW)


def test_who_was_switched_off_stays_signed_out(rep: User, office: Client, client_of: ClientOf) -> None:
    path, client = link_for(rep, office), client_of(rep)
    form = {"name": rep.name, "username": rep.username, "roles": [role.pk for role in rep.roles.all()]}
    assert office.post(f"/settings/users/{rep.pk}/", form | {"is_active": "on"}).status_code == 302
    assert (client.get("/me/").status_code, Client().get(path).status_code) == (200, 200)
    for state in ({}, {"is_active": "on"}):
        assert office.post(f"/settings/users/{rep.pk}/", form | state).status_code == 302
    assert (client.get("/me/").status_code, Client().get(path).status_code) == (302, 410)
    assert signs_in(rep, PASSWORD)
