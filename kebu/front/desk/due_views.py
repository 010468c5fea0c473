"""The list behind a figure of the desk: what is due of one person, or of all whom the reader sees."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from kebu.base.access.choices import Permission
from kebu.base.access.decorators import requires
from kebu.base.fields.directories import Context
from kebu.base.kit.text import whole_number
from kebu.base.ui.htmx import render_page
from kebu.base.ui.paging import Count
from kebu.front.desk.due_lists import DueList
from kebu.front.desk.queries import due_url
from kebu.front.desk.team import owner_ids
from kebu.office.staff.fields import STAFF
from kebu.office.staff.queries import signed_in

TITLES = {"overdue": _("逾期"), "today": _("今天"), "week": _("7天内")}


@requires(Permission.CUSTOMER_VIEW)
@require_safe
def due(request: HttpRequest) -> HttpResponse:
    """Next follow-ups, plans and promises of a stretch (``when``), of ``who`` or of everybody."""
    user = signed_in(request)
    context = Context(reader=user)
    who = whole_number(request.GET["who"]) if "who" in request.GET else None
    seen = {*owner_ids(user, context), user.pk}
    if "who" in request.GET and who not in seen:
        raise Http404
    who = user.pk if len(seen) == 1 else who
    when = request.GET.get("when", "")
    when = when if when in TITLES else "overdue"
    found = DueList(user, sorted(seen) if who is None else [who], context, when)
    page = found.page(whole_number(request.GET.get("cursor", "")) or 1)
    parts = {
        "nav": "desk:desk",
        "name": context.directory(STAFF).name(who) if who is not None else "",
        "is_me": who == user.pk,
        "title": TITLES[when],
        "tabs": [
            {"label": label, "url": due_url(code, who), "is_current": code == when, "count": ""}
            for code, label in TITLES.items()
        ],
        "counts": found.counts,
        "total": sum(found.counts),
        "count": Count(sum(found.counts)),
        "page": page,
        "today": context.today,
    }
    return render_page(request, "desk/due.html", parts, fragment="rows")
