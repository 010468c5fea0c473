"""People signing in by the form, as in a browser."""

import time
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.test import Client

from kebu.office.staff.models import User
from tests.cast import PASSWORD

SIGN_IN = "/sign-in/"
CODE = "/sign-in/code/"


def sign_in(user: User, password: str = PASSWORD, client: Client | None = None, **headers: Any) -> Client:
    """A browser in which the user has given his password."""
    client = client or Client()
    form = {"username": user.username, "password": password, "is_remembered": "on"}
    answer = client.post(SIGN_IN, form, **headers)
    assert answer.status_code == 302, answer.content.decode()
    return client


def code_of(secret: str, steps: int = 0) -> str:
    """What the app shows now, or ``steps`` half minutes later."""
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps)))


def secret_of(user: User) -> str:
    """The secret in the user's app."""
    from allauth.mfa.utils import decrypt

    kept = Authenticator.objects.get(user=user, type="totp")
    return str(decrypt(kept.data["secret"]))
