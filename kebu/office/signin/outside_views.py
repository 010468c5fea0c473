"""In through an identity from outside: OpenID Connect, 钉钉, 飞书, 微信, whichever is configured."""

from typing import Any

from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialAccount
from allauth.socialaccount.providers.base import AuthProcess
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from kebu.base.access.decorators import public, requires
from kebu.base.journal.authors import Author
from kebu.base.ui.htmx import flash
from kebu.office.signin.actions import disconnect
from kebu.office.signin.adapters import UNPROVED, turned_away
from kebu.office.signin.queries import name_of, ways_in
from kebu.office.staff.queries import signed_in

UNREADABLE = (LookupError, TypeError, ValueError, AttributeError)
"""What the library's parts run into when the other side answers something else than they expect."""


@public
@never_cache
@require_POST
def outside(request: HttpRequest, way: str) -> HttpResponse:
    """Off to the other side, to come back signed in."""
    return _off(request, way, AuthProcess.LOGIN, next_url=None)


@requires()
@require_POST
def outside_connect(request: HttpRequest, way: str) -> HttpResponse:
    """Off to the other side, to come back with an identity to connect."""
    return _off(request, way, AuthProcess.CONNECT, next_url=None)


def _off(request: HttpRequest, way: str, process: str, *, next_url: str | None) -> HttpResponse:
    """A page that leads on by itself: after a form one may be redirected within the house only (CSP)."""
    try:
        answer = _provider(request, way).redirect(request, process, next_url=next_url)
    except (OSError, KeyError):  # what requests raises when nobody is there, or somebody else
        flash(request, _("现在连不上%(name)s，请用账号和密码登录，或过一会儿再试") % {"name": name_of(way)})
        return redirect("signin:sign_in")
    if answer.status_code == 302 and "://" in answer["Location"]:
        return render(request, "signin/off.html", {"url": answer["Location"], "name": name_of(way)})
    return redirect("signin:sign_in")


@public
@never_cache
@require_GET
def outside_back(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Back from there: django-allauth checks what was brought along and asks our adapter whom to let in."""
    from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView  # noqa: PLC0415  (some MB)

    provider = _provider(request, provider_id)
    view = OAuth2CallbackView.adapter_view(provider.get_oauth2_adapter(request))
    try:
        answer: HttpResponse = view(request)
    except UNREADABLE:
        return turned_away(request, name_of(provider_id), str(UNPROVED))
    return answer


def _provider(request: HttpRequest, way: str) -> Any:
    if way not in dict(ways_in()):
        raise Http404
    return get_adapter().get_provider(request, way)


@requires()
@require_POST
def outside_removal(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a connection away; the password remains."""
    user = signed_in(request)
    account = get_object_or_404(SocialAccount, pk=pk, user=user)
    if not user.has_usable_password():
        flash(request, _("你还没有密码，断开就不能登录了。先请管理员给一个设密码的链接"))
    else:
        disconnect(account, by=Author.of(request), at=timezone.now())
        flash(request, _("已断开"))
    return redirect("signin:profile")
