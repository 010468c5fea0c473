"""Sign-in by OpenID Connect, against a tiny provider on this machine that keeps to the protocol."""

import base64
import hashlib
import json
import re
import threading
from collections.abc import Iterator
from html import unescape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from allauth.socialaccount.models import SocialAccount, SocialApp
from allauth.socialaccount.providers import registry
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from django.test import Client

from kebu.base.journal.models import JournalEntry
from kebu.office.signin.tests.signing import CODE, sign_in
from kebu.office.signin.tests.test_two_factor import set_up
from kebu.office.staff.models import Role, User
from kebu.project import env, outside

pytestmark = pytest.mark.django_db
SECRET = "a-secret-long-enough-for-a-signature"


class Provider(ThreadingHTTPServer):
    """Who the next one is, and what has been asked of it."""

    person: dict[str, Any]
    challenges: dict[str, str]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def allow(self, address: str) -> str:
        """The person agrees: the code that goes back, and the state with it, as a query."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        assert asked["client_id"] == "kebu"
        assert asked["redirect_uri"] == "http://testserver/sign-in/with/oidc/back/"
        self.challenges[f"code-{len(self.challenges)}"] = asked["code_challenge"]
        return f"?code=code-{len(self.challenges) - 1}&state={asked['state']}"


class Answers(BaseHTTPRequestHandler):
    """The four addresses of an OpenID provider that Kebu asks."""

    server: Provider

    def log_message(self, *args: object) -> None: ...

    def say(self, status: int = 200, /, **values: Any) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(values).encode())

    def do_GET(self) -> None:
        url = self.server.url
        if self.path.endswith("/openid-configuration"):
            parts = ("authorization", "token", "userinfo")
            ends: dict[str, Any] = {f"{part}_endpoint": f"{url}/{part}" for part in parts}
            self.say(issuer=url, jwks_uri=f"{url}/keys", **ends)
        elif self.headers["Authorization"] == "Bearer good":
            self.say(**self.server.person)
        else:
            self.say(401)

    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        form = {name: values[0] for name, values in parse_qs(self.rfile.read(length).decode()).items()}
        digest = hashlib.sha256(form["code_verifier"].encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        if form["client_secret"] != SECRET or self.server.challenges.pop(form["code"], "") != challenge:
            return self.say(400, error="invalid_grant")
        claims = {"iss": self.server.url, "aud": "kebu", "exp": 4_000_000_000, **self.server.person}
        return self.say(
            access_token="good", token_type="Bearer", id_token=jwt.encode(claims, SECRET, "HS256")
        )


@pytest.fixture
def provider(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Provider]:
    """A provider that is running and configured."""
    server = Provider(("127.0.0.1", 0), Answers)
    server.person, server.challenges = (
        {"sub": "u-17", "email": "zhou@example.com", "email_verified": True},
        {},
    )
    monkeypatch.setenv("KEBU_OIDC", f"kebu:{SECRET}")
    monkeypatch.setenv("KEBU_OIDC_SERVER", server.url)
    settings.KEBU_OUTSIDE = outside.ways()
    monkeypatch.setitem(registry.provider_map, "openid_connect", OpenIDConnectProvider)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def go(client: Client, provider: Provider, start: str = "/sign-in/with/oidc/") -> Any:
    """Off to the provider, agree there, and back."""
    page = client.post(start).content.decode()
    assert SECRET not in page
    off = unescape(re.findall(r'content="0;url=([^"]+)"', page)[0])
    return client.get(f"/sign-in/with/oidc/back/{provider.allow(off)}")


def test_strangers_are_not_taken_in(provider: Provider, rep: User, client: Client) -> None:
    assert "统一身份认证" in client.get("/sign-in/").content.decode()
    answer = go(client, provider)
    assert answer.headers["Location"] == "/sign-in/"
    assert "还没有连接" in client.get("/sign-in/").content.decode()
    assert (User.objects.count(), SocialAccount.objects.count(), SocialApp.objects.count()) == (1, 0, 0)
    assert client.get("/me/").status_code == 302


def test_connected_by_oneself_then_let_in(provider: Provider, rep: User, mate: User) -> None:
    own = sign_in(rep)
    assert go(own, provider, "/me/outside/oidc/").headers["Location"] == "/me/"
    assert "已连接，可以用它登录" in own.get("/me/").content.decode()
    client = Client()
    assert go(client, provider).headers["Location"] == "/"
    assert client.get("/me/").context["user"] == rep
    theirs = sign_in(mate)
    go(theirs, provider, "/me/outside/oidc/")
    assert "已经连接了别的员工" in theirs.get("/me/").content.decode()
    User.objects.filter(pk=rep.pk).update(is_active=False)
    shut = Client()
    assert go(shut, provider).headers["Location"] == "/sign-in/"
    assert shut.get("/me/").status_code == 302
    User.objects.filter(pk=rep.pk).update(is_active=True)
    pk = SocialAccount.objects.get().pk
    assert theirs.post(f"/me/outside/{pk}/removal/").status_code == 404
    assert own.post(f"/me/outside/{pk}/removal/").status_code == 302
    assert go(Client(), provider).headers["Location"] == "/sign-in/"
    changes = JournalEntry.objects.filter(kind="user", record_id=rep.pk).values_list("changes", flat=True)
    assert list(changes) == [{"outside": [None, "统一身份认证"]}, {"outside": ["统一身份认证", None]}]


def test_nobody_connects_for_whom_he_looks_as(provider: Provider, admin: User) -> None:
    """Set off before a preview and back during it: the identity is connected to nobody."""
    person, role = User.objects.create(username="gu", name="顾延年"), Role.objects.get(code="sales")
    office = sign_in(admin)
    page = office.post("/me/outside/oidc/").content.decode()
    off = unescape(re.findall(r'content="0;url=([^"]+)"', page)[0])
    for form in ({"person": person.pk}, {}):
        assert office.post(f"/settings/roles/{role.pk}/preview/", form).status_code == 302
        answer = office.get(f"/sign-in/with/oidc/back/{provider.allow(off)}")
        assert (answer.status_code, "先结束预览" in answer.content.decode()) == (403, True)
        office.post("/preview/end/")
    assert not SocialAccount.objects.exists()


def test_the_second_step_is_asked_for_all_the_same(provider: Provider, rep: User) -> None:
    own = sign_in(rep)
    go(own, provider, "/me/outside/oidc/")
    set_up(own)
    client = Client()
    assert go(client, provider).headers["Location"] == CODE
    assert client.get("/me/").status_code == 302


@pytest.mark.parametrize(
    ("by_email", "claim", "address", "is_let_in"),
    [
        ("1", True, "zhou@example.com", True),
        ("", True, "zhou@example.com", False),
        ("1", False, "zhou@example.com", False),
        ("1", "true", "zhou@example.com", False),
        ("1", True, "other@example.com", False),
        ("1", True, "", False),
    ],
)
def test_a_verified_address_only_where_it_was_said(
    provider: Provider,
    rep: User,
    settings: Any,
    monkeypatch: pytest.MonkeyPatch,
    by_email: str,
    claim: Any,
    address: str,
    is_let_in: bool,
) -> None:
    monkeypatch.setenv("KEBU_OIDC_BY_EMAIL", by_email)
    settings.KEBU_OUTSIDE = outside.ways()
    provider.person |= {"email_verified": claim, "email": address}
    User.objects.filter(pk=rep.pk).update(email="zhou@example.com")
    client = Client()
    assert go(client, provider).headers["Location"] == ("/" if is_let_in else "/sign-in/")
    rep.refresh_from_db()
    assert rep.has_usable_password()
    assert User.objects.count() == 1


def test_a_forged_return_is_refused(provider: Provider, rep: User) -> None:
    own = sign_in(rep)
    go(own, provider, "/me/outside/oidc/")
    for query in ("?code=code-0&state=made-up", "?error=access_denied", ""):
        client = Client()
        client.post("/sign-in/with/oidc/")
        assert client.get(f"/sign-in/with/oidc/back/{query}").headers["Location"] == "/sign-in/"
        assert "没有登录成功" in client.get("/sign-in/").content.decode()
    failed = JournalEntry.objects.filter(action="sign_fail").values_list("record_name", flat=True)
    assert list(failed) == ["统一身份认证"] * 3


def test_a_provider_that_is_down_is_told(provider: Provider, rep: User, client: Client) -> None:
    provider.server_close()
    assert client.post("/sign-in/with/oidc/").headers["Location"] == "/sign-in/"
    assert "现在连不上统一身份认证" in client.get("/sign-in/").content.decode()


def test_off_by_default(client: Client, rep: User) -> None:
    for path in ("/sign-in/with/oidc/", "/sign-in/with/dingtalk/", "/sign-in/with/none/"):
        assert client.post(path).status_code == 404
        assert client.get(f"{path}back/?code=x&state=y").status_code == 404


def test_the_shipped_ways_are_read_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DINGTALK", "FEISHU", "WEIXIN"):
        monkeypatch.setenv(f"KEBU_{name}", "app:secret")
    assert [way["name"] for way in outside.ways()] == ["钉钉", "飞书", "微信"]
    assert outside.apps()[0] == "allauth.socialaccount.providers.dingtalk"
    monkeypatch.setenv("KEBU_FEISHU", "app")
    with pytest.raises(env.SettingError, match="KEBU_FEISHU"):
        outside.ways()
    monkeypatch.setenv("KEBU_FEISHU", "")
    monkeypatch.setenv("KEBU_OIDC", "a:b")
    monkeypatch.setenv("KEBU_OIDC_SERVER", "http://id.example.com")
    with pytest.raises(env.SettingError, match="https"):
        outside.ways()
