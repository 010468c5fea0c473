"""Behind a reverse proxy on the same machine: https and the visitor's own address are known."""

import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any
from wsgiref.util import setup_testing_defaults

import pytest
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections

from kebu.office.staff.models import SignInFailure, User
from kebu.project import env

pytestmark = pytest.mark.django_db
PROXIED = {"HTTP_X_FORWARDED_PROTO": "https", "HTTP_X_FORWARDED_FOR": "203.0.113.9"}


@pytest.fixture(autouse=True)
def _kept_connection() -> Iterator[None]:
    """The server begins each request on a new connection; here it keeps the one of the test."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def ask(body: str = "", **given: str) -> tuple[int, str]:
    """One request to the sign-in page as the server passes it on: status and body."""
    from kebu.project.wsgi import passed_on

    environ: dict[str, Any] = {"PATH_INFO": "/sign-in/", "HTTP_HOST": "localhost", "REMOTE_ADDR": "127.0.0.1"}
    environ |= {"REQUEST_METHOD": "POST" if body else "GET", "CONTENT_LENGTH": str(len(body))}
    environ |= {"CONTENT_TYPE": "application/x-www-form-urlencoded", "wsgi.input": BytesIO(body.encode())}
    environ |= given
    setup_testing_defaults(environ)
    heads: list[str] = []
    application: Any = passed_on(get_wsgi_application())
    answer = application(environ, lambda status, headers, *_rest: heads.append(status))
    return int(heads[0][:3]), b"".join(answer).decode()


def sign_in(**given: str) -> int:
    """Try to sign in with a wrong password, from the form as it was shown."""
    _status, page = ask(**given)
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert token
    form = f"csrfmiddlewaretoken={token[1]}&username=zhou&password=wrong"
    return ask(form, HTTP_COOKIE=f"csrftoken={token[1]}", **given)[0]


@pytest.fixture
def proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """Other machines come too, so there must be a proxy."""
    monkeypatch.setenv("KEBU_HOSTS", "localhost,crm.example")


def addresses() -> list[str]:
    return list(SignInFailure.objects.order_by("id").values_list("address", flat=True))


def test_forms_are_taken_over_https(rep: User, proxy: None) -> None:
    assert sign_in(HTTP_ORIGIN="https://localhost", **PROXIED) == 422
    assert addresses() == ["203.0.113.9"]


def test_without_a_proxy_nothing_is_believed(rep: User) -> None:
    assert sign_in(HTTP_ORIGIN="https://localhost", **PROXIED) == 403
    assert sign_in(HTTP_ORIGIN="http://localhost") == 422
    assert sign_in(HTTP_ORIGIN="http://localhost", HTTP_X_FORWARDED_FOR="203.0.113.9") == 422
    assert addresses() == ["127.0.0.1", "127.0.0.1"]


def test_nobody_but_the_proxy_is_believed(rep: User, proxy: None) -> None:
    assert sign_in(HTTP_ORIGIN="https://elsewhere.example", **PROXIED) == 403
    assert sign_in(**(PROXIED | {"REMOTE_ADDR": "10.0.0.7", "HTTP_ORIGIN": "http://localhost"})) == 422
    assert addresses() == ["10.0.0.7"]


@pytest.mark.slow
@pytest.mark.parametrize("odd", ["x" * 300, "203.0.113.9:1234", "fe80::1%" + "a" * 90, "unknown"])
def test_an_address_that_is_none_does_no_harm(odd: str, rep: User, proxy: None) -> None:
    given = PROXIED | {"HTTP_X_FORWARDED_FOR": odd, "HTTP_ORIGIN": "https://localhost"}
    assert sign_in(**given) == 422
    assert addresses()[0] in ("", odd[:45])


@pytest.mark.parametrize(
    ("hosts", "https", "is_proxied"),
    [
        ("127.0.0.1", "", False),
        ("localhost", "1", True),
        ("crm.example", "", True),
        ("crm.example", "0", True),
    ],
)
def test_when_there_is_a_proxy(
    hosts: str, https: str, is_proxied: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KEBU_HOSTS", hosts)
    monkeypatch.setenv("KEBU_HTTPS", https)
    assert env.is_proxied() is is_proxied
