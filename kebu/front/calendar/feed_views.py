"""The subscription to one's calendar: begun, renewed and ended by its person, read by his phone."""

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from kebu.base.access.choices import Permission
from kebu.base.access.decorators import public, requires
from kebu.base.journal.authors import Author
from kebu.base.journal.choices import Action
from kebu.base.journal.models import JournalEntry, Line
from kebu.base.ui.htmx import close, render_page, toast
from kebu.front.calendar.feeds import feed_text
from kebu.front.calendar.models import Feed
from kebu.office.staff.models import User
from kebu.office.staff.queries import signed_in


@requires(Permission.CUSTOMER_VIEW)
@require_http_methods(["GET", "HEAD", "POST", "DELETE"])
def subscription(request: HttpRequest) -> HttpResponse:
    """POST makes a new address, told this once, and ends the former one; DELETE ends it."""
    user = signed_in(request)
    token = ""
    if request.method == "DELETE" or "end" in request.POST:
        _end(user, request)
        return toast(close(HttpResponse(status=204), "dialog"), _("订阅已停用，手机上的日历不再更新"))
    if request.method == "POST":
        token = _renew(user, request)
    parts = {
        "nav": "calendar:calendar",
        "feed": Feed.objects.filter(user=user).first(),
        "address": request.build_absolute_uri(reverse("calendar:feed", args=[token])) if token else "",
    }
    return render_page(request, "calendar/subscription.html", parts, fragment="dialog")


@transaction.atomic
def _renew(user: User, request: HttpRequest) -> str:
    now = timezone.now()
    token = Feed.objects.renew(user.pk, at=now)
    _record(user, Action.CREATE, request)
    return token


@transaction.atomic
def _end(user: User, request: HttpRequest) -> None:
    if Feed.objects.filter(user=user).delete()[0]:
        _record(user, Action.DELETE, request)


def _record(user: User, action: Action, request: HttpRequest) -> None:
    line = Line(kind="calendar_feed", record_id=user.pk, name=user.name, action=action, version=1)
    JournalEntry.objects.record([line], by=Author.of(request), at=timezone.now())


@public
@require_safe
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """The calendar of whom the token belongs to, as he may see it now; anything else is not there."""
    found = Feed.objects.opened_by(token)
    if found is None or not found.user.can(Permission.CUSTOMER_VIEW):
        raise Http404
    text = feed_text(found.user, at=timezone.now(), base=request.build_absolute_uri("/").rstrip("/"))
    response = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="kebu.ics"'
    response["Cache-Control"] = "private, no-store"
    response["X-Robots-Tag"] = "noindex"
    return response
