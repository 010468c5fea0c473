"""Signing in and out, setting a password by link, and the first run."""

from allauth.account.internal.flows.login import perform_login
from allauth.account.internal.stagekit import clear_login
from allauth.account.models import Login
from allauth.account.stages import LoginStageController
from allauth.usersessions.models import UserSession
from django.contrib.auth import authenticate, logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from kebu.base.access.decorators import public
from kebu.base.journal.authors import Author, visitor_address
from kebu.base.journal.choices import Action, Door
from kebu.base.ui.htmx import flash
from kebu.office.signin.entry import come_in
from kebu.office.signin.forms import CodeForm, FirstUserForm, SignInForm
from kebu.office.signin.queries import can_mail, has_two_factor, ways_in
from kebu.office.signin.stages import SecondStep
from kebu.office.signin.tries import Try, note_session, refusal
from kebu.office.staff.actions import found_company, set_password_by_link
from kebu.office.staff.forms import NewPasswordForm
from kebu.office.staff.models import User
from kebu.office.staff.password_links import LINK_DAYS, holder_of
from kebu.office.staff.queries import signed_in


@public
@never_cache
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """The sign-in page; afterwards on to where one wanted to go."""
    if request.user.is_authenticated:
        return HttpResponseRedirect(_next(request))
    form, error = SignInForm(request.POST or None), ""
    if request.method == "POST" and form.is_valid():
        now, data = timezone.now(), form.cleaned_data
        attempt = Try.begin(request, data["username"], at=now)
        user = (
            None
            if attempt.is_refused
            else authenticate(request, username=attempt.account, password=data["password"])
        )
        if isinstance(user, User):
            if has_two_factor(user):
                attempt.let_pass()
            else:
                attempt.forgive()
            return come_in(
                request,
                user,
                data["password"],
                next_url=_next(request),
                is_kept=data["is_remembered"],
                at=now,
            )
        if not attempt.is_refused:
            attempt.note_failure(at=now)
        error = refusal(attempt.left, _("账号或密码不对"))
    context = {
        "form": form,
        "error": error,
        "next": request.GET.get("next", request.POST.get("next", "")),
        "ways": ways_in(),
        "can_mail": can_mail(),
    }
    return render(request, "signin/sign_in.html", context, status=422 if request.method == "POST" else 200)


def _next(request: HttpRequest) -> str:
    """Where to go after signing in: an address of this site, else the desk."""
    url = request.POST.get("next") or request.GET.get("next") or ""
    is_ours = url.startswith("/") and url_has_allowed_host_and_scheme(url, None, request.is_secure())
    return url if is_ours else reverse("desk:desk")


@public
@never_cache
@require_http_methods(["GET", "POST"])
def second_step(request: HttpRequest) -> HttpResponse:
    """The code, for whoever gave the right password and has a second factor."""
    stage = LoginStageController.enter(request, SecondStep.key)
    user = stage.login.user if stage else None
    if stage is None or not isinstance(user, User) or not user.is_active:
        clear_login(request)
        return redirect("signin:sign_in")
    form, error = CodeForm(request.POST or None, user=user), ""
    if request.method == "POST":
        now = timezone.now()
        attempt = Try.begin(request, user.username, at=now)
        if not attempt.is_refused and form.is_valid():
            attempt.forgive()
            form.save()
            response: HttpResponse = stage.exit()
            return response
        if not attempt.is_refused:
            attempt.note_failure(at=now)
        wrong = _("这个动态码用过了，等验证器换了数字再填") if form.is_used else _("动态码不对")
        error = refusal(attempt.left, wrong)
    context = {"form": form, "error": error, "person": user}
    return render(
        request, "signin/second_step.html", context, status=422 if request.method == "POST" else 200
    )


@public
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session."""
    if request.user.is_authenticated:
        user = signed_in(request)
        note_session(Action.SIGN_OUT, user.username, Author.of(request), at=timezone.now())
        UserSession.objects.filter(session_key=request.session.session_key).delete()
    logout(request)
    return redirect("signin:sign_in")


@public
@never_cache
@require_http_methods(["GET", "POST"])
def set_password(request: HttpRequest, key: str, token: str) -> HttpResponse:
    """Set one's password by the link the administrator gave, or the mail brought; then sign in with it."""
    user = holder_of(key, token, User.objects.all())
    if user is None:
        return render(request, "signin/set_password.html", {"days": LINK_DAYS}, status=410)
    posted = request.method == "POST"
    form = NewPasswordForm(request.POST if posted else None, user=user)
    if form.is_valid():
        by, now = Author(user.pk, user.name, Door.PAGE, visitor_address(request)), timezone.now()
        if set_password_by_link(key, token, form.cleaned_data["password"], by=by, at=now):
            logout(request)
            flash(request, _("密码设好了，用它登录"))
            return redirect("signin:sign_in")
        return redirect(request.path)
    context = {"form": form, "person": user}
    return render(request, "signin/set_password.html", context, status=422 if posted else 200)


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
            return redirect("signin:sign_in")
        response: HttpResponse = perform_login(request, Login(user=user, redirect_url=reverse("demo:offer")))
        return response
    return render(
        request, "signin/setup.html", {"form": form}, status=422 if request.method == "POST" else 200
    )
