"""The command box's answers."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from kebu.base.access.choices import Permission
from kebu.base.access.decorators import requires
from kebu.base.fields.directories import Context
from kebu.front.palette import queries
from kebu.office.staff.queries import signed_in


@requires()
@require_GET
def search(request: HttpRequest) -> HttpResponse:
    """Hits for ``?q=``; without a query what one needs most."""
    user = signed_in(request)
    context = Context(reader=user)
    query = request.GET.get("q", "").strip()[: queries.LONGEST]
    found: list[queries.Hit] = []
    if user.can(Permission.CUSTOMER_VIEW):
        found = queries.customers(user, query, context) if query else queries.recent(user, context)
    parts = {"query": query, "customers": found, "commands": queries.commands(user, query)}
    return render(request, "palette/hits.html", parts)
