"""Answers to htmx: page or fragment, toasts, events.

One URL serves both the page and its parts. The server decides by the request's headers which part to send;
nothing in the query string or the body can ask for a fragment.
"""

import json
from typing import Any
from urllib.parse import urlsplit

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.utils.cache import patch_cache_control, patch_vary_headers

TRIGGER = "HX-Trigger"
WATCHED = "watched"  # in the session


def is_fragment(request: HttpRequest) -> bool:
    """Tell whether htmx asks for a part (not a boosted page, not a page from its history)."""
    headers = request.headers
    whole_page = "HX-Boosted" in headers or "HX-History-Restore-Request" in headers
    return "HX-Request" in headers and not whole_page


def render_page(
    request: HttpRequest,
    template: str,
    context: dict[str, Any],
    *,
    fragment: str | tuple[str, ...] = "rows",
    status: int = 200,
) -> HttpResponse:
    """Render ``template``, or only its partial ``fragment`` when htmx asks.

    With several fragments the one named like the target's id is sent, else the first.
    """
    name = template
    if is_fragment(request):
        name = f"{template}#{_wanted(request, fragment)}"
    response = HttpResponse(render_to_string(name, context, request), status=status)
    patch_vary_headers(response, ["HX-Request", "HX-Target"])
    patch_cache_control(response, no_store=True, private=True)
    return response


def trigger(response: HttpResponse, event: str, **detail: Any) -> HttpResponse:
    """Fire ``event`` on the page when the response arrives; several calls add up."""
    events = json.loads(response.headers.get(TRIGGER, "{}"))
    events[event] = detail
    response[TRIGGER] = json.dumps(events)
    return response


def toast(
    response: HttpResponse, text: object, undo_url: str | None = None, page_url: str = ""
) -> HttpResponse:
    """Say what has been done, or why not; with ``undo_url`` offer 撤销, which POSTs there, with ``page_url``
    打开, which leads there."""
    told = {"text": str(text), "undo": undo_url, "url": page_url}
    detail = {name: value for name, value in told.items() if value or name == "text"}
    if response.status_code >= 400:
        detail["icon"] = "alert-circle"
    return trigger(response, "toast", **detail)


def close(response: HttpResponse, overlay: str) -> HttpResponse:
    """Close the open ``sheet``, ``dialog`` or ``panel``."""
    return trigger(response, f"{overlay}-close")


def flash(request: HttpRequest, text: object, undo_url: str | None = None) -> None:
    """Say what has been done on the next full page, as after a redirect."""
    messages.success(request, str(text), extra_tags=undo_url or "")


def redirect_to(request: HttpRequest, url: str) -> HttpResponse:
    """Send the browser to another page, also from within a fragment request."""
    if not is_fragment(request):
        return redirect(url)
    response = HttpResponse(status=204)
    response["HX-Redirect"] = url
    return response


def page_path(request: HttpRequest) -> str:
    """The path of the page on which the fragment was asked for; "" when it is not told."""
    try:
        return urlsplit(request.headers.get("HX-Current-URL", "")).path
    except ValueError:
        return ""


def watch(request: HttpRequest, url: str) -> None:
    """Have every page of this session POST to ``url`` every few seconds, until ``unwatch``.

    For work in the background: while it goes on the address answers 204, and once with what is to be said.
    """
    request.session[WATCHED] = url


def unwatch(request: HttpRequest, url: str) -> None:
    """End it, unless something else is watched by now."""
    if is_watched(request, url):
        del request.session[WATCHED]


def is_watched(request: HttpRequest, url: str) -> bool:
    """Tell whether the session still asks there; pages drawn before may ask once more."""
    return bool(request.session.get(WATCHED) == url)


def _wanted(request: HttpRequest, fragment: str | tuple[str, ...]) -> str:
    """Return the partial to send: the one named like the swap target, else the first offered."""
    if isinstance(fragment, str):
        return fragment
    target = request.headers.get("HX-Target", "")
    return target if target in fragment else fragment[0]
