"""The second step of signing in, as a stage of django-allauth's sign-in.

The library's own stage loads what security keys need, some MB that nobody uses here.
"""

from typing import Any

from allauth.account.stages import LoginStage
from allauth.mfa.internal.constants import LoginStageKey
from django.http import HttpResponse
from django.shortcuts import redirect

from kebu.office.signin.queries import has_two_factor

PATH = "kebu.office.signin.stages.SecondStep"


class SecondStep(LoginStage):  # type: ignore[misc]
    """Whoever has a second factor is asked for it, whichever way he came."""

    key = LoginStageKey.MFA_AUTHENTICATE.value
    urlname = "mfa_authenticate"

    def handle(self) -> tuple[HttpResponse | None, bool]:
        """Where to go first (None: nowhere), and whether it goes on afterwards."""
        user: Any = self.login.user
        return (redirect("signin:second_step") if has_two_factor(user) else None), True
