"""The same page to the same person without narrowing and rules of fields: the difference is their cost."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from kebu.office.staff.models import ADMIN, Role
from kebu.trials.bench.people import UNBOUND

EVERYTHING = Role(code=ADMIN)  # nothing is read to know what it allows


def open_wide(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: who brings that cookie is not asked what he may."""

    def answer(request: HttpRequest) -> HttpResponse:
        if UNBOUND in request.COOKIES and request.user.is_authenticated:
            request.user.play([EVERYTHING])
        return get_response(request)

    return answer
