"""The page 登录安全: what the office wants of passwords and sessions, and who is signed in how."""

from allauth.usersessions.models import UserSession
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kebu.base.access.choices import Permission
from kebu.base.access.decorators import requires
from kebu.base.journal.authors import Author
from kebu.base.ui.htmx import flash, redirect_to, render_page
from kebu.office.signin import actions
from kebu.office.signin.forms import PolicyForm
from kebu.office.signin.models import SignInPolicy
from kebu.office.signin.queries import people
from kebu.office.staff.models import User
from kebu.office.staff.office import settings_tabs

manage = requires(Permission.STAFF_MANAGE)
PAGE = "signin:policy"


@manage
@require_http_methods(["GET", "POST"])
def policy(request: HttpRequest) -> HttpResponse:
    """Rules for everybody, and the people with second factor and open sessions."""
    current, status = SignInPolicy.current(), 200
    form = PolicyForm(request.POST if request.method == "POST" else None, policy=current)
    if request.method == "POST":
        status = 422
        if form.is_valid():
            if _saved(request, form):
                flash(request, _("已保存，打开着的登录也马上按新的来"))
                return redirect(PAGE)
            form.add_error(None, _("刚才有别人改过，看一下现在的再改"))
            status = 409
    context = {"nav": "staff:users", "tabs": settings_tabs(request, PAGE), "form": form, "people": people()}
    return render_page(request, "signin/policy.html", context, fragment="rows", status=status)


def _saved(request: HttpRequest, form: PolicyForm) -> bool:
    data, by, now = form.cleaned_data, Author.of(request), timezone.now()
    return actions.change_policy(form.values(), data["roles"], version=data["version"], by=by, at=now)


@manage
@require_http_methods(["GET", "POST"])
def two_factor_reset(request: HttpRequest, pk: int) -> HttpResponse:
    """GET asks; POST takes somebody's second factor off, who has lost his phone, and ends his sessions."""
    person = get_object_or_404(User, pk=pk)
    if request.method == "GET":
        return _ask(
            request,
            _("重置%(name)s的两步验证") % {"name": person.name},
            _("以后他只用密码登录，直到重新设置；他现在的登录全部退出。先确认真是他本人要的。"),
            _("重置"),
        )
    actions.reset_two_factor(person, by=Author.of(request), at=timezone.now())
    flash(request, _("%(name)s的两步验证已重置") % {"name": person.name})
    return redirect_to(request, reverse(PAGE))


@manage
@require_http_methods(["GET", "POST"])
def sessions_end(request: HttpRequest, pk: int) -> HttpResponse:
    """GET asks; POST ends every session of somebody."""
    person = get_object_or_404(User, pk=pk)
    if request.method == "GET":
        return _ask(
            request,
            _("让%(name)s退出所有设备") % {"name": person.name},
            _("他正在填的内容会丢。以后他还能用密码登录；不让他再来，请在员工里停用。"),
            _("全部退出"),
        )
    count = actions.end_sessions(person, UserSession.objects.all(), by=Author.of(request), at=timezone.now())
    flash(request, _("%(name)s已退出%(count)d台设备") % {"name": person.name, "count": count})
    return redirect_to(request, reverse(PAGE))


def _ask(request: HttpRequest, title: str, text: str, button: str) -> HttpResponse:
    parts = {"nav": "staff:users", "title": title, "text": text, "button": button}
    return render_page(request, "signin/ask.html", parts, fragment="dialog")
