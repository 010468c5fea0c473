"""Signing in and out, one's own profile, and the first run."""

from django.contrib.auth import login, logout, update_session_auth_hash
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from kebu.base.access.decorators import public, requires
from kebu.base.journal.authors import Author, visitor_address
from kebu.base.journal.choices import Action, Door
from kebu.base.ui.htmx import flash
from kebu.office.staff.actions import change_password, found_company, rename_self, set_password_by_link
from kebu.office.staff.forms import FirstUserForm, NewPasswordForm, OwnNameForm, OwnPasswordForm, SignInForm
from kebu.office.staff.models import User
from kebu.office.staff.password_links import LINK_DAYS, holder_of
from kebu.office.staff.queries import signed_in
from kebu.office.staff.sign_in import TRIES, note_session, try_sign_in


@public
@never_cache
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """The sign-in page; afterwards on to where one wanted to go."""
    if request.user.is_authenticated:
        return HttpResponseRedirect(_next(request))
    form, error = SignInForm(request.POST or None), ""
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        attempt = try_sign_in(request, data["username"], data["password"], at=timezone.now())
        if attempt.user:
            login(request, attempt.user)
            if not data["is_remembered"]:
                request.session.set_expiry(0)
            return HttpResponseRedirect(_next(request))
        error = _refusal(attempt.left)
    context = {"form": form, "error": error, "next": request.GET.get("next", request.POST.get("next", ""))}
    return render(request, "staff/sign_in.html", context, status=422 if request.method == "POST" else 200)


def _refusal(left: int) -> str:
    if left <= 0:
        return _("试错太多次了，请15分钟后再试，或请管理员重设密码")
    if left < TRIES:
        return _("账号或密码不对，还能再试%(left)d次") % {"left": left}
    return _("账号或密码不对")


def _next(request: HttpRequest) -> str:
    """Where to go after signing in: an address of this site, else the desk."""
    url = request.POST.get("next") or request.GET.get("next") or ""
    is_ours = url.startswith("/") and url_has_allowed_host_and_scheme(url, None, request.is_secure())
    return url if is_ours else reverse("desk:desk")


@public
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session."""
    if request.user.is_authenticated:
        user = signed_in(request)
        note_session(Action.SIGN_OUT, user.username, Author.of(request), at=timezone.now())
    logout(request)
    return redirect("staff:sign_in")


@requires()
@require_http_methods(["GET", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    """Who I am here, and a new password."""
    user, posted = signed_in(request), request.method == "POST"
    is_password = "password" in request.POST
    form = OwnPasswordForm(request.POST if posted and is_password else None, user=user)
    named = request.POST if posted and not is_password else None
    name_form = OwnNameForm(named, user=user, initial={"name": user.name})
    if form.is_valid():
        change_password(user, form.cleaned_data["password"], by=Author.of(request), at=timezone.now())
        update_session_auth_hash(request, user)
        flash(request, _("密码已改，别的设备要重新登录"))
        return redirect("staff:profile")
    if name_form.is_valid():
        rename_self(user, name_form.cleaned_data["name"], by=Author.of(request), at=timezone.now())
        flash(request, _("姓名已改"))
        return redirect("staff:profile")
    context = {"form": form, "name_form": name_form, "roles": user.roles.all(), "nav": "staff:profile"}
    return render(request, "staff/profile.html", context, status=422 if posted else 200)


@public
@never_cache
@require_http_methods(["GET", "POST"])
def set_password(request: HttpRequest, key: str, token: str) -> HttpResponse:
    """Set one's password by the link the administrator gave; then sign in with it."""
    user = holder_of(key, token, User.objects.all())
    if user is None:
        return render(request, "staff/set_password.html", {"days": LINK_DAYS}, status=410)
    posted = request.method == "POST"
    form = NewPasswordForm(request.POST if posted else None, user=user)
    if form.is_valid():
        by = Author(user.pk, user.name, Door.PAGE, visitor_address(request))
        if set_password_by_link(key, token, form.cleaned_data["password"], by=by, at=timezone.now()):
            logout(request)
            flash(request, _("密码设好了，用它登录"))
            return redirect("staff:sign_in")
        return redirect(request.path)
    context = {"form": form, "person": user}
    return render(request, "staff/set_password.html", context, status=422 if posted else 200)


@public
@never_cache
@require_http_methods(["GET", "POST"])
def setup(request: HttpRequest) -> HttpResponse:
    """The first run: the administrator makes himself, then signs in at once. Closed once anybody exists."""
    if User.objects.exists():
        return redirect("desk:desk")
    form = FirstUserForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        user = found_company(
            name=form.cleaned_data["name"],
            username=form.cleaned_data["username"],
            password=form.cleaned_data["password"],
            company=form.cleaned_data["company"],
            at=timezone.now(),
        )
        if user is None:
            return redirect("staff:sign_in")
        login(request, user, backend="django.contrib.auth.backends.ModelBackend")
        return redirect("demo:offer")
    return render(
        request, "staff/setup.html", {"form": form}, status=422 if request.method == "POST" else 200
    )
