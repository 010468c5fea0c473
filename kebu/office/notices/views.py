"""The inbox, and what the bell asks for."""

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST, require_safe

from kebu.base.access.decorators import requires
from kebu.base.kit.text import whole_number
from kebu.base.ui.htmx import flash, is_fragment, redirect_to, render_page, toast, trigger
from kebu.base.ui.paging import Keyset, Sort, capped_count
from kebu.office.notices import actions
from kebu.office.notices.kinds import KINDS
from kebu.office.notices.models import Notice
from kebu.office.notices.queries import kinds_in_order, news_of, popping_up, seen_of
from kebu.office.staff.models import User
from kebu.office.staff.queries import signed_in

PAGE_SIZE = 50
TOLD = 3  # of what is new: more would cover the page
CHANGED = "notices-changed"
INBOX = "notices:list"


@requires()
@require_safe
def notices(request: HttpRequest) -> HttpResponse:
    """What one was told: everything, or what is unread, of one kind or of all."""
    user, is_unread = signed_in(request), request.GET.get("tab") == "unread"
    kind = request.GET.get("kind", "")
    kind = kind if kind in KINDS else ""
    rows = _rows(user, kind)
    rows = rows.filter(read_at=None) if is_unread else rows
    page = Keyset(rows, Sort("id", descending=True), PAGE_SIZE).page(request.GET.get("cursor"))
    news = news_of(user)
    parts = {
        "rows": seen_of(user, page.items),
        "page": page,
        "count": capped_count(rows, 1_000),
        "tabs": _tabs(kind, news.count, is_unread=is_unread),
        "is_unread": is_unread,
        "unread_count": news.count,
        "newest": max((row.pk for row in page.items), default=0),
        "kinds": kinds_in_order(),
        "kind": kind,
    }
    return render_page(request, "notices/list.html", parts, fragment="rows")


def _rows(user: User, kind: str) -> QuerySet[Notice]:
    mine = Notice.objects.filter(user=user)
    return mine.filter(kind=kind) if kind else mine


def _tabs(kind: str, unread: int, *, is_unread: bool) -> list[dict[str, object]]:
    url, of_kind = reverse(INBOX), f"&kind={kind}" if kind else ""
    return [
        {"label": _("全部"), "url": f"{url}?tab=all{of_kind}", "is_current": not is_unread, "count": ""},
        {
            "label": _("未读"),
            "url": f"{url}?tab=unread{of_kind}",
            "is_current": is_unread,
            "count": unread or "",
        },
    ]


@requires()
@require_GET
def news(request: HttpRequest) -> HttpResponse:
    """For the bell: how much is unread and what came after ``?after=``; 304 when all is as it was."""
    user = signed_in(request)
    found, after = news_of(user), whole_number(request.GET.get("after", ""))
    if request.headers.get("If-None-Match") == found.tag:
        answer: HttpResponse = HttpResponseNotModified()
    else:
        new = [row for row in found.unread if after is not None and row.pk > after][:TOLD]
        loud = popping_up(user, new) if new else set()
        told = [
            {"id": row.pk, "title": row.title, "text": row.text, "url": row.url, "is_loud": row.pk in loud}
            for row in reversed(new)
        ]
        answer = JsonResponse({"count": found.count, "newest": found.newest, "news": told})
    answer["ETag"] = found.tag
    return answer


@requires()
@require_POST
def reading(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark one as read, or with ``to=unread`` as unread."""
    notice = get_object_or_404(Notice, pk=pk, user=signed_in(request))
    is_read = request.POST.get("to") != "unread"
    actions.mark(Notice.objects.filter(pk=notice.pk), is_read=is_read, at=timezone.now())
    return _done(request, "")


@requires()
@require_POST
def all_read(request: HttpRequest) -> HttpResponse:
    """Mark everything as read that was on the page or before it; what came since stays unread."""
    newest, kind = whole_number(request.POST.get("newest", "")), request.POST.get("kind", "")
    rows = _rows(signed_in(request), kind).filter(pk__lte=newest or 0)
    count = actions.mark(rows, is_read=True, at=timezone.now())
    return _done(request, _("%(count)d条已标为已读") % {"count": count})


def _done(request: HttpRequest, text: str) -> HttpResponse:
    """The list and the bell look again."""
    if not is_fragment(request):
        if text:
            flash(request, text)
        return redirect_to(request, reverse(INBOX))
    response = trigger(HttpResponse(status=204), CHANGED)
    return toast(response, text) if text else response
