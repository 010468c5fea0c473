"""Every request sees the office's own fields as they are when it begins."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from kebu.base.fields.models import SHARED
from kebu.base.fields.own import renew


def with_own_fields(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[..., HttpResponse]:
    """Look again; nothing is read before fields are used, and the stamps of all that is remembered once."""

    def middleware(request: HttpRequest) -> HttpResponse:
        renew()
        token = SHARED.set({})
        try:
            return get_response(request)
        finally:
            SHARED.reset(token)

    return middleware
