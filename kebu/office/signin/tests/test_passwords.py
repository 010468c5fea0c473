"""The rules of passwords, at every door."""

from datetime import timedelta

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.utils import timezone

from kebu.base.journal.models import JournalEntry
from kebu.office.signin.models import FormerPassword, SignInPolicy
from kebu.office.signin.tests.signing import sign_in
from kebu.office.staff.models import Role, User
from tests.cast import PASSWORD, ClientOf

pytestmark = pytest.mark.django_db
GOOD = "Tidy-harbour-9"
POLICY = "/settings/sign-in/"
GRADED = {"profile": "graded", "idle_minutes": 30, "absolute_hours": 12, "session_count": 2, "version": 0}


def said(password: str, user: User | None = None) -> str:
    try:
        validate_password(password, user)
    except ValidationError as fault:
        return "；".join(fault.messages)
    return ""


@pytest.mark.parametrize(
    ("password", "sentence"),
    [
        ("tidy-harb", "至少要10位，现在9位，再加1位"),
        ("woaini1314", "太常见"),
        ("password2026", "太常见"),
        ("1111111111", "太常见"),
        ("x-ZHOUMUBAI-7", "自己的账号或姓名"),
        ("my-zhou-secret", "自己的账号或姓名"),
        ("周慕白的大密码真长啊", "自己的账号或姓名"),
        ("tidy-harbour-9", ""),
        ("correct-horse-7", ""),
    ],
)
def test_default_rules(rep: User, password: str, sentence: str) -> None:
    found = said(password, rep)
    assert sentence in found if sentence else not found


def test_graded_rules_and_history(rep: User) -> None:
    SignInPolicy.objects.create(pk=1, profile="graded")
    assert "要有3种，现在2种" in said("tidy-harbour-x", rep)
    for number in range(6):
        rep.set_password(f"Tidy-harbour-{number}")
        rep.save()
    assert [said(f"Tidy-harbour-{number}", rep) == "" for number in range(7)] == [True, *[False] * 5, True]
    assert FormerPassword.objects.filter(user=rep).count() == 5


def test_the_page_of_rules(rep: User, admin: User, client_of: ClientOf) -> None:
    office = client_of(admin)
    long = office.post(POLICY, GRADED | {"idle_minutes": 60, "absolute_hours": 24, "session_count": 0})
    assert long.status_code == 422
    assert all(word in long.content.decode() for word in ("最多30分钟", "最长12小时", "选一个台数"))
    role = Role.objects.get(code="sales")
    assert office.post(POLICY, GRADED | {"roles": [role.pk]}).status_code == 302
    assert office.post(POLICY, GRADED | {"profile": "standard"}).status_code == 409
    assert SignInPolicy.current().is_graded
    role.refresh_from_db()
    assert role.is_two_factor_required
    setting, required = JournalEntry.objects.filter(author_id=admin.pk)
    assert setting.changes["profile"] == ["standard", "graded"]
    assert (required.kind, required.changes) == ("role", {"two_factor_required": [False, True]})
    assert client_of(rep).get(POLICY).status_code in (302, 403)


def test_graded_every_door(
    rep: User, admin: User, client_of: ClientOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    SignInPolicy.objects.create(pk=1, profile="graded")
    office, weak = client_of(admin), "tidy-harbour-x"
    form = {"name": rep.name, "username": "zhou", "roles": [rep.roles.get().pk], "is_active": "on"}
    assert office.post(f"/settings/users/{rep.pk}/", form | {"password": weak}).status_code == 422
    assert client_of(rep).post("/me/", {"old_password": PASSWORD, "password": weak}).status_code == 422
    monkeypatch.setattr("getpass.getpass", lambda *_args, **_kwargs: weak)
    with pytest.raises(Exception, match="Aborting"):
        call_command("changepassword", "zhou", verbosity=0)
    monkeypatch.setattr("getpass.getpass", lambda *_args, **_kwargs: GOOD)
    call_command("changepassword", "zhou", verbosity=0)
    rep.refresh_from_db()
    assert rep.check_password(GOOD)
    assert timezone.now() - (rep.password_set_at or rep.created_at) < timedelta(minutes=1)


def test_after_90_days_a_new_one_comes_first(rep: User) -> None:
    SignInPolicy.objects.create(pk=1, profile="graded")
    rep.set_password(GOOD)
    rep.save()
    assert sign_in(rep, GOOD).get("/customers/").status_code == 200
    User.objects.filter(pk=rep.pk).update(password_set_at=timezone.now() - timedelta(days=90))
    client = sign_in(rep, GOOD)
    assert client.get("/customers/").headers["Location"] == "/me/"
    assert "密码满90天了" in client.get("/me/").content.decode()
    assert client.post("/me/", {"old_password": GOOD, "password": GOOD}).status_code == 422
    assert client.post("/me/", {"old_password": GOOD, "password": "Calm-meadow-4"}).status_code == 302
    assert client.get("/customers/").status_code == 200


def test_a_password_from_before_the_rules_comes_first(rep: User) -> None:
    rep.set_password("tidy-harbour-x")
    rep.save()
    SignInPolicy.objects.create(pk=1, profile="graded")
    client = sign_in(rep, "tidy-harbour-x")
    assert client.get("/customers/").headers["Location"] == "/me/"
    assert "不合要求" in client.get("/me/").content.decode()
