"""Secrets at rest: addresses of robots and keys lie encrypted, the key in the data folder."""

import base64
from functools import lru_cache
from hashlib import sha256
from typing import Any

from django.conf import settings


class Unopened(Exception):
    """The secret was sealed with another key than the house has now."""


def seal(text: str) -> str:
    """The text so that only this house reads it; nothing stays nothing."""
    return str(_fernet(settings.SECRET_KEY).encrypt(text.encode()).decode()) if text else ""


def unseal(sealed: str) -> str:
    """What was sealed; Unopened when another house did it."""
    from cryptography.fernet import InvalidToken  # noqa: PLC0415  (some MB that most processes never need)

    if not sealed:
        return ""
    try:
        return str(_fernet(settings.SECRET_KEY).decrypt(sealed.encode()).decode())
    except InvalidToken as error:
        raise Unopened from error


@lru_cache(maxsize=2)
def _fernet(secret: str) -> Any:
    from cryptography.fernet import Fernet  # noqa: PLC0415

    key = sha256(b"kebu.office.notices.channels" + secret.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))
