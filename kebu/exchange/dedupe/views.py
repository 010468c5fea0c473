"""Doubles shown while somebody types."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from kebu.base.access.choices import Permission
from kebu.base.access.decorators import requires
from kebu.exchange.dedupe.queries import candidates
from kebu.office.staff.queries import signed_in


@requires(Permission.CUSTOMER_CREATE)
@require_GET
def check(request: HttpRequest) -> HttpResponse:
    """Customers that look like what stands in ``name`` and ``phone``; hidden ones tell only their owner."""
    name = request.GET.get("name", "")[:120]
    phone = request.GET.get("phone", "")[:60]
    matches = candidates(name=name, phones=[phone] if phone else [], user=signed_in(request))
    return render(request, "dedupe/matches.html", {"matches": matches})
