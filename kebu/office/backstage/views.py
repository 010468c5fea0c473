"""Pages of background jobs and of the schedule, for who may manage them."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kebu.base.access.choices import Permission
from kebu.base.access.decorators import requires
from kebu.base.jobs.models import Job
from kebu.base.jobs.registry import KINDS
from kebu.base.journal.authors import Author
from kebu.base.ui.htmx import flash, is_fragment, redirect_to, render_page, toast, trigger
from kebu.base.ui.paging import Keyset, Sort
from kebu.office.backstage import actions
from kebu.office.backstage.queries import Wanted, choices, lines, planned, shown, standing
from kebu.office.staff.office import settings_tabs

PAGE, SCHEDULE = "backstage:list", "backstage:schedule"
CHANGED = "jobs-changed"
PAGE_SIZE = 30
manage = requires(Permission.JOB_MANAGE)


def _parts(request: HttpRequest) -> dict[str, Any]:
    return {"nav": "staff:users", "tabs": settings_tabs(request, PAGE)}


@manage
@require_safe
def job_list(request: HttpRequest) -> HttpResponse:
    """All jobs, the latest first."""
    wanted = Wanted.read(request.GET.dict())
    page = Keyset(wanted.jobs(), Sort("id", descending=True), PAGE_SIZE).page(request.GET.get("cursor"))
    rows = shown(page.items)
    parts = _parts(request) | {"wanted": wanted, "page": page, "rows": rows, **standing(timezone.now())}
    parts["is_moving"] = any(not row.job.is_over for row in rows)
    if not is_fragment(request):
        parts |= choices()
    return render_page(request, "backstage/list.html", parts, fragment="rows")


@manage
@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One job: how far it is, what happened to it, what can be done about it."""
    job = get_object_or_404(Job.objects.select_related("again"), pk=pk)
    parts = _parts(request) | {
        "row": shown([job])[0],
        "job": job,
        "kind": KINDS.get(job.kind),
        "lines": job.lines.order_by("-id"),
        "reruns": list(job.reruns.order_by("id").only("pk", "state")),
        "why_not_again": actions.why_not_again(job),
    }
    return render_page(request, "backstage/detail.html", parts, fragment="job")


@manage
@require_safe
def schedule(request: HttpRequest) -> HttpResponse:
    """The table of recurring jobs: what, when, how it went last, when it comes next."""
    parts = _parts(request) | {"planned": planned(timezone.now())}
    parts["is_moving"] = any(each.is_busy for each in parts["planned"])
    return render_page(request, "backstage/schedule.html", parts, fragment="rows")


def _done(
    request: HttpRequest, act: Callable[[], Job | None], words: str, page: str, pk: int | None = None
) -> HttpResponse:
    """Do it and say so, or say why it was not done."""
    try:
        made = act()
    except actions.Refused as refusal:
        if is_fragment(request):
            return toast(HttpResponse(status=409), refusal)
        flash(request, refusal)
        return redirect_to(request, reverse(page, args=[pk] if pk else None))
    if made is None and is_fragment(request):
        return trigger(toast(HttpResponse(status=204), words), CHANGED)
    flash(request, words)
    url = reverse("backstage:detail", args=[made.pk]) if made else reverse(page, args=[pk] if pk else None)
    return redirect_to(request, url)


@manage
@require_POST
def cancellation(request: HttpRequest, pk: int) -> HttpResponse:
    """Cancel a job, whoever asked for it."""
    job = get_object_or_404(Job, pk=pk)
    by, now = Author.of(request), timezone.now()

    def act() -> None:
        actions.cancel(job, by=by, at=now)

    return _done(request, act, _("已要求取消"), "backstage:detail", pk)


@manage
@require_POST
def rerun(request: HttpRequest, pk: int) -> HttpResponse:
    """Run a failed job again, as a new one that names it."""
    job = get_object_or_404(Job, pk=pk)
    by, now = Author.of(request), timezone.now()
    again = _("已重新排队，这是新的一次")
    return _done(request, lambda: actions.run_again(job, by=by, at=now), again, "backstage:detail", pk)


@manage
@require_POST
def run(request: HttpRequest, kind: str) -> HttpResponse:
    """Do a line of the schedule now."""
    if kind not in {line.kind for line in lines()}:
        raise Http404
    by, now = Author.of(request), timezone.now()

    def act() -> None:
        actions.run_now(kind, by=by, at=now)

    return _done(request, act, _("已排队，马上开始"), SCHEDULE)
