"""The customer page and its parts."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from kebu.base.access.choices import Permission
from kebu.base.access.decorators import requires
from kebu.base.ui.htmx import render_page
from kebu.front.profile.page import Profile

PARTS = ("timeline", "panel", "head", "older", "people", "follow")


@requires(Permission.CUSTOMER_VIEW)
@require_safe
def customer(request: HttpRequest, number: str) -> HttpResponse:
    """The whole page; for htmx the part whose id is the target."""
    profile = Profile(request, number)
    parts = {
        "nav": "customers:list",
        "profile": profile,
        "customer": profile.customer,
        "today": profile.today,
    }
    return render_page(request, "profile/customer.html", parts, fragment=PARTS)
