"""The way in: whoever came by password, second step or from outside is let in here."""

from datetime import datetime

from allauth.account.internal.flows.login import (
    get_authentication_records,
    perform_login,
    record_authentication,
)
from allauth.account.models import Login
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _

from kebu.base.journal.authors import Author, visitor_address
from kebu.base.journal.choices import Action, Door
from kebu.office.signin import devices, passwords
from kebu.office.signin.actions import end_oldest
from kebu.office.signin.choices import DUE, KEPT, STARTED, TWO_FACTOR
from kebu.office.signin.models import ROTATION, SignInPolicy
from kebu.office.signin.tries import note_session
from kebu.office.staff.models import User

RECENT_SECONDS = 600  # who has just shown his password is not asked for it again


def come_in(
    request: HttpRequest, user: User, password: str, *, next_url: str, is_kept: bool, at: datetime
) -> HttpResponse:
    """Somebody whose password was right: on to the second step if he has one, else in."""
    request.session[KEPT] = is_kept
    request.session[DUE] = reason_for_another(user, password, at)
    record_authentication(request, user, "password")
    response: HttpResponse = perform_login(request, Login(user=user, redirect_url=next_url))
    return response


def reason_for_another(user: User, password: str, at: datetime) -> str:
    """Why he must set a new password before anything else; "" when he need not."""
    policy = SignInPolicy.current()
    if passwords.is_too_old(user, at, policy):
        return _("密码满%(days)d天了，先换一个新的") % {"days": ROTATION.days}
    if not policy.is_graded:
        return ""
    try:
        validate_password(password)
    except ValidationError:
        return _("现在的密码不合要求，先换一个新的")
    return ""


def admit(request: HttpRequest, response: HttpResponseBase, user: User, *, at: datetime) -> None:
    """Somebody is in: the session begins, its row is written, the oldest of too many end."""
    session = request.session
    session[STARTED] = at.timestamp()
    if any(record["method"] == "mfa" for record in get_authentication_records(request, user)):
        session[TWO_FACTOR] = True
    if not session.pop(KEPT, True):
        session.set_expiry(0)
    by = Author(user.pk, user.name, Door.PAGE, visitor_address(request))
    note_session(Action.SIGN_IN, user.username, by, at=at)
    devices.know(request, response, user.username)
    end_oldest(user, SignInPolicy.current().session_count, by=by, at=at)


def has_just_shown_himself(request: HttpRequest, at: datetime) -> bool:
    """Say whether he gave password or code in this session a moment ago."""
    user = request.user
    records = get_authentication_records(request, user) if isinstance(user, User) else []
    return any(at.timestamp() - record["at"] < RECENT_SECONDS for record in records)
