"""What is done to one plan: complete, put off, wait, cancel, take back."""

from typing import Any
from uuid import uuid4

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from kebu.base.access.choices import Permission
from kebu.base.access.decorators import requires
from kebu.base.access.queries import may
from kebu.base.fields.directories import Context
from kebu.base.journal.authors import Author
from kebu.base.kit.errors import KitError
from kebu.base.kit.text import whole_number
from kebu.base.records.actions import EditConflict
from kebu.base.records.models import claim_submission
from kebu.base.ui.htmx import render_page
from kebu.crm.followups.actions import Ended, cancel, make_plan, postpone, wait
from kebu.crm.followups.answers import STALE, done, refused, undo_url
from kebu.crm.followups.choices import PlanStatus
from kebu.crm.followups.completing import complete, take_back
from kebu.crm.followups.completion_forms import CompletionForm, NextForm, ResultForm
from kebu.crm.followups.forms import PostponeForm
from kebu.crm.followups.models import Plan
from kebu.crm.followups.views import workable
from kebu.crm.interactions.concluding import Talk
from kebu.crm.interactions.forms import quick_days
from kebu.crm.interactions.keeping import heard_again, keep_heard, keep_standing, meet
from kebu.office.staff.models import User
from kebu.office.staff.queries import signed_in

READ = ["GET", "HEAD", "POST"]
works = requires(Permission.PLAN_EDIT)


class Stale(KitError):
    """The page does not say which version of the plan it showed; nothing was written."""


def _version(request: HttpRequest) -> int:
    """The version that was looked at. Raises Stale."""
    version = whole_number(request.POST.get("version", "") or request.GET.get("version", ""))
    if version is None:
        raise Stale(str(STALE))
    return version


def _late() -> str:
    return _("这个计划刚被别人改过，没有保存，看过现在的内容再试一次")


@works
@require_http_methods(READ)
def completion(request: HttpRequest, pk: int) -> HttpResponse:
    """Complete a plan: what happened becomes a follow-up, in the same form with what comes next."""
    plan = workable(request, pk)
    if not plan.is_open and request.method != "POST":
        return refused(request, plan, _("这个计划已经结束了"))
    context = Context(reader=signed_in(request))
    data = request.POST if request.method == "POST" else None
    form, following = _completion_form(plan, data, context), NextForm(data, context=context)
    key = request.POST.get("submission") or uuid4().hex
    if request.method != "POST":
        return _show_completion(request, plan, form, following, key)
    if not all([form.is_valid(), plan.customer is None or following.is_valid()]):
        if isinstance(form, CompletionForm):
            form.heard = heard_again(form.of, request.POST, signed_in(request), context)
        return _show_completion(request, plan, form, following, key, 422)
    try:
        has_logged = _completed(request, plan, form, following, key, context)
    except (Ended, Stale) as refusal:
        return refused(request, plan, refusal.message)
    except EditConflict:
        return refused(request, plan, _late())
    plan.refresh_from_db()
    if plan.is_open:
        text = _("已记下，等客户反馈")
    else:
        text = _("“%(goal)s”已完成") % {"goal": plan.goal}
        if plan.customer and plan.customer.next_follow_up_at is None:
            text = _("%(text)s，还没定下次什么时候跟进") % {"text": text}
    return done(request, plan, text, undo_url(plan), has_logged=has_logged)


def _completion_form(plan: Plan, data: Any, context: Context) -> CompletionForm | ResultForm:
    """Of a customer's plan the composer's fields, for who may log follow-ups; else how it ended."""
    if plan.customer is not None and context.reader and context.reader.can(Permission.INTERACTION_CREATE):
        return CompletionForm(data, done=plan, customer=plan.customer, context=context)
    return ResultForm(data)


@transaction.atomic
def _completed(
    request: HttpRequest,
    plan: Plan,
    form: CompletionForm | ResultForm,
    following: NextForm,
    key: str,
    context: Context,
) -> bool:
    """Do it once, however often the form arrives; says whether a follow-up was logged."""
    user, now = signed_in(request), timezone.now()
    claim = claim_submission(f"{plan.pk}:{key}", kind="completion", user_id=user.pk, at=now)
    is_talk = isinstance(form, CompletionForm)
    if claim is None:
        return is_talk
    told: dict[str, Any] = {"by": Author.of(request), "at": now, "context": context}
    version = _version(request)
    if isinstance(form, ResultForm):
        complete(plan, result=form.cleaned_data["result"], version=version, **told)
        return False
    form.met = meet(form.of, request.POST, user, **told)
    keep_standing(form, form.of, user, **told)
    talk = Talk(form.values(), form.contact)
    is_waiting = form.status == PlanStatus.WAITING
    complete(plan, talk, is_waiting=is_waiting, version=version, **told)
    keep_heard(form.of, request.POST, user, **told)
    if following.is_wanted and _may_plan(user, plan):
        values = {**following.values(), "method": plan.method, "kind": plan.kind}
        contact = form.contact or plan.contact
        make_plan(values, executors=[user.pk], customer=plan.customer, contact=contact, **told)
    return True


def _may_plan(user: User, plan: Plan) -> bool:
    """Whether the user makes further plans with the customer; who was let in to carry one out does not."""
    return plan.customer is not None and may(user, Permission.PLAN_CREATE, plan.customer)


def _show_completion(
    request: HttpRequest, plan: Plan, form: Any, following: NextForm, key: str, status: int = 200
) -> HttpResponse:
    parts = {
        "nav": "followups:list",
        "plan": plan,
        "form": form,
        "following": following,
        "may_plan": _may_plan(signed_in(request), plan),
        "submission": key,
        "version": plan.version if request.method != "POST" else request.POST.get("version", ""),
        "is_talk": isinstance(form, CompletionForm),
        "is_next_open": following.is_bound and bool(following.errors or following["goal"].value()),
    }
    return render_page(request, "followups/completion.html", parts, fragment="sheet", status=status)


@works
@require_http_methods(READ)
def postponement(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a plan off: GET offers days, POST takes one with the reason."""
    plan = workable(request, pk)
    context = Context(reader=signed_in(request))
    form = PostponeForm(request.POST if request.method == "POST" else None, context=context, plan=plan)
    if request.method != "POST" or not form.is_valid():
        return _ask_postponement(request, plan, form, 422 if form.is_bound else 200)
    told: dict[str, Any] = {"by": Author.of(request), "at": timezone.now(), "context": context}
    reason, moment = form.cleaned_data["reason"], form.cleaned_data["moment"]
    try:
        changes = postpone(plan, moment, reason=reason, version=_version(request), **told)
    except (Ended, Stale) as refusal:
        return refused(request, plan, refusal.message)
    except EditConflict:
        return refused(request, plan, _late())
    day = timezone.localtime(plan.starts_at).strftime("%m-%d %H:%M").removesuffix(" 00:00")
    text = _("“%(goal)s”改到%(day)s") % {"goal": plan.goal, "day": day}
    return done(request, plan, text, undo_url(plan) if changes else None)


def _ask_postponement(request: HttpRequest, plan: Plan, form: PostponeForm, status: int) -> HttpResponse:
    parts = {
        "nav": "followups:list",
        "plan": plan,
        "form": form,
        "choices": quick_days(form.context.today),
        "today": form.context.today,
    }
    return render_page(request, "followups/postponement.html", parts, fragment="dialog", status=status)


@works
@require_POST
def waiting(request: HttpRequest, pk: int) -> HttpResponse:
    """Wait for the customer, or go on (``is_waiting=``)."""
    plan = workable(request, pk)
    is_waiting = request.POST.get("is_waiting") == "1"
    told: dict[str, Any] = {"by": Author.of(request), "at": timezone.now()}
    told["context"] = Context(reader=signed_in(request))
    try:
        told["version"] = _version(request)
        changes = wait(plan, is_waiting=is_waiting, **told)
    except (Ended, Stale) as refusal:
        return refused(request, plan, refusal.message)
    except EditConflict:
        return refused(request, plan, _late())
    text = _("待客户反馈") if is_waiting else _("接着进行")
    return done(request, plan, text, undo_url(plan) if changes else None)


@works
@require_http_methods(READ)
def cancellation(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a plan up; GET asks why."""
    plan = workable(request, pk)
    if request.method != "POST":
        parts = {"nav": "followups:list", "plan": plan}
        return render_page(request, "followups/cancellation.html", parts, fragment="dialog")
    told: dict[str, Any] = {"by": Author.of(request), "at": timezone.now()}
    told["context"] = Context(reader=signed_in(request))
    try:
        told["version"] = _version(request)
        cancel(plan, reason=request.POST.get("reason", "").replace("\x00", "").strip()[:2000], **told)
    except (Ended, Stale) as refusal:
        return refused(request, plan, refusal.message)
    except EditConflict:
        return refused(request, plan, _late())
    return done(request, plan, _("已取消“%(goal)s”") % {"goal": plan.goal}, undo_url(plan))


@works
@require_POST
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back what was done last, at ``?version=``, unless something was done since."""
    plan = workable(request, pk)
    told: dict[str, Any] = {"by": Author.of(request), "at": timezone.now()}
    told["context"] = Context(reader=signed_in(request))
    had_talk = plan.interaction_id is not None
    try:
        is_back = take_back(plan, version=_version(request), **told)
    except KitError as refusal:  # the former executor is not let in any more
        return refused(request, plan, refusal.message)
    if not is_back:
        return refused(request, plan, _("这一步已经不能撤销了，后来又有人改过"))
    return done(request, plan, _("已撤销"), has_logged=had_talk)
