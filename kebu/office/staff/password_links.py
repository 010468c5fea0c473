"""Links under which a member of staff sets his password himself: valid for days, for one use.

Nothing is stored: the token is signed and made from the present password, so setting any password ends it.
"""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.http import base36_to_int, int_to_base36

from kebu.office.staff.models import User

LINK_DAYS = timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT).days


class _Tokens(PasswordResetTokenGenerator):
    """Signing in meanwhile does not end the link; another password, switching off (for good) and time do."""

    key_salt = "kebu.office.staff.password_links"

    def _make_hash_value(self, user: Any, timestamp: int) -> str:
        return f"{user.pk} {user.password} {user.disabled_count} {timestamp}"


TOKENS = _Tokens()


def address_of(user: User) -> str:
    """The path of a fresh link."""
    return reverse("signin:set_password", args=[int_to_base36(user.pk), TOKENS.make_token(user)])


def holder_of(key: str, token: str, users: QuerySet[User]) -> User | None:
    """The user whose password the link may still set."""
    try:
        user = users.filter(pk=base36_to_int(key), is_active=True).first()
    except (ValueError, OverflowError):
        return None
    return user if user is not None and TOKENS.check_token(user, token) else None
