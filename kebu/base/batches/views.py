"""批量操作: what was done in one go, what was left out, and taking it back."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kebu.base.access.decorators import requires
from kebu.base.batches.actions import Barred, begin_undo, do_now_or_soon
from kebu.base.batches.choices import State
from kebu.base.batches.models import Batch
from kebu.base.batches.queries import in_words, is_stuck, job_of, left_of, lines, title_for, way_of
from kebu.base.journal.authors import Author
from kebu.base.ui.htmx import (
    flash,
    is_fragment,
    is_watched,
    redirect_to,
    render_page,
    toast,
    trigger,
    unwatch,
    watch,
)
from kebu.base.ui.paging import Count, Keyset, Sort

PAGE_SIZE, LEFT_SIZE = 30, 50


def _batch(request: HttpRequest, code: str) -> Batch:
    """The batch, when the user may look at it."""
    user: Any = request.user
    return get_object_or_404(Batch.objects.visible_to(user).select_related("undoes__undoes"), code=code)


@requires()
@require_safe
def batch_list(request: HttpRequest) -> HttpResponse:
    """My batches, the latest first; of everybody for who manages the staff."""
    user: Any = request.user
    found = Batch.objects.visible_to(user).select_related("undoes__undoes").defer("selection")
    page = Keyset(found, Sort("id", descending=True), PAGE_SIZE).page(request.GET.get("cursor"))
    shown = lines(list(page.items), user)
    others = any(line.batch.author_id != user.pk for line in shown)
    parts = {"nav": "batches:list", "page": page, "lines": shown, "has_others": others}
    return render_page(request, "batches/list.html", parts, fragment="rows")


@requires()
@require_safe
def detail(request: HttpRequest, code: str) -> HttpResponse:
    """One batch: how far it is, what came of it, which records were left out and why."""
    batch, user = _batch(request, code), request.user
    page = Keyset(batch.leftovers.all(), Sort("id"), LEFT_SIZE).page(request.GET.get("cursor"))
    job = job_of(batch)
    parts = {
        "nav": "batches:list",
        "batch": batch,
        "line": lines([batch], user)[0],
        "undone_title": title_for(batch.undoes, user) if batch.undoes else "",
        "undoing": Batch.objects.filter(undoes=batch).first(),
        "job": job,
        "is_stuck": is_stuck(batch, job),
        "sentence": in_words(batch),
        "left": left_of(batch, page.items, user),
        "page": page,
        "count": Count(batch.left_count),
    }
    return render_page(request, "batches/detail.html", parts, fragment=("rows", "batch"))


@requires()
@require_POST
def undo(request: HttpRequest, code: str) -> HttpResponse:
    """Take the batch back, as far as nobody changed its records since; with the rights of this moment."""
    batch, user = _batch(request, code), request.user
    if not user.can(way_of(batch).permission):  # type: ignore[union-attr]
        raise PermissionDenied
    if not batch.is_in_time:
        return _said(request, batch, _("过了30天，不能再撤销了"), 422)
    undoing = begin_undo(batch, by=Author.of(request), at=timezone.now())
    return carried_out(request, undoing)


@requires()
@require_POST
def resumption(request: HttpRequest, code: str) -> HttpResponse:
    """Go on with a batch that was stopped half-way."""
    batch, user = _batch(request, code), request.user
    if batch.author_id != user.pk or not user.can(way_of(batch).permission):  # type: ignore[union-attr]
        raise PermissionDenied
    if batch.is_undone or not is_stuck(batch, job_of(batch)):
        return _said(request, batch, _("这个批次不需要继续"), 422)
    Batch.objects.filter(pk=batch.pk).update(state=State.RUNNING, problem="", finished_at=None)
    batch.state = State.RUNNING
    return carried_out(request, batch)


def carried_out(request: HttpRequest, batch: Batch) -> HttpResponse:
    """Do a batch, now or by a job, and say what came of it."""
    try:
        is_done = batch.state != State.RUNNING or do_now_or_soon(batch)
    except Barred as barred:
        raise PermissionDenied from barred
    if is_done:
        return _said(request, batch, in_words(batch))
    watch(request, reverse("batches:notice", args=[batch.code]))
    told = {"count": f"{batch.total:,}", "things": way_of(batch).things}
    text = _("正在处理%(count)s个%(things)s，做完会告诉你") % told
    return _said(request, batch, text)


def _said(request: HttpRequest, batch: Batch, text: str, status: int = 204) -> HttpResponse:
    if not is_fragment(request):
        flash(request, text)
        return redirect_to(request, reverse("batches:detail", args=[batch.code]))
    response = toast(HttpResponse(status=status), text)
    return trigger(response, "customer-changed") if status == 204 else response


@requires()
@require_POST
def notice(request: HttpRequest, code: str) -> HttpResponse:
    """Asked by every page while my batch is at work; tells once that it ended."""
    if not is_watched(request, request.path):
        return HttpResponse()
    batch = _batch(request, code)
    if batch.is_running and not is_stuck(batch, job_of(batch)):
        return HttpResponse(status=204)
    unwatch(request, request.path)
    parts = {"batch": batch, "sentence": in_words(batch), "line": lines([batch], request.user)[0]}
    response = render(request, "batches/notice.html", parts)
    return trigger(response, "customer-changed")
