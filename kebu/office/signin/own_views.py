"""One's own account: name, password, second factor, open sessions."""

from secrets import token_hex

from allauth.account.internal.flows.login import record_authentication
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from kebu.base.access.decorators import requires
from kebu.base.journal.authors import Author
from kebu.base.ui.htmx import flash
from kebu.office.signin import actions
from kebu.office.signin.choices import DUE, ROUND, TWO_FACTOR
from kebu.office.signin.entry import has_just_shown_himself
from kebu.office.signin.forms import OwnNameForm, OwnPasswordForm, PasswordAgainForm, SecretForm
from kebu.office.signin.qr import in_groups, qr_code, totp_url
from kebu.office.signin.queries import (
    codes_left,
    device_in_words,
    has_two_factor,
    name_of,
    open_sessions,
    ways_in,
)
from kebu.office.staff.actions import change_password, rename_self
from kebu.office.staff.models import User
from kebu.office.staff.queries import signed_in

NAV = {"nav": "signin:profile"}


@requires()
@require_http_methods(["GET", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    """Who I am here, and a new password."""
    user, posted = signed_in(request), request.method == "POST"
    is_password = "password" in request.POST
    form = OwnPasswordForm(request.POST if posted and is_password else None, request=request)
    named = request.POST if posted and not is_password else None
    name_form = OwnNameForm(named, user=user, initial={"name": user.name})
    if form.is_valid():
        _renew_password(request, user, form.cleaned_data["password"])
        flash(request, _("密码已改，别的设备要重新登录"))
        return redirect("signin:profile")
    if name_form.is_valid():
        rename_self(user, name_form.cleaned_data["name"], by=Author.of(request), at=timezone.now())
        flash(request, _("姓名已改"))
        return redirect("signin:profile")
    context = {"form": form, "name_form": name_form, "due": request.session.get(DUE), **_facts(user), **NAV}
    return render(request, "signin/profile.html", context, status=422 if posted else 200)


def _facts(user: User) -> dict[str, object]:
    ways = dict(ways_in())
    linked = list(SocialAccount.objects.filter(user=user)) if ways else []
    return {
        "roles": user.roles.all(),
        "two_factor": has_two_factor(user),
        "session_count": open_sessions(user).count(),
        "linked": [(account.pk, name_of(account.provider)) for account in linked],
        "ways": [(key, name) for key, name in ways.items() if key not in {one.provider for one in linked}],
    }


def _renew_password(request: HttpRequest, user: User, password: str) -> None:
    """Set it; this session goes on under another number, the others end with the old password."""
    row = UserSession.objects.filter(session_key=request.session.session_key).first()
    change_password(user, password, by=Author.of(request), at=timezone.now())
    update_session_auth_hash(request, user)
    if row is not None:
        row.pk, row.session_key = None, request.session.session_key
        row.save(force_insert=True)
    request.session.pop(DUE, None)


@requires()
@require_http_methods(["GET", "POST"])
def two_factor(request: HttpRequest) -> HttpResponse:
    """The second factor: set it up, or see that it is there."""
    user, now = signed_in(request), timezone.now()
    if has_two_factor(user):
        return _two_factor_kept(request, user)
    posted = request.method == "POST"
    is_trusted = has_just_shown_himself(request, now)
    form = SecretForm(request.POST if posted else None, request=request, is_trusted=is_trusted)
    if posted and form.is_valid():
        codes = actions.set_up_two_factor(
            user, form.secret, form.cleaned_data["code"], by=Author.of(request), at=now
        )
        request.session[TWO_FACTOR], request.session[ROUND] = True, token_hex(8)
        record_authentication(request, user, "mfa", type="totp")
        return _codes(request, codes, is_first=True)
    context = {
        "form": form,
        "url": (url := totp_url(user, form.secret)),
        "qr": qr_code(url),
        "secret": in_groups(form.secret),
        "is_required": user.is_two_factor_required,
        **NAV,
    }
    return render(request, "signin/two_factor_setup.html", context, status=422 if posted else 200)


def _two_factor_kept(request: HttpRequest, user: User, form: PasswordAgainForm | None = None) -> HttpResponse:
    context = {
        "form": form or PasswordAgainForm(request=request),
        "left": codes_left(user),
        "is_required": user.is_two_factor_required,
        "is_shown": request.session.get(TWO_FACTOR, False),
        **NAV,
    }
    return render(request, "signin/two_factor.html", context, status=422 if form else 200)


def _codes(request: HttpRequest, codes: list[str], *, is_first: bool) -> HttpResponse:
    context = {"codes": codes, "text": "\n".join(codes), "is_first": is_first, **NAV}
    return render(request, "signin/codes.html", context)


@requires()
@require_POST
def recovery_codes(request: HttpRequest) -> HttpResponse:
    """New recovery codes, shown this once."""
    user = signed_in(request)
    form = PasswordAgainForm(request.POST, request=request)
    if not has_two_factor(user):
        return redirect("signin:two_factor")
    if not form.is_valid():
        return _two_factor_kept(request, user, form)
    return _codes(
        request, actions.renew_codes(user, by=Author.of(request), at=timezone.now()), is_first=False
    )


@requires()
@require_POST
def two_factor_removal(request: HttpRequest) -> HttpResponse:
    """Do without the second factor again; not where the role wants it."""
    user = signed_in(request)
    form = PasswordAgainForm(request.POST, request=request)
    if user.is_two_factor_required:
        form.add_error(None, _("你的角色要求两步验证，不能关。换了手机请管理员重置"))
    if not has_two_factor(user):
        return redirect("signin:two_factor")
    if not form.is_valid():
        return _two_factor_kept(request, user, form)
    actions.remove_two_factor(user, by=Author.of(request), at=timezone.now())
    request.session.pop(TWO_FACTOR, None)
    flash(request, _("两步验证已关"))
    return redirect("signin:profile")


@requires()
@require_http_methods(["GET", "POST"])
def sessions(request: HttpRequest) -> HttpResponse:
    """Where I am signed in; POST ends one session, or all but this one."""
    user, own = signed_in(request), request.session.session_key
    if request.method == "POST":
        chosen = request.POST.get("session", "")
        found = UserSession.objects.exclude(session_key=own)
        if chosen:
            found = found.filter(pk=int(chosen)) if chosen.isdecimal() and len(chosen) < 19 else found.none()
        count = actions.end_sessions(user, found, by=Author.of(request), at=timezone.now())
        flash(request, _("%(count)d台设备已退出") % {"count": count} if count else _("没有要退出的设备"))
        return redirect("signin:sessions")
    rows = [
        (one, device_in_words(one.user_agent), one.session_key == own)
        for one in open_sessions(user).order_by("-last_seen_at")
    ]
    return render(request, "signin/sessions.html", {"rows": rows, "has_others": len(rows) > 1, **NAV})
