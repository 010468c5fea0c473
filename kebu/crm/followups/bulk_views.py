"""What is done to the plans chosen in a list: put off, given to others."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kebu.base.access.choices import Permission
from kebu.base.access.decorators import requires
from kebu.base.batches.actions import Barred, begin, do_now_or_soon
from kebu.base.batches.models import Batch
from kebu.base.fields.directories import Context
from kebu.base.fields.forms import RecordForm
from kebu.base.journal.authors import Author
from kebu.base.ui.htmx import close, flash, is_fragment, redirect_to, render_page, toast, trigger, watch
from kebu.crm.customers.forms import refuse_departed
from kebu.crm.followups.fields import PLAN_FIELDS
from kebu.crm.followups.forms import PostponeForm
from kebu.crm.followups.models import Plan
from kebu.crm.followups.pickers import PeoplePicker
from kebu.crm.followups.queries import may_work_on
from kebu.crm.followups.selections import NothingChosen, Selection, chosen
from kebu.crm.followups.ways import POSTPONE, REASSIGN
from kebu.crm.interactions.forms import quick_days
from kebu.office.staff.queries import signed_in

works = requires(Permission.PLAN_EDIT)


class ExecutorsForm(RecordForm):
    """Who carries the plans out from now on."""

    def __init__(self, data: Any, *, context: Context) -> None:
        super().__init__(data, fields=[PLAN_FIELDS["executors"]], context=context)
        kind = PLAN_FIELDS["executors"].kind
        self.fields["executors"].widget = PeoplePicker(kind.words(context), kind.choices(context))

    def clean_executors(self) -> list[int]:
        found: list[int] = self.cleaned_data["executors"]
        for key in found:
            refuse_departed(key, self.context)
        return found


def _reached(request: HttpRequest) -> Selection:
    """The plans chosen; refused when the user may work on none of them."""
    selection = chosen(request)
    user = signed_in(request)
    first = Plan.objects.filter(pk__in=selection.ids[:200]).select_related("customer")
    if not any(may_work_on(user, plan) for plan in first):
        raise PermissionDenied
    return selection


@works
@require_POST
def postponements(request: HttpRequest) -> HttpResponse:
    """Put the chosen plans off; ``step=ask`` shows the dialog first."""
    try:
        selection = _reached(request)
    except NothingChosen as refusal:
        return _refuse(request, refusal.message)
    context = Context(reader=signed_in(request))
    is_question = request.POST.get("step") == "ask"
    form = PostponeForm(None if is_question else request.POST, context=context, plan=None)
    if is_question or not form.is_valid():
        parts = {"form": form, "choices": quick_days(context.today)}
        return _ask(request, "followups/postponements.html", selection, parts, is_question)
    exact, day = form.cleaned_data.get("starts_at"), form.cleaned_data["moment"]
    to = day.isoformat() if exact else timezone.localtime(day).date().isoformat()
    told = {"count": f"{selection.count:,}", "day": timezone.localtime(day).strftime("%m-%d")}
    title = _("把%(count)s个计划改到%(day)s") % told
    args = {"to": to, "reason": form.cleaned_data["reason"]}
    batch = begin(POSTPONE, title, selection.ids, by=Author.of(request), at=timezone.now(), args=args)
    return _start(request, batch, _("已延期%(count)d个计划"))


@works
@require_POST
def reassignments(request: HttpRequest) -> HttpResponse:
    """Let others carry the chosen plans out; ``step=ask`` shows the dialog first."""
    try:
        selection = _reached(request)
    except NothingChosen as refusal:
        return _refuse(request, refusal.message)
    context = Context(reader=signed_in(request))
    is_question = request.POST.get("step") == "ask"
    form = ExecutorsForm(None if is_question else request.POST, context=context)
    if is_question or not form.is_valid():
        return _ask(request, "followups/reassignments.html", selection, {"form": form}, is_question)
    executors = form.values()["executors"]
    names = PLAN_FIELDS["executors"].shown(executors, context)
    title = _("把%(count)s个计划交给%(names)s") % {"count": f"{selection.count:,}", "names": names}
    args = {"executors": executors}
    batch = begin(REASSIGN, title, selection.ids, by=Author.of(request), at=timezone.now(), args=args)
    return _start(request, batch, _("%(count)d个计划换了执行人"))


def _ask(
    request: HttpRequest, template: str, selection: Selection, parts: dict[str, Any], is_question: bool
) -> HttpResponse:
    shown = {"nav": "followups:list", "selection": selection, "address": request.get_full_path(), **parts}
    return render_page(request, template, shown, fragment="dialog", status=200 if is_question else 422)


def _refuse(request: HttpRequest, text: str) -> HttpResponse:
    return toast(HttpResponse(text, status=422, content_type="text/plain; charset=utf-8"), text)


def _start(request: HttpRequest, batch: Batch, words: str) -> HttpResponse:
    """Carry a batch out, at once or by a job whose end every page tells."""
    try:
        is_done = do_now_or_soon(batch)
    except Barred as barred:
        raise PermissionDenied from barred
    undo = None
    if is_done:
        text = words % {"count": batch.changed_count}
        if batch.left_count:
            text += _("，%(count)d个没有动，原因见批量操作") % {"count": batch.left_count}
        undo = reverse("batches:undo", args=[batch.code]) if batch.changed_count else None
    else:
        watch(request, reverse("batches:notice", args=[batch.code]))
        text = _("正在处理%(count)s个计划，做完会告诉你") % {"count": f"{batch.total:,}"}
    if not is_fragment(request):
        flash(request, text, undo)
        return redirect_to(request, reverse("followups:list"))
    response = close(toast(HttpResponse(status=204), text, undo), "dialog")
    return trigger(trigger(trigger(response, "plan-changed"), "customer-changed"), "picked-done")
