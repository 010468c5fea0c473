"""Pages of the interface itself: component gallery, offline page, service worker, refusals."""

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET

from kebu.base.ui.gallery import examples


@require_GET
@login_required
def gallery(request: HttpRequest) -> HttpResponse:
    """Show every component in every state; not part of the product that customers see."""
    if not (settings.DEBUG or settings.KEBU_DEMO_PASSWORD):
        raise Http404
    return render(request, "ui/gallery.html", examples())


@require_GET
@cache_control(public=True, max_age=3600)
def offline(request: HttpRequest) -> HttpResponse:
    """Return the page the browser shows without a connection; it holds no data of anybody."""
    return HttpResponse(_plain("ui/offline.html"))


@require_GET
@cache_control(no_cache=True)
def service_worker(request: HttpRequest) -> HttpResponse:
    """Return the service worker; it may look after the whole site though it lives below /ui/."""
    response = HttpResponse(_plain("ui/sw.js"), content_type="text/javascript; charset=utf-8")
    response["Service-Worker-Allowed"] = "/"
    return response


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Explain an expired form: what was typed is still on the page before."""
    return HttpResponse(_plain("403_csrf.html"), status=403)


def _plain(template: str) -> str:
    """Render without request, so that no user, session or context processor is touched."""
    return render_to_string(template)


gallery.permission = "signed-in"  # type: ignore[attr-defined]
offline.permission = "public"  # type: ignore[attr-defined]
service_worker.permission = "public"  # type: ignore[attr-defined]
