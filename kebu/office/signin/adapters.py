"""What django-allauth asks of us: who it is, where to go, what to say, whom to let in."""

import base64
from hashlib import sha256
from secrets import token_bytes
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.base import AuthProcess
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from kebu.base.journal.authors import Author, visitor_address
from kebu.base.ui.htmx import flash
from kebu.office.signin import stages
from kebu.office.signin.actions import connect
from kebu.office.signin.entry import admit
from kebu.office.signin.queries import name_of
from kebu.office.signin.tries import Try
from kebu.office.staff.models import User

UNPROVED = _lazy("没有登录成功：对方没有确认你的身份，请再试一次，或用账号和密码登录")


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Nobody signs up; nothing is said in the library's words; whoever comes in is admitted by us."""

    def get_login_stages(self) -> list[str]:
        return [stages.PATH]

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Say nothing."""

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """Send nothing: the journal has it."""

    def get_client_ip(self, request: HttpRequest) -> str:
        return visitor_address(request) or "0.0.0.0"  # noqa: S104  (nothing is bound to it)

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        return reverse(settings.LOGIN_REDIRECT_URL)

    def respond_user_inactive(self, request: HttpRequest, user: Any) -> HttpResponse:
        return turned_away(request, user.username, _("账号已停用，请找管理员"))

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        response: HttpResponse = super().post_login(request, user, **kwargs)
        admit(request, response, user, at=timezone.now())
        return response


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Names in the phone's list; secrets lie encrypted in the database, the key in the data folder."""

    error_messages = {**DefaultMFAAdapter.error_messages, "incorrect_code": _lazy("动态码或备用码不对")}

    def get_totp_label(self, user: User) -> str:
        return user.username

    def get_totp_issuer(self) -> str:
        return str(_("客簿"))

    def encrypt(self, text: str) -> str:
        return str(_fernet().encrypt(text.encode()).decode())

    def decrypt(self, encrypted_text: str) -> str:
        """Of a secret that another key has closed nothing is left: a random one, which no code fits."""
        from cryptography.fernet import InvalidToken  # noqa: PLC0415

        try:
            return str(_fernet().decrypt(encrypted_text.encode()).decode())
        except InvalidToken:
            return base64.b32encode(token_bytes(20)).decode()


def _fernet() -> Any:
    from cryptography.fernet import Fernet  # noqa: PLC0415  (some MB that most processes never need)

    key = sha256(b"kebu.office.signin.second-factor" + settings.SECRET_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))


class OutsideAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Identities from outside open the account they were connected to, and make none."""

    def list_apps(
        self, request: Any, provider: str | None = None, client_id: str | None = None
    ) -> list[SocialApp]:
        """Those of the environment alone; the table of apps stays empty."""
        apps = [SocialApp(**values) for values in settings.KEBU_OUTSIDE]
        return [
            app
            for app in apps
            if provider in (None, app.provider, app.provider_id) and client_id in (None, app.client_id)
        ]

    def authenticate_by_email(self, sociallogin: Any) -> tuple[User, str] | None:
        """Whoever has the one active account with the address that the provider has verified, if the
        administrator has said that the provider is to be believed. The empty string keeps his password."""
        app = sociallogin.provider.app
        addresses = [
            found.email for found in sociallogin.email_addresses if found.verified is True and found.email
        ]
        if not app.settings.get("by_email") or not addresses:
            return None
        users = list(User.objects.filter(email__iexact=addresses[0], is_active=True)[:2])
        return (users[0], "") if len(users) == 1 else None

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Somebody signed in connects the identity: written here, without saving his whole row."""
        if sociallogin.state.get("process") != AuthProcess.CONNECT:
            return
        if not isinstance(request.user, User):
            raise ImmediateHttpResponse(redirect(settings.LOGIN_URL))
        flash(request, connect(request.user, sociallogin.account, by=Author.of(request), at=timezone.now()))
        raise ImmediateHttpResponse(redirect("signin:profile"))

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        words = _("这个外部账号还没有连接。先用账号和密码登录，再在“我的账号”里连接它")
        raise ImmediateHttpResponse(turned_away(request, name_of(sociallogin.account.provider), words))

    def on_authentication_error(self, request: HttpRequest, provider: Any, **kwargs: Any) -> None:
        raise ImmediateHttpResponse(turned_away(request, name_of(provider.sub_id), str(UNPROVED)))


def turned_away(request: HttpRequest, account: str, words: str) -> HttpResponse:
    """Back to the sign-in page, told why. Written down as often as tries count, so that nobody fills the
    journal."""
    now = timezone.now()
    attempt = Try.begin(request, account, at=now)
    if not attempt.is_refused:
        attempt.note_failure(at=now)
    flash(request, words)
    return redirect(settings.LOGIN_URL)
