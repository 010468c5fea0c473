"""Plans: the list, one of them, making and changing one."""

from typing import Any
from uuid import uuid4

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from kebu.base.access.choices import Permission
from kebu.base.access.decorators import requires
from kebu.base.access.queries import demand, get_visible
from kebu.base.fields.directories import Context
from kebu.base.journal.authors import Author
from kebu.base.kit.text import whole_number
from kebu.base.records.actions import EditConflict
from kebu.base.records.conflicts import clashes, retyped, without_yielded
from kebu.base.records.models import claim_submission, submitted_record
from kebu.base.ui.htmx import render_page
from kebu.base.ui.paging import Keyset
from kebu.crm.customers.models import Customer
from kebu.crm.followups.actions import Ended, change_plan, make_plan
from kebu.crm.followups.answers import STALE, cancel_url, done, refused, undo_url
from kebu.crm.followups.choices import Source
from kebu.crm.followups.fields import PLAN_FIELDS
from kebu.crm.followups.forms import PlanForm
from kebu.crm.followups.letting_in import NotLetIn
from kebu.crm.followups.lists import PlanList, line_of
from kebu.crm.followups.models import Plan
from kebu.crm.followups.queries import may_work_on
from kebu.crm.interactions.choices import Method
from kebu.crm.interactions.queries import found_customers, likely_customers
from kebu.office.staff.fields import STAFF
from kebu.office.staff.queries import signed_in

READ = ["GET", "HEAD", "POST"]
PAGE_SIZE = 50
TASK = "-"  # instead of a customer
FULL = ("customer", "contact", "interaction")


@requires(Permission.CUSTOMER_VIEW)
@require_safe
def plans(request: HttpRequest) -> HttpResponse:
    """《客户跟进计划表》: the plans one carries out, has given, or sees."""
    user = signed_in(request)
    context = Context(reader=user)
    asked = PlanList(request.GET, user, context)
    rows = asked.plans.select_related("customer", "contact")
    page = Keyset(rows, asked.sort, PAGE_SIZE).page(request.GET.get("cursor"))
    parts = {
        "nav": "followups:list",
        "asked": asked,
        "rows": [line_of(plan, user, context, asked.now) for plan in page.items],
        "page": page,
        "count": asked.count,
        "today": context.today,
        "people": context.choices(STAFF),
        "methods": Method.choices,
        "sources": Source.choices,
        "can_create": user.can(Permission.PLAN_CREATE),
        "can_work": user.can(Permission.PLAN_EDIT),
        "can_export": user.can(Permission.CUSTOMER_EXPORT),
    }
    return render_page(request, "followups/list.html", parts, fragment="rows")


def seen_plan(request: HttpRequest, pk: int) -> Plan:
    """The plan, when the user sees it, else 404."""
    return get_visible(Plan.objects.select_related(*FULL), signed_in(request), pk=pk)


def workable(request: HttpRequest, pk: int) -> Plan:
    """The plan, when the user may change and end it, else 403."""
    plan = seen_plan(request, pk)
    if not may_work_on(signed_in(request), plan):
        raise PermissionDenied
    return plan


@requires(Permission.CUSTOMER_VIEW)
@require_safe
def plan(request: HttpRequest, pk: int) -> HttpResponse:
    """One plan: what it is about, how it was put off, how it ended."""
    found, user = seen_plan(request, pk), signed_in(request)
    context = Context(reader=user)
    staff = context.directory(STAFF)
    parts = {
        "nav": "followups:list",
        "plan": found,
        "line": line_of(found, user, context),
        "today": context.today,
        "ended_by": staff.name(found.completed_by_id),
        "postponements": [(one, staff.name(one.by_id)) for one in found.postponements.order_by("-at", "-pk")],
    }
    return render_page(request, "followups/plan.html", parts, fragment=("dialog", "main"))


@requires(Permission.PLAN_CREATE)
@require_http_methods(READ)
def create(request: HttpRequest) -> HttpResponse:
    """Plan something, for ``?customer=`` or for one chosen on the form; for none it is a task of its own.
    ``?executor=`` says who is proposed to carry it out."""
    user = signed_in(request)
    context = Context(reader=user)
    number = request.POST.get("customer") or request.GET.get("customer", "")
    customer = None
    if number not in ("", TASK):
        customer = get_visible(Customer.objects.live(), user, number=number)
        demand(user, Permission.PLAN_CREATE, customer)
    if request.method != "POST":
        proposed = _proposed(request, context)
        form = PlanForm(customer=customer, context=context, user_id=user.pk, initial=proposed)
        return _form(request, form, customer, uuid4().hex)
    form = PlanForm(request.POST, customer=customer, context=context, user_id=user.pk)
    key = request.POST.get("submission") or uuid4().hex
    if not number:
        form.add_error(None, _("请先选客户，或者选“不关联客户”"))
    if not form.is_valid():
        return _form(request, form, customer, key, 422)
    try:
        made = _made(request, form, customer, key, context)
    except NotLetIn as refusal:
        form.refuse(refusal)
        return _form(request, form, customer, key, 422)
    text = _("已安排“%(goal)s”") % {"goal": made.goal}
    return done(request, made, text, cancel_url(made))


def _proposed(request: HttpRequest, context: Context) -> dict[str, Any]:
    """Who is to carry it out, as the address proposes: nobody who no longer works here."""
    entry = context.directory(STAFF).by_key.get(whole_number(request.GET.get("executor", "")) or 0)
    return {"executors": [entry.key]} if entry and entry.is_active else {}


@transaction.atomic
def _made(
    request: HttpRequest, form: PlanForm, customer: Customer | None, key: str, context: Context
) -> Plan:
    """Make it once, however often the form arrives."""
    user_id, now = signed_in(request).pk, timezone.now()
    key = f"{customer.pk if customer else 0}:{key}"
    claim = claim_submission(key, kind="plan", user_id=user_id, at=now)
    if claim is None:
        before = submitted_record(key, kind="plan", user_id=user_id)
        return get_visible(Plan.objects.all(), signed_in(request), pk=before)
    values = form.values()
    made = make_plan(
        values,
        executors=values.pop("executors"),
        customer=customer,
        contact=form.contact,
        by=Author.of(request),
        at=now,
        context=context,
    )
    claim.record_id = made.pk
    claim.save(update_fields=["record_id"])
    return made


def _form(
    request: HttpRequest, form: PlanForm, customer: Customer | None, key: str, status: int = 200
) -> HttpResponse:
    parts: dict[str, Any] = {
        "nav": "followups:list",
        "form": form,
        "customer": customer,
        "submission": key,
        "is_open_choice": "customer" not in request.GET or request.GET["customer"] == TASK,
        "is_task": (request.POST.get("customer") or request.GET.get("customer")) == TASK,
        "draft": f"plan-for-{form.initial['executors'][0]}" if "executor" in request.GET else "plan",
        "action": reverse("followups:create"),
    }
    if parts["is_open_choice"]:
        query = (request.POST if request.method == "POST" else request.GET).get("q", "").strip()[:60]
        parts |= {"query": query, "customers": _choices(request, query, customer)}
    target = request.headers.get("HX-Target")
    fragment = (target,) if target in ("people", "choices") else ("sheet",)
    return render_page(request, "followups/create.html", parts, fragment=fragment, status=status)


def _choices(request: HttpRequest, query: str, chosen: Customer | None) -> list[Customer]:
    """Customers to choose: what was searched for, else those one is likely to mean; the chosen one first."""
    user = signed_in(request)
    if query:
        found = found_customers(user, query, Permission.PLAN_CREATE)
    else:
        found = likely_customers(user, timezone.localdate())
    return found if chosen is None else [chosen, *(one for one in found if one.pk != chosen.pk)]


@requires(Permission.PLAN_EDIT)
@require_http_methods(READ)
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a plan; a conflict is decided field by field. Its time is put off under a reason instead."""
    found, user = workable(request, pk), signed_in(request)
    context = Context(reader=user)
    told: dict[str, Any] = {
        "customer": found.customer,
        "context": context,
        "user_id": user.pk,
        "record": found,
    }
    if request.method != "POST":
        return _edit(request, found, PlanForm(**told), version=found.version)
    form = PlanForm(request.POST, **told)
    version = whole_number(request.POST.get("version", ""))
    if version is None:
        return refused(request, found, STALE)
    if not form.is_valid():
        return _edit(request, found, form, 422, version=version)
    values = without_yielded(form.correction(), request.POST)
    try:
        by, at = Author.of(request), timezone.now()
        changes = change_plan(found, values, version=version, by=by, at=at, context=context)
    except Ended as refusal:
        return refused(request, found, refusal.message)
    except NotLetIn as refusal:
        form.refuse(refusal)
        return _edit(request, found, form, 422, version=version)
    except EditConflict as conflict:
        again = PlanForm(retyped(conflict, list(form.correction()), PLAN_FIELDS, context), **told)
        parts = {"version": found.version, "clashes": clashes(conflict, context)}
        return _edit(request, found, again, 409, **parts)
    text = _("计划已改") if changes else _("没有改动")
    return done(request, found, text, undo_url(found) if changes else None)


def _edit(request: HttpRequest, found: Plan, form: PlanForm, status: int = 200, **parts: Any) -> HttpResponse:
    shown = {"nav": "followups:list", "plan": found, "form": form, **parts}
    return render_page(request, "followups/edit.html", shown, fragment="sheet", status=status)
