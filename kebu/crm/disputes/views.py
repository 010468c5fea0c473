"""Asking for a customer of somebody else, the disputes one has to do with, and deciding them."""

from typing import Any
from uuid import uuid4

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kebu.base.access.choices import Permission
from kebu.base.access.decorators import requires
from kebu.base.fields.directories import Context
from kebu.base.journal.authors import Author
from kebu.base.kit.text import whole_number
from kebu.base.records.models import claim_submission, submitted_record
from kebu.base.ui.htmx import flash, redirect_to, render_page
from kebu.base.ui.paging import Keyset, Sort, capped_count
from kebu.crm.disputes import actions
from kebu.crm.disputes.choices import Outcome
from kebu.crm.disputes.forms import AnswerForm, DecisionForm, DisputeForm
from kebu.crm.disputes.models import Dispute, Sighting
from kebu.crm.disputes.pages import TABS, View, of_tab
from kebu.crm.disputes.queries import names_owner, policy, seen_dispute, waiting_for
from kebu.office.staff.models import User
from kebu.office.staff.office import settings_tabs
from kebu.office.staff.queries import signed_in

READ = ["GET", "HEAD", "POST"]
PAGE_SIZE = 50
sees_customers = requires(Permission.CUSTOMER_VIEW)


@requires(Permission.CUSTOMER_CREATE)
@require_http_methods(READ)
def create(request: HttpRequest) -> HttpResponse:
    """Ask for the customer of which one was told under ``?sighting=``; nobody else's key opens anything."""
    user = signed_in(request)
    context = Context(reader=user)
    sightings = Sighting.objects.select_related("customer__owner")
    sighting = get_object_or_404(sightings, key=request.GET.get("sighting", ""), user=user)
    if request.method != "POST":
        form = DisputeForm(context=context, aim=request.GET.get("aim", ""))
        return _form(request, sighting, form, uuid4().hex)
    form, key = DisputeForm(request.POST, context=context), request.POST.get("submission") or uuid4().hex
    if not form.is_valid():
        return _form(request, sighting, form, key, 422)
    dispute = _asked(request, sighting, form, key)
    if dispute is None:
        form.add_error(None, _("这个客户你已经提过，还在等处理，先看“撞单”里的结果"))
        return _form(request, sighting, form, key, 422)
    flash(request, _("已提交，由有权分配的主管决定，结果在这里看"))
    return redirect_to(request, dispute.get_absolute_url())


@transaction.atomic
def _asked(request: HttpRequest, sighting: Sighting, form: DisputeForm, key: str) -> Dispute | None:
    """Ask once, however often the form arrives."""
    user_id, now = signed_in(request).pk, timezone.now()
    claim = claim_submission(key, kind="dispute", user_id=user_id, at=now)
    if claim is None:
        before = submitted_record(key, kind="dispute", user_id=user_id)
        return Dispute.objects.filter(pk=before, applicant=user_id).first()
    dispute = actions.ask(sighting, form.values(), by=Author.of(request), at=now)
    claim.record_id = dispute.pk if dispute else None
    claim.save(update_fields=["record_id"])
    return dispute


def _form(
    request: HttpRequest, sighting: Sighting, form: DisputeForm, key: str, status: int = 200
) -> HttpResponse:
    owner = sighting.customer.owner
    parts = {
        "nav": "disputes:list",
        "form": form,
        "sighting": sighting,
        "owner_name": (owner.name if owner else _("公海")) if sighting.is_named and names_owner() else "",
        "submission": key,
        "action": request.get_full_path(),
    }
    return render_page(request, "disputes/create.html", parts, fragment="sheet", status=status)


@sees_customers
@require_safe
def disputes(request: HttpRequest) -> HttpResponse:
    """The disputes one has to do with, by tabs."""
    user = signed_in(request)
    context = Context(reader=user)
    waiting = waiting_for(user)
    is_decider = bool(waiting) or user.can(Permission.CUSTOMER_ASSIGN)
    tabs = [(code, label) for code, label in TABS if code != "waiting" or is_decider]
    asked = request.GET.get("tab", "")
    first = "waiting" if is_decider else "mine"
    tab = asked if asked in dict(tabs) else first
    rows = of_tab(tab, user).select_related("customer")
    page = Keyset(rows, Sort("id", descending=True), PAGE_SIZE).page(request.GET.get("cursor"))
    parts = {
        "nav": "disputes:list",
        "tab": tab,
        "tabs": [
            {
                "label": label,
                "url": f"{reverse('disputes:list')}?tab={code}",
                "is_current": code == tab,
                "count": _tab_count(code, user, waiting),
            }
            for code, label in tabs
        ],
        "rows": [View(dispute, user, context) for dispute in page.items],
        "page": page,
        "count": capped_count(rows, 1_000),
    }
    return render_page(request, "disputes/list.html", parts, fragment="rows")


def _tab_count(code: str, user: User, waiting: list[int]) -> object:
    """What presses is counted."""
    if code == "waiting":
        return len(waiting)
    return capped_count(of_tab(code, user), 99) if code == "about" else ""


def _seen(request: HttpRequest, pk: int) -> View:
    user = signed_in(request)
    found = seen_dispute(user, pk)
    if found is None:
        raise Http404
    return View(found, user, Context(reader=user))


@sees_customers
@require_safe
def dispute(request: HttpRequest, pk: int) -> HttpResponse:
    """One dispute, both sides beside each other for who decides it."""
    return _show(request, _seen(request, pk))


def _show(
    request: HttpRequest,
    view: View,
    status: int = 200,
    *,
    decision: DecisionForm | None = None,
    answer: AnswerForm | None = None,
    problem: str = "",
) -> HttpResponse:
    parts: dict[str, Any] = {
        "nav": "disputes:list",
        "view": view,
        "dispute": view.dispute,
        "decision": decision or DecisionForm(),
        "answer": answer or AnswerForm(initial={"text": view.dispute.answer}),
        "problem": problem,
    }
    return render_page(request, "disputes/dispute.html", parts, fragment="main", status=status)


def _as_seen(request: HttpRequest, pk: int) -> tuple[View, Dispute]:
    """The dispute with the version the sender looked at, by which the verbs know whether it still is so."""
    view = _seen(request, pk)
    version = whole_number(request.POST.get("version", ""))
    view.dispute.version = -1 if version is None else version
    return view, view.dispute


def _late(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody was faster: show how it stands now."""
    text = _("这件撞单刚刚有了变化，你的操作没有生效，请看现在的情况")
    return _show(request, _seen(request, pk), 409, problem=text)


@sees_customers
@require_POST
def decision(request: HttpRequest, pk: int) -> HttpResponse:
    """Decide, and carry it out."""
    view, found = _as_seen(request, pk)
    if found.is_open and not view.may_decide:
        raise PermissionDenied
    form = DecisionForm(request.POST)
    if not form.is_valid():
        return _show(request, _seen(request, pk), 422, decision=form)
    outcome = Outcome(form.cleaned_data["outcome"])
    if outcome != Outcome.STAYS and not found.applicant.is_active:
        form.add_error("outcome", _("申请人已停用，只能维持现状"))
        return _show(request, _seen(request, pk), 422, decision=form)
    by, at, context = Author.of(request), timezone.now(), view.context
    words = form.cleaned_data["words"]
    if not actions.decide(found, outcome, words, decider=view.user, by=by, at=at, context=context):
        return _late(request, pk)
    flash(request, _("已决定：%(outcome)s，双方都能看到") % {"outcome": outcome.label})
    return redirect_to(request, reverse("disputes:list"))


@sees_customers
@require_POST
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """The owner's side of it."""
    view, found = _as_seen(request, pk)
    if not view.is_owner:
        raise PermissionDenied
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return _show(request, _seen(request, pk), 422, answer=form)
    if not actions.answer(found, form.cleaned_data["text"], by=Author.of(request), at=timezone.now()):
        return _late(request, pk)
    flash(request, _("说明已提交"))
    return redirect_to(request, found.get_absolute_url())


@sees_customers
@require_POST
def withdrawal(request: HttpRequest, pk: int) -> HttpResponse:
    """The applicant asks no more."""
    view, found = _as_seen(request, pk)
    if not view.is_mine:
        raise PermissionDenied
    if not actions.withdraw(found, by=Author.of(request), at=timezone.now()):
        return _late(request, pk)
    flash(request, _("已撤回"))
    return redirect_to(request, reverse("disputes:list") + "?tab=mine")


@requires(Permission.STAFF_MANAGE)
@require_http_methods(READ)
def settings(request: HttpRequest) -> HttpResponse:
    """The office's switch: whether the check says whose a customer is."""
    found = policy()
    version = found.version if found else 0
    if request.method == "POST":
        names, seen = request.POST.get("names_owner") == "1", whole_number(request.POST.get("version", ""))
        if actions.set_policy(
            names=names, version=-1 if seen is None else seen, by=Author.of(request), at=timezone.now()
        ):
            flash(request, _("查重现在告诉负责人是谁") if names else _("查重现在只说“已存在，请联系主管”"))
            return redirect_to(request, reverse("disputes:settings"))
    parts = {
        "nav": "staff:users",
        "tabs": settings_tabs(request, "disputes:settings"),
        "names_owner": names_owner(),
        "version": version,
        "per_day": actions.PER_DAY,
        "is_late": request.method == "POST",
    }
    status = 409 if request.method == "POST" else 200
    return render_page(request, "disputes/settings.html", parts, fragment="main", status=status)
