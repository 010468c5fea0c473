"""Verbs of signing in: policy, sessions, second factor, identities from outside; each writes the journal."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from allauth.mfa.utils import decrypt
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from kebu.base.journal.authors import Author
from kebu.base.journal.choices import SETTING, Action
from kebu.base.journal.models import JournalEntry, Line
from kebu.office.signin.models import SignInPolicy
from kebu.office.signin.queries import name_of, open_sessions
from kebu.office.staff.models import Role, SignInFailure, User


@transaction.atomic
def change_policy(
    values: dict[str, Any], roles: Iterable[Role], *, version: int, by: Author, at: datetime
) -> bool:
    """Change what the office wants; open sessions keep to it at once. False: somebody else was faster."""
    before, _made = SignInPolicy.objects.get_or_create(pk=1)
    changed = SignInPolicy.objects.filter(pk=1, version=version)
    if not changed.update(**values, version=version + 1):
        return False
    changes = {
        name: [getattr(before, name), value]
        for name, value in values.items()
        if getattr(before, name) != value
    }
    if changes:
        line = Line(SETTING, 0, str(_("登录安全")), Action.CHANGE, version + 1, None, changes)
        JournalEntry.objects.record([line], by=by, at=at)
    _require_two_factor({role.pk for role in roles}, by=by, at=at)
    _reckon_again(SignInPolicy.current())
    return True


def _require_two_factor(wanted: set[int], *, by: Author, at: datetime) -> None:
    """Have these roles use a second factor, and the others not."""
    for role in Role.objects.all():
        before, after = role.is_two_factor_required, role.pk in wanted
        if before != after:
            Role.objects.filter(pk=role.pk).update(is_two_factor_required=after)
            changes = {"two_factor_required": [before, after]}
            line = Line("role", role.pk, role.name, Action.CHANGE, 1, None, changes)
            JournalEntry.objects.record([line], by=by, at=at)


def _reckon_again(policy: SignInPolicy) -> None:
    """Let every open session end when the policy says."""
    for one in UserSession.objects.all():
        ends_at = policy.ends_at(one.created_at, one.last_seen_at)
        Session.objects.filter(pk=one.session_key).update(expire_date=ends_at)


@transaction.atomic
def end_sessions(user: User, sessions: QuerySet[Any], *, by: Author, at: datetime) -> int:
    """End these sessions of the user; how many there were."""
    keys = list(sessions.filter(user_id=user.pk).values_list("session_key", flat=True))
    Session.objects.filter(pk__in=keys).delete()
    UserSession.objects.filter(session_key__in=keys).delete()
    if keys:
        _note(user, {"sessions_ended": [None, len(keys)]}, by=by, at=at)
    return len(keys)


def end_oldest(user: User, count: int, *, by: Author, at: datetime) -> None:
    """Leave the user his ``count`` youngest sessions (0: as many as he likes)."""
    if count:
        gone = [one.pk for one in open_sessions(user).order_by("-created_at", "-pk")[count:]]
        end_sessions(user, UserSession.objects.filter(pk__in=gone), by=by, at=at)


@transaction.atomic
def set_up_two_factor(user: User, secret: str, code: str, *, by: Author, at: datetime) -> list[str]:
    """Keep the secret of the user's app; answers the recovery codes, which are shown this once."""
    remove_authenticators(user)
    use_step(TOTP.activate(user, secret).instance, code)
    _note(user, {"two_factor": [False, True]}, by=by, at=at)
    return _fresh_codes(user)


def use_step(factor: Any, code: str) -> bool:
    """Use up the half minute this code belongs to; False when it, or a later one, has been used before."""
    secret = decrypt(factor.data["secret"])
    steps = [step for step in yield_hotp_counters_from_time() if _is_code_of(code, secret, step)]
    if not steps:
        return False
    fresh = Q(data__step__isnull=True) | Q(data__step__lt=steps[-1])
    unused = Authenticator.objects.filter(fresh, pk=factor.pk)
    return bool(unused.update(data={**factor.data, "step": steps[-1]}))


def _is_code_of(code: str, secret: str, step: int) -> bool:
    return bool(compare_user_code(actual=code, expected=format_hotp_value(hotp_value(secret, step))))


@transaction.atomic
def renew_codes(user: User, *, by: Author, at: datetime) -> list[str]:
    """New recovery codes; the old ones are void."""
    Authenticator.objects.filter(user=user, type=Authenticator.Type.RECOVERY_CODES).delete()
    _note(user, {"recovery_codes": ["…", "…"]}, by=by, at=at)
    return _fresh_codes(user)


@transaction.atomic
def remove_two_factor(user: User, *, by: Author, at: datetime) -> bool:
    """Take the second factor off; False when there was none."""
    if not remove_authenticators(user):
        return False
    _note(user, {"two_factor": [True, False]}, by=by, at=at)
    return True


@transaction.atomic
def reset_two_factor(user: User, *, by: Author, at: datetime) -> None:
    """Somebody lost his phone: no second factor, no session any more, no lock."""
    remove_two_factor(user, by=by, at=at)
    end_sessions(user, UserSession.objects.all(), by=by, at=at)
    SignInFailure.objects.filter(account=user.username).delete()


@transaction.atomic
def connect(user: User, account: Any, *, by: Author, at: datetime) -> str:
    """Connect an identity from outside; answers what came of it in words."""
    found = SocialAccount.objects.filter(provider=account.provider, uid=account.uid).first()
    name = name_of(account.provider)
    if found is not None and found.user_id != user.pk:
        return _("这个%(name)s账号已经连接了别的员工") % {"name": name}
    if found is None:
        SocialAccount.objects.create(user=user, provider=account.provider, uid=account.uid)
        _note(user, {"outside": [None, name]}, by=by, at=at)
    return _("已连接%(name)s，以后可以用它登录") % {"name": name}


@transaction.atomic
def disconnect(account: Any, *, by: Author, at: datetime) -> None:
    """Take a connection away."""
    _note(account.user, {"outside": [name_of(account.provider), None]}, by=by, at=at)
    account.delete()


def note_link_by_mail(user: User, *, by: Author, at: datetime) -> None:
    """Write down that a link for a new password went out by mail."""
    _note(user, {"password_link": [None, "…"]}, by=by, at=at)


def remove_authenticators(user: User) -> bool:
    """Take away what the user proved himself with besides the password."""
    return bool(Authenticator.objects.filter(user=user).delete()[0])


def _fresh_codes(user: User) -> list[str]:
    codes: Iterable[str] = RecoveryCodes.activate(user).get_unused_codes()
    return list(codes)


def _note(user: User, changes: dict[str, list[Any]], *, by: Author, at: datetime) -> None:
    line = Line("user", user.pk, user.name, Action.CHANGE, 1, None, changes)
    JournalEntry.objects.record([line], by=by, at=at)
