"""The command box's answers."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from kebu.base.access.decorators import requires
from kebu.front.palette.queries import Answer
from kebu.office.staff.queries import signed_in


@requires()
@require_GET
def search(request: HttpRequest) -> HttpResponse:
    """Hits for ``?q=``; without a query what one needs most. ``at`` is the page asked from."""
    answer = Answer(request, signed_in(request))
    return render(request, "palette/hits.html", {"query": answer.query, "groups": answer.groups})
