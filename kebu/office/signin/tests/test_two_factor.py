"""The second factor: set up, asked for, demanded by a role, lost and reset."""

import re

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.core.management import call_command
from django.test import Client

from kebu.base.journal.models import JournalEntry
from kebu.office.signin.tests.signing import CODE, SIGN_IN, code_of, secret_of, sign_in
from kebu.office.signin.tries import TRIES
from kebu.office.staff.models import Role, User
from tests.cast import PASSWORD, ClientOf

pytestmark = pytest.mark.django_db
PAGE = "/me/two-factor/"
SHOWN = re.compile(r'k-secret">([A-Z2-7 ]+)<')


def set_up(client: Client) -> list[str]:
    """Scan, type the digits; the recovery codes as shown."""
    page = client.get(PAGE).content.decode()
    secret = SHOWN.search(page)
    assert secret
    code = code_of(secret[1].replace(" ", ""))
    answer = client.post(PAGE, {"code": code})
    assert answer.status_code == 200, answer.content.decode()
    return re.findall(r"<li><code>(\d{8})</code>", answer.content.decode())


def test_set_up_and_asked_for(rep: User) -> None:
    client = sign_in(rep)
    page = client.get(PAGE).content.decode()
    assert "<path d=" in page
    assert "style=" not in page
    codes = set_up(client)
    assert len(codes) == 10
    assert secret_of(rep) not in str(Authenticator.objects.values_list("data", flat=True))
    assert codes[0] not in client.get(PAGE).content.decode()

    fresh = sign_in(rep)
    assert fresh.get("/customers/").status_code == 302
    assert "周慕白，再填动态码" in fresh.get(CODE).content.decode()
    wrong = fresh.post(CODE, {"code": "000000"})
    assert (wrong.status_code, "动态码不对，还能再试4次" in wrong.content.decode()) == (422, True)
    before = fresh.session.session_key
    assert fresh.post(CODE, {"code": code_of(secret_of(rep), 1)}).headers["Location"] == "/"
    assert fresh.session.session_key != before
    assert fresh.get("/customers/").status_code == 200

    other = sign_in(rep)
    assert other.post(CODE, {"code": codes[0]}).status_code == 302
    again = sign_in(rep)
    assert again.post(CODE, {"code": codes[0]}).status_code == 422
    told = JournalEntry.objects.filter(kind="user", record_id=rep.pk).values_list("changes", flat=True)
    assert list(told) == [{"two_factor": [False, True]}]
    tries = JournalEntry.objects.filter(kind="session").values_list("action", flat=True)
    assert list(tries) == ["sign_in", "sign_fail", "sign_in", "sign_in", "sign_fail"]


def test_codes_cannot_be_guessed_nor_the_step_skipped(rep: User) -> None:
    set_up(sign_in(rep))
    client = sign_in(rep)
    for _ in range(TRIES):
        client.post(CODE, {"code": "000000"})
    assert "15分钟" in client.post(CODE, {"code": code_of(secret_of(rep))}).content.decode()
    assert client.get("/me/").status_code == 302
    assert Client().get(CODE).headers["Location"] == SIGN_IN
    disabled = sign_in(rep, REMOTE_ADDR="10.1.1.1")
    User.objects.filter(pk=rep.pk).update(is_active=False)
    good = disabled.post(CODE, {"code": code_of(secret_of(rep))}, REMOTE_ADDR="10.1.1.1")
    assert good.headers["Location"] == SIGN_IN
    assert disabled.get("/me/").status_code == 302


def test_giving_the_password_again_buys_no_more_codes(rep: User) -> None:
    """Who knows the password has as many tries at the code as anybody, however often he begins anew."""
    set_up(sign_in(rep))
    for _ in range(TRIES - 1):
        assert sign_in(rep).post(CODE, {"code": "000000"}).status_code == 422
    last = sign_in(rep)
    assert "15分钟" in last.post(CODE, {"code": "000000"}).content.decode()
    form = {"username": rep.username, "password": PASSWORD}
    assert (Client().post(SIGN_IN, form).status_code, last.get("/me/").status_code) == (422, 302)


def test_a_role_that_wants_it_comes_first(rep: User, client_of: ClientOf) -> None:
    client, old = sign_in(rep), client_of(rep)
    Role.objects.filter(code="sales").update(is_two_factor_required=True)
    assert client.get("/customers/").headers["Location"] == PAGE
    assert old.get("/customers/").headers["Location"] == PAGE
    fragment = client.post("/customers/new/", {"name": "不该有"}, headers={"HX-Request": "true"})
    assert fragment.headers["HX-Redirect"] == PAGE
    assert "先设好再往下用" in client.get(PAGE).content.decode()
    set_up(client)
    assert client.get("/customers/").status_code == 200
    assert old.get("/customers/").headers["Location"] == PAGE  # this one has shown no code
    assert "请退出，再登录一次" in old.get(PAGE).content.decode()
    refused = client.post(f"{PAGE}removal/", {"old_password": PASSWORD})
    assert (refused.status_code, "不能关" in refused.content.decode()) == (422, True)
    assert Authenticator.objects.filter(user=rep, type="totp").exists()


def test_new_codes_and_removal_want_the_password(rep: User) -> None:
    client = sign_in(rep)
    first = set_up(client)
    assert client.post(f"{PAGE}codes/", {"old_password": "no"}).status_code == 422
    assert client.post(f"{PAGE}removal/", {}).status_code == 422
    renewed = re.findall(
        r"<code>(\d{8})</code>", client.post(f"{PAGE}codes/", {"old_password": PASSWORD}).content.decode()
    )
    assert len(renewed) == 10
    assert not set(renewed) & set(first)
    assert client.post(f"{PAGE}removal/", {"old_password": PASSWORD}).headers["Location"] == "/me/"
    assert not Authenticator.objects.filter(user=rep).exists()
    assert sign_in(rep).get("/customers/").status_code == 200


def test_setting_up_wants_the_password_unless_just_given(rep: User, client_of: ClientOf) -> None:
    client = client_of(rep)
    page = client.get(PAGE).content.decode()
    assert 'name="old_password"' in page
    secret = SHOWN.findall(page)[0].replace(" ", "")
    form = {"code": code_of(secret)}
    assert client.post(PAGE, form).status_code == 422
    foreign = client_of(rep).post(PAGE, form | {"old_password": PASSWORD})
    assert foreign.status_code == 422
    assert client.post(PAGE, form | {"old_password": PASSWORD}).status_code == 200


def test_administrator_resets_it(rep: User, mate: User, admin: User, client_of: ClientOf) -> None:
    client, office = sign_in(rep), client_of(admin)
    set_up(client)
    path = f"/settings/sign-in/{rep.pk}/reset/"
    assert client_of(mate).post(path).status_code == 403
    assert "周慕白" in office.get(path).content.decode()
    assert office.post(path).status_code == 302
    assert client.get("/me/").status_code == 302
    assert sign_in(rep).get("/customers/").status_code == 200
    entries = JournalEntry.objects.filter(kind="user", record_id=rep.pk, author_id=admin.pk)
    assert [entry.changes for entry in entries] == [
        {"two_factor": [True, False]},
        {"sessions_ended": [None, 1]},
    ]


def test_the_command_line_is_the_way_back_in(admin: User) -> None:
    Role.objects.filter(code="admin").update(is_two_factor_required=True)
    set_up(sign_in(admin))
    call_command("unlock", "ADMIN", verbosity=0)
    assert sign_in(admin).get("/customers/").headers["Location"] == PAGE
    assert JournalEntry.objects.filter(door="command", record_id=admin.pk).count() == 2


def test_another_key_opens_nothing(rep: User, settings: object) -> None:
    set_up(sign_in(rep))
    settings.SECRET_KEY = "another key, as after the old one got out"  # type: ignore[attr-defined]
    client = sign_in(rep)
    for code in (code_of("A" * 32), "000000", "12345678"):
        assert client.post(CODE, {"code": code}).status_code == 422


def test_a_page_loaded_anew_shows_the_secret_that_was_scanned(rep: User, client_of: ClientOf) -> None:
    client = sign_in(rep)
    first, again = (SHOWN.findall(client.get(PAGE).content.decode()) for _ in "12")
    assert (len(first), first) == (1, again)
    assert SHOWN.findall(client_of(rep).get(PAGE).content.decode()) != first
    wrong = client.post(PAGE, {"code": "000000"})
    assert (wrong.status_code, SHOWN.findall(wrong.content.decode())) == (422, first)
    set_up(client)
    client.post(f"{PAGE}removal/", {"old_password": PASSWORD})
    assert SHOWN.findall(client.get(PAGE).content.decode()) != first  # a spent one is not offered again


def test_a_code_opens_once_in_all_processes(rep: User) -> None:
    set_up(sign_in(rep))
    code = code_of(secret_of(rep), 1)
    first, second = sign_in(rep), sign_in(rep)
    assert first.post(CODE, {"code": code}).status_code == 302
    cache.clear()  # what one process remembers, another does not know
    refused = second.post(CODE, {"code": code})
    assert (refused.status_code, "用过了，等验证器换了数字再填，还能再试" in refused.content.decode()) == (
        422,
        True,
    )
    cache.clear()
    assert second.post(CODE, {"code": code_of(secret_of(rep))}).status_code == 422  # nor one before it
