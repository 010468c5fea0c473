"""The outbox for who looks after it: what did not arrive, and sending it again by hand."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from kebu.base.access.choices import Permission
from kebu.base.access.decorators import requires
from kebu.base.journal.authors import Author
from kebu.base.kit.text import whole_number
from kebu.base.ui.htmx import flash, is_fragment, redirect_to, render_page, toast, trigger
from kebu.base.ui.paging import Keyset, Sort, capped_count
from kebu.office.notices import channels
from kebu.office.notices.channels import BY_HAND
from kebu.office.notices.choices import State
from kebu.office.notices.models import Delivery
from kebu.office.notices.outgoing import counts, tone_of
from kebu.office.notices.readers import readable
from kebu.office.staff.office import settings_tabs
from kebu.office.staff.queries import signed_in

manage = requires(Permission.NOTICE_MANAGE)
PAGE, PAGE_SIZE, MOST = "notices:outbox", 50, 1_000
CHANGED = "outbox-changed"


@manage
@require_GET
def outbox(request: HttpRequest) -> HttpResponse:
    """Deliveries by state, the latest first; titles only of records that the reader sees himself."""
    asked = request.GET.get("state", State.UNCONFIRMED.value)
    state = asked if asked in State.values else ""
    rows = Delivery.objects.filter(state=state) if state else Delivery.objects.all()
    shown = rows.select_related("notice__user", "channel")
    page = Keyset(shown, Sort("id", descending=True), PAGE_SIZE).page(request.GET.get("cursor"))
    seen = readable(signed_in(request), (one.notice.about for one in page.items))
    parts = {
        "nav": "staff:users",
        "tabs": settings_tabs(request, "notices:channels"),
        "states": _tabs(state),
        "state": state,
        "rows": [_line(one, seen) for one in page.items],
        "page": page,
        "count": capped_count(rows, 1_000),
        "is_by_hand": state in BY_HAND,
    }
    return render_page(request, "notices/outbox.html", parts, fragment="rows")


def _tabs(state: str) -> list[dict[str, Any]]:
    found, url = counts(), reverse(PAGE)
    shown = (State.UNCONFIRMED, State.DEAD, State.FAILED, State.WAITING, State.SENT, State.DROPPED)
    tabs = [
        {
            "label": one.label,
            "url": f"{url}?state={one.value}",
            "is_current": state == one,
            "count": found.get(one.value) or "",
        }
        for one in shown
    ]
    return [*tabs, {"label": _("全部"), "url": f"{url}?state=all", "is_current": not state, "count": ""}]


def _line(one: Delivery, seen: set[tuple[str, int]]) -> dict[str, Any]:
    is_seen = not one.notice.about_kind or one.notice.about in seen
    return {
        "delivery": one,
        "title": one.notice.title if is_seen else one.notice.kind_label,
        "tone": tone_of(one.state),
        "is_by_hand": one.state in BY_HAND,
    }


@manage
@require_POST
def resending(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Send one again, or all of a state that the page showed; ``to=sent``: it did arrive."""
    chosen = Delivery.objects.filter(pk=pk) if pk else _all_of(request)
    by, now = Author.of(request), timezone.now()
    if request.POST.get("to") == "sent":
        count = channels.confirm(chosen, by=by, at=now)
        text = _("%(count)d条记为已收到") % {"count": count}
    else:
        count = channels.resend(chosen, by=by, at=now)
        text = _("%(count)d条重新排队，马上就发") % {"count": count}
    if not is_fragment(request):
        flash(request, text)
        return redirect_to(request, reverse(PAGE))
    return trigger(toast(HttpResponse(status=204), text), CHANGED)


def _all_of(request: HttpRequest) -> Any:
    """The oldest thousand of a state, none that came since."""
    state, newest = request.POST.get("state", ""), whole_number(request.POST.get("newest", "")) or 0
    rows = (
        Delivery.objects.filter(state=state, pk__lte=newest) if state in BY_HAND else Delivery.objects.none()
    )
    return Delivery.objects.filter(pk__in=list(rows.order_by("id").values_list("pk", flat=True)[:MOST]))
