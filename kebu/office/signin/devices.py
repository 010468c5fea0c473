"""Browsers people have signed in with before.

Whoever guesses passwords at the address of an office would shut out the colleagues there. Who comes with a
browser he has signed in with before is counted on that browser's own account: a signed cookie names the
browser, and in digests the accounts that signed in on it. It opens nothing, it only tells tries apart.
"""

import secrets
from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponseBase
from django.utils.crypto import salted_hmac

COOKIE = "kebu_device"
SALT = "kebu.office.signin.devices"
KEPT = timedelta(days=400)
MOST_ACCOUNTS = 20
PATH = "/sign-in/"


def device_of(request: HttpRequest, account: str) -> str:
    """The browser's name if this account has signed in with it before, else ""."""
    name, accounts = _read(request)
    return name if _digest(account) in accounts else ""


def know(request: HttpRequest, response: HttpResponseBase, account: str) -> None:
    """Remember that the account has signed in with this browser."""
    name, accounts = _read(request)
    accounts = [*(one for one in accounts if one != _digest(account)), _digest(account)][-MOST_ACCOUNTS:]
    value = signing.dumps([name or secrets.token_hex(8), accounts], salt=SALT)
    response.set_cookie(
        COOKIE,
        value,
        max_age=KEPT,
        path=PATH,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _read(request: HttpRequest) -> tuple[str, list[str]]:
    try:
        name, accounts = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=KEPT)
    except (signing.BadSignature, ValueError, TypeError):
        return "", []
    return name, accounts


def _digest(account: str) -> str:
    return salted_hmac(SALT, account.casefold(), algorithm="sha256").hexdigest()[:16]
