"""The list behind a figure of the review."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from kebu.base.access.choices import Permission
from kebu.base.access.decorators import requires
from kebu.base.ui.htmx import render_page
from kebu.base.ui.paging import Count
from kebu.front.reviews.asking import Asked
from kebu.front.reviews.lists import NEW, Behind


@requires(Permission.MEETING_LEAD)
@require_safe
def customers(request: HttpRequest) -> HttpResponse:
    """Who came (``turned=new``), was won or lost in the period; ``owner`` whose they were, a field its
    value."""
    asked = Asked(request)
    behind = Behind.asked(asked.seen, asked.period, asked.context, request.GET.dict())
    total = behind.count()
    parts = {
        "nav": "reviews:review",
        "asked": asked,
        "behind": behind,
        "is_new": behind.kind == NEW,
        "is_won": behind.kind == "won",
        "total": total,
        "count": Count(total),
        "page": behind.page(request.GET.get("cursor")),
        "back": asked.url("reviews:review"),
        "today": asked.context.today,
    }
    return render_page(request, "reviews/customers.html", parts, fragment="rows")
