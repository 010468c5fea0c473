"""A job's progress, for the person who asked for it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from kebu.base.access.decorators import requires
from kebu.base.jobs.models import Job

STOP_POLLING = 286  # htmx: swap this answer in and ask no more


@require_GET
@requires()
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Progress bar, refreshed every second until the job is over."""
    return _progress(request, get_object_or_404(Job, pk=pk, owner_id=request.user.pk))


@require_POST
@requires()
def cancellation(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask the job to stop."""
    job = get_object_or_404(Job, pk=pk, owner_id=request.user.pk)
    job.cancel(at=timezone.now())
    job.refresh_from_db()
    return _progress(request, job)


def _progress(request: HttpRequest, job: Job) -> HttpResponse:
    status = STOP_POLLING if job.is_over and request.headers.get("HX-Request") else 200
    return render(request, "jobs/_progress.html", {"job": job}, status=status)
