"""The rules of passwords. Django asks them at every door that sets one: pages, links, the command line."""

import re
from collections.abc import Iterator
from datetime import datetime
from functools import cache
from typing import Any

from allauth.usersessions.models import UserSession
from django.contrib.auth.hashers import check_password
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from kebu.base.kit.pinyin import syllables
from kebu.office.signin.models import HISTORY, LEAST, ROTATION, FormerPassword, SignInPolicy
from kebu.office.staff.models import User

CLASSES = (r"[a-z]", r"[A-Z]", r"\d", r"[^a-zA-Z\d]")
LEAST_CLASSES = 3
SHORTEST_PART = 4  # of an account or a name: shorter ones are in too many words
# Long enough for the rule of length, and known all the same: beside Django's list of 20,000.
WELL_KNOWN = frozenset(
    [
        "woaini1314",
        "woaini520",
        "woaini5201314",
        "5201314520",
        "1qaz2wsx3edc",
        "qwe123456789",
        "abc123456789",
        "zxcvbnm123",
        "123456789a",
        "a123456789",
        "aa123456789",
        "q123456789",
        "1234567890a",
        "1234567890",
        "0987654321",
        "admin123456",
        "admin888888",
        "password123",
        "p@ssw0rd123",
        "root123456",
        "kebu123456",
        "kehu123456",
        "12345678910",
        "123456123456",
        "123qwe123qwe",
    ]
)


@cache
def _common() -> frozenset[str]:
    return frozenset(CommonPasswordValidator().passwords) | WELL_KNOWN


class HousePassword:
    """A validator as Django calls it."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raise everything that is wrong with the password, each with the way out."""
        if faults := list(faults_of(password, user, SignInPolicy.current())):
            raise ValidationError(faults)

    def password_changed(self, password: str, user: Any = None) -> None:
        """Called after a password was stored, whoever did it: remember it and when."""
        if isinstance(user, User):
            remember(user, timezone.now())

    def get_help_text(self) -> str:
        """The rules in a line."""
        told = {"least": LEAST, "classes": LEAST_CLASSES, "history": HISTORY}
        if SignInPolicy.current().is_graded:
            return (
                _(
                    "至少%(least)d位，大写、小写、数字、符号里要有%(classes)d种；"
                    "不用常见的、含账号或姓名的和最近%(history)d次用过的"
                )
                % told
            )
        return _("至少%(least)d位，不用常见的密码，不含账号和姓名") % told


def faults_of(password: str, user: User | None, policy: SignInPolicy) -> Iterator[str]:
    """What the rules have against a password, in sentences."""
    if (count := len(password)) < LEAST:
        told = {"least": LEAST, "count": count, "more": LEAST - count}
        yield _("至少要%(least)d位，现在%(count)d位，再加%(more)d位") % told
    if is_common(password):
        yield _("这个密码太常见，容易被猜到；换几个不相关的词连起来，比如中间加数字")
    if user is not None and names_in(password, user):
        yield _("密码里不要有自己的账号或姓名，容易被猜到；换一个和自己无关的")
    if policy.is_graded:
        yield from _graded_faults(password, user)


def _graded_faults(password: str, user: User | None) -> Iterator[str]:
    found = sum(bool(re.search(wanted, password)) for wanted in CLASSES)
    if found < LEAST_CLASSES:
        told = {"least": LEAST_CLASSES, "found": found}
        yield _("大写字母、小写字母、数字、符号里要有%(least)d种，现在%(found)d种") % told
    if user is not None and user.pk and is_former(password, user):
        yield _("最近%(count)d次用过这个密码，换一个没用过的") % {"count": HISTORY}


def is_common(password: str) -> bool:
    """Say whether a list knows the password, or the word that only has a year or a mark around it."""
    text = password.casefold()
    core = re.sub(r"^[\W\d_]+|[\W\d_]+$", "", text)
    return (
        text in _common()
        or len(set(text)) <= 2
        or (core in _common() and len(text) - len(core) <= SHORTEST_PART)
    )


def names_in(password: str, user: User) -> bool:
    """Say whether account or name, as written or in pinyin, stands in the password."""
    text = password.casefold()
    parts = [user.username.casefold(), "".join(syllables(user.name, is_person=True))]
    is_written = len(user.name) > 1 and user.name.casefold() in text
    return is_written or any(len(part) >= SHORTEST_PART and part in text for part in parts)


def is_former(password: str, user: User) -> bool:
    """Say whether it is one of the last passwords of the user, the present one among them."""
    kept = [user.password, *user.former_passwords.values_list("password", flat=True)[:HISTORY]]
    return any(check_password(password, encoded) for encoded in dict.fromkeys(kept))


def remember(user: User, at: datetime) -> None:
    """Keep the hash and the time; the oldest beyond HISTORY go. Sessions of another password are void."""
    FormerPassword.objects.create(user=user, password=user.password, at=at)
    if gone := list(user.former_passwords.values_list("pk", flat=True)[HISTORY:]):
        FormerPassword.objects.filter(pk__in=gone).delete()
    User.objects.filter(pk=user.pk).update(password_set_at=at)
    if user.last_login:
        own = UserSession.objects.filter(user_id=user.pk)
        Session.objects.filter(pk__in=list(own.values_list("session_key", flat=True))).delete()
        own.delete()


def is_too_old(user: User, at: datetime, policy: SignInPolicy) -> bool:
    """Say whether the password has to be changed for its age."""
    return policy.is_graded and (user.password_set_at or user.created_at) + ROTATION <= at
