"""Tries to sign in: who fails too often must wait, and nobody else with him.

They are counted per account and place: the address, or the browser when the account has signed in with it
before (see ``devices``). An address that tries many accounts runs out as well. So a stranger never shuts out
a colleague, neither at another address nor at the same.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self

from django.http import HttpRequest
from django.utils.translation import gettext as _

from kebu.base.journal.authors import Author, visitor_address
from kebu.base.journal.choices import SESSION, Action, Door
from kebu.base.journal.models import JournalEntry, Line
from kebu.base.kit.text import tidy
from kebu.office.signin.devices import device_of
from kebu.office.staff.models import SignInFailure

TRIES = 5
TRIES_OF_ADDRESS = 30
WAIT = timedelta(minutes=15)
BROWSER = "browser "


@dataclass(frozen=True, slots=True)
class Try:
    """One try: written down before the password is looked at, so that tries at once share no count."""

    account: str
    place: str
    address: str
    failure: SignInFailure
    left: int

    @classmethod
    def begin(cls, request: HttpRequest, account: str, *, at: datetime) -> Self:
        """Count a try; below 0 left it is one too many and not to be looked at."""
        account, address = tidy(account).casefold()[:40], visitor_address(request)
        SignInFailure.objects.filter(at__lte=at - WAIT).delete()
        browser = device_of(request, account)
        place = f"{BROWSER}{browser}" if browser else address
        failure = SignInFailure.objects.create(account=account, address=place, at=at)
        left = tries_left(failure)
        if left < 0:
            failure.delete()
        return cls(account, place, address, failure, left)

    @property
    def is_refused(self) -> bool:
        """He has to wait."""
        return self.left < 0

    def let_pass(self) -> None:
        """It was right, but there is a second step: earlier failures count on until that is done, or else
        whoever knows the password could guess at codes without end by giving it again and again."""
        self.failure.delete()

    def forgive(self) -> None:
        """It was right and he is in: earlier failures are forgotten."""
        SignInFailure.objects.filter(account=self.account, address=self.place).delete()

    def note_failure(self, *, at: datetime) -> None:
        """Write down that it was wrong."""
        stranger = Author(None, str(_("未登录")), Door.PAGE, self.address)
        action = Action.LOCK_OUT if self.left == 0 else Action.SIGN_FAIL
        note_session(action, self.account, stranger, at=at)


def tries_left(failure: SignInFailure) -> int:
    """Tries left after this one. Below 0: too many."""
    recent = SignInFailure.objects.filter(address=failure.address, pk__lte=failure.pk)
    own = recent.filter(account=failure.account).count()
    return min(TRIES - own, TRIES_OF_ADDRESS - recent.count())


def refusal(left: int, wrong: str) -> str:
    """What to tell after a failed try: ``wrong`` is what was not right."""
    if left <= 0:
        return _("试错太多次了，请15分钟后再试，或请管理员重设密码")
    if left < TRIES:
        return _("%(wrong)s，还能再试%(left)d次") % {"wrong": wrong, "left": left}
    return wrong


def note_session(action: Action, account: str, by: Author, *, at: datetime) -> None:
    """Write down who came, went or tried; tries of one who must wait are none."""
    JournalEntry.objects.record([Line(SESSION, 0, account, action, 0)], by=by, at=at)
