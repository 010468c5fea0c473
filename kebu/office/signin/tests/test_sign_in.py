"""Signing in, the lock-out, the first run."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from kebu.base.journal.models import JournalEntry
from kebu.office.signin.tests.signing import sign_in
from kebu.office.signin.tries import TRIES, TRIES_OF_ADDRESS, WAIT
from kebu.office.staff.models import SignInFailure, User
from tests.cast import PASSWORD, ClientOf, MakeUser

pytestmark = pytest.mark.django_db
SIGN_IN = "/sign-in/"


def test_sign_in_leads_where_one_wanted_to_go(rep: User, client: Client) -> None:
    assert client.get("/customers/").headers["Location"] == "/sign-in/?next=/customers/"
    form = {"username": " ZHOU ", "password": PASSWORD, "next": "/customers/"}
    assert client.post(SIGN_IN, form).headers["Location"] == "/customers/"
    assert client.get("/customers/").status_code == 200


def test_never_to_another_site(rep: User, client: Client) -> None:
    form = {"username": "zhou", "password": PASSWORD, "next": "https://example.com/"}
    assert client.post(SIGN_IN, form).headers["Location"] == "/"


def test_wrong_password_says_how_many_tries_are_left(rep: User, client: Client) -> None:
    answer = client.post(SIGN_IN, {"username": "zhou", "password": "wrong"})
    assert answer.status_code == 422
    assert "账号或密码不对，还能再试4次" in answer.content.decode()


def test_lock_out_is_per_address(rep: User, client: Client) -> None:
    for _ in range(TRIES):
        client.post(SIGN_IN, {"username": "zhou", "password": "wrong"})
    right = {"username": "zhou", "password": PASSWORD}
    assert "15分钟" in client.post(SIGN_IN, right).content.decode()
    assert client.post(SIGN_IN, right, REMOTE_ADDR="10.1.1.1").status_code == 302


def test_success_forgets_the_failures(rep: User, client: Client) -> None:
    client.post(SIGN_IN, {"username": "zhou", "password": "wrong"})
    client.post(SIGN_IN, {"username": "zhou", "password": PASSWORD})
    assert not SignInFailure.objects.exists()


def test_disabled_user_loses_access_at_the_next_request(rep: User, client_of: ClientOf) -> None:
    client = client_of(rep)
    assert client.get("/customers/").status_code == 200
    User.objects.filter(pk=rep.pk).update(is_active=False)
    assert client.get("/customers/").status_code == 302
    assert client.post(SIGN_IN, {"username": "zhou", "password": PASSWORD}).status_code == 422


def test_sign_out_needs_post(rep: User, client_of: ClientOf) -> None:
    client = client_of(rep)
    assert client.get("/sign-out/").status_code == 405
    client.post("/sign-out/")
    assert client.get("/customers/").status_code == 302


@pytest.mark.parametrize("name", ["\x00", "a" * 500, "' or 1=1 --", ""])
def test_odd_input_is_refused_without_an_error(shipped: None, rep: User, client: Client, name: str) -> None:
    assert client.post(SIGN_IN, {"username": name, "password": "x\x00"}).status_code == 422


@pytest.mark.usefixtures("shipped")
def test_first_run_makes_the_administrator_once(client: Client) -> None:
    assert client.get("/").headers["Location"] == reverse("signin:setup")
    form = {"name": "方蔚然", "username": "Fang", "password": "tidy-harbour-9", "company": "示例公司"}
    assert client.post("/setup/", form | {"password": "12345678"}).status_code == 422
    assert not User.objects.exists()
    assert client.post("/setup/", form).headers["Location"] == reverse("demo:offer")
    assert client.get(reverse("demo:offer")).status_code == 200
    user = User.objects.get()
    assert (user.username, user.scope, str(user.department)) == ("fang", "all", "示例公司")
    assert user.can("staff.manage")
    assert JournalEntry.objects.filter(kind="user", author_name="方蔚然").count() == 1
    assert Client().post("/setup/", form | {"username": "other"}).headers["Location"] == "/"
    assert User.objects.count() == 1


def test_an_open_session_is_no_place_to_guess_the_password(rep: User, client_of: ClientOf) -> None:
    """Five wrong ones, then the right one waits as well; nothing was changed."""
    client, form = client_of(rep), {"password": "another-horse-72"}
    for _ in range(5):
        assert client.post("/me/", {**form, "old_password": "not-the-one"}).status_code == 422
    page = client.post("/me/", {**form, "old_password": PASSWORD})
    assert "试错太多次了" in page.content.decode()
    rep.refresh_from_db()
    assert rep.check_password(PASSWORD)
    assert JournalEntry.objects.filter(action="lock_out").count() == 1


def test_own_password(rep: User, client_of: ClientOf) -> None:
    client, other = client_of(rep), client_of(rep)
    wrong = client.post("/me/", {"old_password": "no", "password": "tidy-harbour-9"})
    assert (wrong.status_code, "现在的密码不对" in wrong.content.decode()) == (422, True)
    assert client.post("/me/", {"old_password": PASSWORD, "password": "tidy-harbour-9"}).status_code == 302
    assert client.get("/me/").status_code == 200
    assert other.get("/me/").status_code == 302


def test_one_address_may_not_try_all_accounts(rep: User, client: Client) -> None:
    for number in range(TRIES_OF_ADDRESS):
        client.post(SIGN_IN, {"username": f"user{number}", "password": "wrong"})
    right = {"username": "zhou", "password": PASSWORD}
    assert client.post(SIGN_IN, right).status_code == 422
    assert client.post(SIGN_IN, right, REMOTE_ADDR="10.1.1.1").status_code == 302


def test_after_the_wait_it_goes_again(rep: User, client: Client) -> None:
    for _ in range(TRIES + 2):
        client.post(SIGN_IN, {"username": "zhou", "password": "wrong"})
    assert SignInFailure.objects.count() == TRIES
    SignInFailure.objects.update(at=timezone.now() - WAIT)
    assert client.post(SIGN_IN, {"username": "zhou", "password": PASSWORD}).status_code == 302
    assert not SignInFailure.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_guesses_at_the_same_moment_share_no_count(make_user: MakeUser) -> None:
    make_user("zhou", "周慕白", "sales")
    passwords = ["wrong"] * 12

    def guess(password: str) -> str:
        try:
            return Client().post(SIGN_IN, {"username": "zhou", "password": password}).content.decode()
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(guess, passwords))
    assert sum("15分钟" not in answer for answer in answers) <= TRIES - 1


def test_own_name(rep: User, client_of: ClientOf) -> None:
    client = client_of(rep)
    assert client.post("/me/", {"name": " "}).status_code == 422
    assert client.post("/me/", {"name": "周 慕青"}).status_code == 302
    rep.refresh_from_db()
    assert rep.name == "周慕青"
    assert JournalEntry.objects.get(kind="user").changes == {"name": ["周慕白", "周慕青"]}


def test_a_stranger_at_the_same_address_locks_nobody_out(admin: User) -> None:
    """Who has signed in with this browser before is counted for himself; at another address anyway."""
    known = sign_in(admin)
    known.post("/sign-out/")
    stranger = Client()
    for number in range(TRIES_OF_ADDRESS + TRIES):
        stranger.post(SIGN_IN, {"username": "admin" if number % 2 else f"user{number}", "password": "wrong"})
    right = {"username": "admin", "password": PASSWORD}
    assert stranger.post(SIGN_IN, right).status_code == 422
    assert known.post(SIGN_IN, right).headers["Location"] == "/"
    known.post("/sign-out/")
    for _ in range(TRIES):
        known.post(SIGN_IN, {"username": "admin", "password": "wrong"})
    assert known.post(SIGN_IN, right).status_code == 422  # but nobody guesses without end


def test_a_forged_browser_is_a_stranger(rep: User, client: Client) -> None:
    client.cookies["kebu_device"] = "abc:def:ghi"
    for _ in range(TRIES):
        client.post(SIGN_IN, {"username": "zhou", "password": "wrong"})
    assert client.post(SIGN_IN, {"username": "zhou", "password": PASSWORD}).status_code == 422


def test_the_number_of_the_session_changes_at_the_door(rep: User, client: Client) -> None:
    client.session.save()
    client.cookies["sessionid"] = before = client.session.session_key or ""
    sign_in(rep, client=client)
    assert client.cookies["sessionid"].value != before
