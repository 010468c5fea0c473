"""Behind a reverse proxy on the same machine: https and the visitor's own address are known."""

import re
from io import BytesIO
from typing import Any
from wsgiref.util import setup_testing_defaults

import pytest

from kebu.office.staff.models import SignInFailure, User

pytestmark = pytest.mark.django_db(transaction=True)
PROXIED = {"HTTP_X_FORWARDED_PROTO": "https", "HTTP_X_FORWARDED_FOR": "203.0.113.9"}


def ask(body: str = "", **given: str) -> tuple[int, str]:
    """One request to the sign-in page as the server passes it on: status and body."""
    from kebu.project.wsgi import application

    environ: dict[str, Any] = {"PATH_INFO": "/sign-in/", "HTTP_HOST": "localhost", "REMOTE_ADDR": "127.0.0.1"}
    environ |= {"REQUEST_METHOD": "POST" if body else "GET", "CONTENT_LENGTH": str(len(body))}
    environ |= {"CONTENT_TYPE": "application/x-www-form-urlencoded", "wsgi.input": BytesIO(body.encode())}
    environ |= given
    setup_testing_defaults(environ)
    heads: list[str] = []
    answer = application(environ, lambda status, headers, *_rest: heads.append(status))
    return int(heads[0][:3]), b"".join(answer).decode()


def sign_in(**given: str) -> int:
    """Try to sign in with a wrong password, from the form as it was shown."""
    _status, page = ask(**given)
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert token
    form = f"csrfmiddlewaretoken={token[1]}&username=zhou&password=wrong"
    return ask(form, HTTP_COOKIE=f"csrftoken={token[1]}", **given)[0]


def test_forms_are_taken_over_https(rep: User) -> None:
    assert sign_in(HTTP_ORIGIN="https://localhost", **PROXIED) == 422
    assert SignInFailure.objects.get().address == "203.0.113.9"


def test_without_a_proxy_nothing_is_believed(rep: User) -> None:
    assert sign_in(HTTP_ORIGIN="https://elsewhere.example", **PROXIED) == 403
    assert sign_in(HTTP_ORIGIN="http://localhost") == 422
    assert SignInFailure.objects.get().address == "127.0.0.1"
    assert sign_in(**(PROXIED | {"REMOTE_ADDR": "10.0.0.7", "HTTP_ORIGIN": "http://localhost"})) == 422
    assert SignInFailure.objects.filter(address="10.0.0.7").exists()
