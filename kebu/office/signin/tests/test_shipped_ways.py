"""Sign-in through 钉钉, 飞书 and 微信, each against a stand-in on this machine that talks in its manner."""

import json
import re
import threading
from collections.abc import Iterator
from html import unescape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib import import_module
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

import pytest
from allauth.socialaccount.models import SocialAccount
from allauth.socialaccount.providers import registry
from allauth.socialaccount.providers.feishu.client import FeishuOAuth2Client
from django.test import Client

from kebu.base.journal.models import JournalEntry
from kebu.office.signin.tests.signing import sign_in
from kebu.office.staff.models import User
from kebu.project import outside

pytestmark = pytest.mark.django_db
SECRET = "a-secret-long-enough"
PLACES = {  # the addresses that the library's parts call, by the words of the stand-in
    "dingtalk": {"access_token_url": "token", "authorize_url": "ask", "profile_url": "me"},
    "feishu": {"access_token_url": "token", "authorization_url": "ask", "user_info_url": "me"},
    "weixin": {"access_token_url": "token", "profile_url": "me"},
}
ANSWERS: dict[str, Any] = {
    "/dingtalk/token": {"accessToken": "good", "refreshToken": "r", "expireIn": 7200},
    "/feishu/app": {"code": 0, "app_access_token": "app-good"},
    "/feishu/token": {"code": 0, "data": {"access_token": "good", "refresh_token": "r", "expires_in": 7200}},
    "/weixin/token": {"access_token": "good", "openid": "u-17", "expires_in": 7200},
    "/dingtalk/me": {"openId": "u-17", "nick": "周慕白"},
    "/feishu/me": {"code": 0, "data": {"open_id": "u-17", "name": "周慕白"}},
    "/weixin/me": {"openid": "u-17", "unionid": "n-17", "nickname": "周慕白"},
}


class StandIn(BaseHTTPRequestHandler):
    """Gives tokens for the right secret and code, and tells who it is for the token."""

    def log_message(self, *args: object) -> None: ...

    def say(self, *, is_right: bool) -> None:
        self.send_response(200 if is_right else 403)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(ANSWERS[urlsplit(self.path).path] if is_right else {"code": 1}).encode())

    def do_POST(self) -> None:
        text = self.rfile.read(int(self.headers["Content-Length"])).decode()
        form = json.loads(text) if text.startswith("{") else dict(parse_qsl(text))
        proofs = [form.get(name) for name in ("clientSecret", "app_secret", "secret")]
        has_code = self.path.endswith("/app") or form.get("code") == "c-1"
        self.say(is_right=has_code and (SECRET in proofs or form.get("app_access_token") == "app-good"))

    def do_GET(self) -> None:
        told = [*self.headers.values(), urlsplit(self.path).query]
        self.say(is_right=any("good" in one for one in told))


@pytest.fixture
def url() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), StandIn)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(params=sorted(PLACES))
def way(request: Any, url: str, settings: Any, monkeypatch: pytest.MonkeyPatch) -> str:
    """One of them, configured by the environment, its addresses led to the stand-in."""
    name = str(request.param)
    monkeypatch.setenv(f"KEBU_{name.upper()}", f"app-id:{SECRET}")
    settings.KEBU_OUTSIDE = outside.ways()
    (provider,) = import_module(f"allauth.socialaccount.providers.{name}.provider").provider_classes
    monkeypatch.setitem(registry.provider_map, name, provider)
    for attribute, place in PLACES[name].items():
        monkeypatch.setattr(provider.oauth2_adapter_class, attribute, f"{url}/{name}/{place}")
    monkeypatch.setattr(FeishuOAuth2Client, "app_access_token_url", f"{url}/feishu/app")
    return name


def go(client: Client, way: str, start: str = "", code: str = "c-1") -> Any:
    """Off to the other side, which agrees, and back."""
    page = client.post(start or f"/sign-in/with/{way}/").content.decode()
    off = unescape(re.findall(r'content="0;url=([^"]+)"', page)[0])
    asked = {name: values[0] for name, values in parse_qs(urlsplit(off).query).items()}
    back = f"/sign-in/with/{way}/back/"
    assert asked["redirect_uri"] == f"http://testserver{back}"
    assert SECRET not in page
    return client.get(back, {"authCode" if way == "dingtalk" else "code": code, "state": asked["state"]})


def test_through_the_whole_callback(way: str, rep: User, mate: User) -> None:
    stranger = Client()
    assert go(stranger, way).headers["Location"] == "/sign-in/"
    assert "还没有连接" in stranger.get("/sign-in/").content.decode()
    own = sign_in(rep)
    assert go(own, way, f"/me/outside/{way}/").headers["Location"] == "/me/"
    assert (SocialAccount.objects.get().provider, SocialAccount.objects.get().user_id) == (way, rep.pk)
    client = Client()
    assert go(client, way).headers["Location"] == "/"
    assert client.get("/me/").context["user"] == rep
    changes = JournalEntry.objects.filter(kind="user", record_id=rep.pk).values_list("changes", flat=True)
    assert list(changes) == [{"outside": [None, outside.WAYS[way]]}]


def test_a_wrong_code_or_an_odd_answer_lets_nobody_in(
    way: str, rep: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    go(sign_in(rep), way, f"/me/outside/{way}/")
    client = Client()
    assert go(client, way, code="c-2").headers["Location"] == "/sign-in/"
    assert "没有登录成功" in client.get("/sign-in/").content.decode()
    odd_answers: list[Any] = [{"code": 0, "data": {}}, {}, [], {"code": 0, "data": None, "nickname": "é"}]
    for odd in odd_answers:
        monkeypatch.setitem(ANSWERS, f"/{way}/me", odd)
        assert go(client, way).headers["Location"] == "/sign-in/", odd
        assert "没有登录成功" in client.get("/sign-in/").content.decode()
    assert client.get("/me/").status_code == 302
