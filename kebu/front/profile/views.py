"""The customer page and its parts."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from kebu.base.access.choices import Permission
from kebu.base.access.decorators import requires
from kebu.base.ui.htmx import is_fragment, render_page
from kebu.crm.customers.neighbours import Neighbours, neighbours, place_in
from kebu.front.profile.page import Profile

PARTS = (
    "timeline",
    "panel",
    "head",
    "older",
    "people",
    "follow",
    "blanks",
    "collaborators",
    "plans",
    "promises",
    "proposals",
)


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
        "place": place_in(request.GET.get("at", "")),
        "beside": None if is_fragment(request) else _beside(profile),
    }
    return render_page(request, "profile/customer.html", parts, fragment=PARTS)


def _beside(profile: Profile) -> Neighbours | None:
    """Who stands before and after the customer in the list it was opened from."""
    asked = profile.request.GET.get("list", "")
    place = place_in(profile.request.GET.get("at", ""))
    return neighbours(profile.user, asked, profile.customer, profile.context, place)
