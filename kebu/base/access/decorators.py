"""Every view names its permission here; the mark is what the resolver test looks for."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import patch_cache_control

from kebu.base.access.choices import Permission

P = ParamSpec("P")
Response = TypeVar("Response", bound=HttpResponseBase)
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]

SIGNED_IN = "signed-in"
PUBLIC = "public"


def requires(permission: Permission | None = None) -> Callable[[View[P]], View[P]]:
    """Let the view answer only signed-in users with ``permission`` (None: any signed-in user).

    Strangers go to the sign-in page, users without the permission get 403 before anything is read or written.
    """

    def decorate(view: View[P]) -> View[P]:
        @wraps(view)
        def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            user: Any = request.user
            if not user.is_authenticated:
                return _to_sign_in(request)
            if permission is not None and not user.can(permission):
                raise PermissionDenied
            response = view(request, *args, **kwargs)
            patch_cache_control(cast("HttpResponse", response), no_store=True, private=True)
            return response

        guarded.permission = permission.value if permission else SIGNED_IN  # type: ignore[attr-defined]
        return guarded

    return decorate


def public(view: View[P]) -> View[P]:
    """Mark a view that strangers may open."""
    view.permission = PUBLIC  # type: ignore[attr-defined]
    return view


def _to_sign_in(request: HttpRequest) -> HttpResponseBase:
    """Send a page to the sign-in form; tell a fragment request to reload as a page."""
    if request.headers.get("HX-Request"):
        response = HttpResponse(status=401)
        response["HX-Refresh"] = "true"
        return response
    return redirect_to_login(request.get_full_path())
