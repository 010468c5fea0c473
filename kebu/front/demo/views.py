"""The second and third step of the first run: demo data or an empty start, then how the real ones get in."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kebu.base.access.choices import Permission
from kebu.base.access.decorators import requires
from kebu.base.jobs.choices import FINAL
from kebu.base.jobs.models import Job
from kebu.base.ui.htmx import flash
from kebu.crm.customers.models import Customer
from kebu.front.demo.actions import has_demo
from kebu.office.staff.queries import signed_in

KINDS = ("demo.fill", "demo.remove")
manage = requires(Permission.STAFF_MANAGE)


@manage
@never_cache
@require_http_methods(["GET", "POST"])
def offer(request: HttpRequest) -> HttpResponse:
    """GET offers demo data or an empty start; POST has the demo made and goes on."""
    parts = _standing()
    if request.method == "POST":
        if parts["can_fill"]:
            _enqueue("demo.fill", request)
        return redirect("demo:next")
    return render(request, "demo/offer.html", parts)


@manage
@require_POST
def removal(request: HttpRequest) -> HttpResponse:
    """Take the demo data away in the background; a demonstration as a whole is ended on the command line."""
    if _standing()["can_remove"]:
        _enqueue("demo.remove", request)
    else:
        flash(request, _("没有可以在这里删除的示例数据"))
    return redirect("demo:offer")


@manage
@never_cache
@require_GET
def next_step(request: HttpRequest) -> HttpResponse:
    """The last step: how customers and colleagues get in; the demo's progress on top."""
    return render(request, "demo/next.html", _standing())


def _standing() -> dict[str, Any]:
    """What of the demo is there, under way or possible."""
    jobs = Job.objects.filter(kind__in=KINDS)
    job, is_there = jobs.order_by("-id").first(), has_demo()
    is_busy = job is not None and not job.is_over
    is_demonstration = bool(settings.KEBU_DEMO_PASSWORD)
    return {
        "job": job,
        "is_busy": is_busy,
        "is_there": is_there,
        "can_fill": not (is_busy or is_there or Customer.objects.exists()),
        "can_remove": is_there and not is_busy and not is_demonstration,
    }


def _enqueue(kind: str, request: HttpRequest) -> Job:
    """Ask for it once: whoever presses twice gets the job of the first time."""
    earlier = Job.objects.filter(kind=kind, state__in=FINAL).count()
    args = {"at": timezone.now().isoformat()}
    return Job.objects.enqueue(kind, args, owner_id=signed_in(request).pk, key=f"{kind} {earlier}")
