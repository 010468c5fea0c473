"""Signing in: who fails too often from one address must wait; other addresses are not locked out with him."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth import authenticate
from django.http import HttpRequest
from django.utils.translation import gettext as _

from kebu.base.journal.authors import Author, visitor_address
from kebu.base.journal.choices import SESSION, Action, Door
from kebu.base.journal.models import JournalEntry, Line
from kebu.base.kit.text import tidy
from kebu.office.staff.models import SignInFailure, User

TRIES = 5
TRIES_OF_ADDRESS = 30
WAIT = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Attempt:
    """What came of one try: the user, or how many tries are left (0: wait)."""

    user: User | None
    left: int


def try_sign_in(request: HttpRequest, username: str, password: str, *, at: datetime) -> Attempt:
    """Check account and password; failures are counted per account and address and forgotten after WAIT."""
    account, address = tidy(username).casefold()[:40], visitor_address(request)
    SignInFailure.objects.filter(at__lte=at - WAIT).delete()
    # Written before the password is looked at: tries at the same moment cannot share one count.
    failure = SignInFailure.objects.create(account=account, address=address, at=at)
    left = tries_left(failure)
    if left < 0:
        failure.delete()
        return Attempt(None, 0)
    user = authenticate(request, username=account, password=password)
    if isinstance(user, User):
        SignInFailure.objects.filter(account=account, address=address).delete()
        note_session(Action.SIGN_IN, user.username, Author(user.pk, user.name, Door.PAGE, address), at=at)
        return Attempt(user, TRIES)
    stranger = Author(None, str(_("未登录")), Door.PAGE, address)
    note_session(Action.LOCK_OUT if left == 0 else Action.SIGN_FAIL, account, stranger, at=at)
    return Attempt(None, left)


def note_session(action: Action, account: str, by: Author, *, at: datetime) -> None:
    """Write down who came, went or tried; tries of one who must wait are none."""
    JournalEntry.objects.record([Line(SESSION, 0, account, action, 0)], by=by, at=at)


def tries_left(failure: SignInFailure) -> int:
    """Tries left after this one; an address that tries many accounts runs out as well. Below 0: too many."""
    recent = SignInFailure.objects.filter(address=failure.address, pk__lte=failure.pk)
    own = recent.filter(account=failure.account).count()
    return min(TRIES - own, TRIES_OF_ADDRESS - recent.count())
