"""Open sessions: seen, listed, ended, and over by themselves."""

from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from kebu.base.jobs.models import Job
from kebu.base.journal.authors import Author
from kebu.base.journal.models import JournalEntry
from kebu.office.signin.actions import change_policy
from kebu.office.signin.models import SignInPolicy
from kebu.office.signin.tasks import sweep
from kebu.office.signin.tests.signing import sign_in
from kebu.office.staff.models import User
from tests.cast import PASSWORD, ClientOf

pytestmark = pytest.mark.django_db
PAGE = "/me/sessions/"
WINDOWS = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/131.0.0.0 Safari/537.36 Edg/131.0"
)
PHONE = (
    "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/130 Mobile Safari/537.36 MicroMessenger/8.0"
)


def is_in(client: Client) -> bool:
    return client.get("/me/").status_code == 200


def set_policy(**values: object) -> None:
    now = timezone.now()
    version = SignInPolicy.current().version
    assert change_policy(values, [], version=version, by=Author.system(), at=now)


def grow_older(seen: timedelta, started: timedelta | None = None) -> None:
    """As if nobody had come for so long."""
    now = timezone.now()
    for one in UserSession.objects.all():
        begun = now - (started or seen)
        ends_at = SignInPolicy.current().ends_at(begun, now - seen)
        UserSession.objects.filter(pk=one.pk).update(last_seen_at=now - seen, created_at=begun)
        Session.objects.filter(pk=one.session_key).update(expire_date=ends_at)


def test_own_sessions_are_listed_and_ended(rep: User, mate: User) -> None:
    here = sign_in(rep, HTTP_USER_AGENT=WINDOWS)
    phone = sign_in(rep, HTTP_USER_AGENT=PHONE, REMOTE_ADDR="10.2.3.4")
    foreign = sign_in(mate)
    page = here.get(PAGE).content.decode()
    assert all(words in page for words in ("Windows · Edge", "Android · 微信", "10.2.3.4", "这台"))
    theirs = UserSession.objects.get(user=mate)
    for chosen in (theirs.pk, "x", "9" * 30):
        here.post(PAGE, {"session": chosen})
    assert is_in(foreign)
    here.post(PAGE, {"session": UserSession.objects.get(ip="10.2.3.4").pk})
    assert (is_in(here), is_in(phone)) == (True, False)
    third = sign_in(rep)
    here.post(PAGE)
    assert (is_in(here), is_in(third), is_in(foreign)) == (True, False, True)
    entries = JournalEntry.objects.filter(kind="user", record_id=rep.pk)
    assert [entry.changes for entry in entries] == [{"sessions_ended": [None, 1]}] * 2


def test_administrator_ends_all_of_somebody(rep: User, mate: User, admin: User, client_of: ClientOf) -> None:
    clients = [sign_in(rep), sign_in(rep)]
    path, office = f"/settings/sign-in/{rep.pk}/sessions/", client_of(admin)
    assert client_of(mate).post(path).status_code == 403
    assert ">2<" in office.get("/settings/sign-in/").content.decode()
    assert office.post(path, headers={"HX-Request": "true"}).headers["HX-Redirect"] == "/settings/sign-in/"
    assert not any(map(is_in, clients))
    assert not Session.objects.filter(pk__in=UserSession.objects.values("session_key")).exists()


def test_disabled_with_an_open_session_is_out_for_good(rep: User, admin: User, client_of: ClientOf) -> None:
    client, office = sign_in(rep), client_of(admin)
    form = {"name": rep.name, "username": rep.username, "roles": [role.pk for role in rep.roles.all()]}
    assert office.post(f"/settings/users/{rep.pk}/", form).status_code == 302
    assert client.post("/customers/new/", {"name": "不该有"}).status_code == 302
    assert office.post(f"/settings/users/{rep.pk}/", form | {"is_active": "on"}).status_code == 302
    assert not is_in(client)


def test_idle_and_absolute_timeout(rep: User) -> None:
    client = sign_in(rep)
    assert client.cookies["sessionid"]["max-age"] == pytest.approx(7 * 86400, abs=5)
    set_policy(idle_minutes=30, absolute_hours=8)  # holds for sessions that are open already
    grow_older(timedelta(minutes=29))
    assert is_in(client)
    seen = UserSession.objects.get().last_seen_at
    assert timezone.now() - seen < timedelta(seconds=20)
    grow_older(timedelta(minutes=31))
    assert not is_in(client)
    client = sign_in(rep)
    UserSession.objects.exclude(session_key=client.session.session_key).delete()
    grow_older(timedelta(minutes=1), started=timedelta(hours=8, minutes=1))
    assert not is_in(client)
    sweep(Job(), lambda: None)
    assert (Session.objects.count(), UserSession.objects.count()) == (0, 0)


def test_seeing_is_noted_now_and_then_only(rep: User, client_of: ClientOf) -> None:
    client, plain = sign_in(rep), client_of(rep)
    plain.get("/me/")
    with CaptureQueriesContext(connection) as without:
        plain.get("/me/sessions/")
    with CaptureQueriesContext(connection) as with_row:
        client.get("/me/sessions/")
    assert len(with_row) == len(without)
    assert not [one for one in with_row if not one["sql"].lstrip("(").startswith("SELECT")]
    grow_older(timedelta(minutes=4))
    with CaptureQueriesContext(connection) as noted:
        client.get("/me/sessions/")
    assert len([one for one in noted if one["sql"].startswith("UPDATE")]) == 2


def test_so_many_devices_and_no_more(rep: User) -> None:
    set_policy(session_count=2)
    first, second, third = sign_in(rep), sign_in(rep), sign_in(rep)
    assert [is_in(first), is_in(second), is_in(third)] == [False, True, True]


def test_own_new_password_ends_the_others_and_keeps_this_one(rep: User) -> None:
    here, other = sign_in(rep), sign_in(rep)
    here.post("/me/", {"old_password": PASSWORD, "password": "tidy-harbour-9"})
    assert (is_in(here), is_in(other)) == (True, False)
    assert [one.session_key for one in UserSession.objects.all()] == [here.session.session_key]


def test_a_password_set_by_anybody_ends_them(rep: User, admin: User, client_of: ClientOf) -> None:
    client, office = sign_in(rep), client_of(admin)
    form = {"name": rep.name, "username": "zhou", "roles": [rep.roles.get().pk], "is_active": "on"}
    office.post(f"/settings/users/{rep.pk}/", form | {"password": "tidy-harbour-9"})
    assert not is_in(client)
    assert not UserSession.objects.exists()


def test_without_staying_the_cookie_goes_with_the_browser(rep: User) -> None:
    client = Client()
    client.post("/sign-in/", {"username": "zhou", "password": PASSWORD})
    assert client.cookies["sessionid"]["max-age"] == ""
