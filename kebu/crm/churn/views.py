"""A warning on the customer's page, its sheet, and taking back how it was settled."""

from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kebu.base.access.choices import Permission
from kebu.base.access.decorators import requires
from kebu.base.access.queries import demand, get_visible, may
from kebu.base.fields.directories import Context
from kebu.base.journal.authors import Author
from kebu.base.kit.text import whole_number
from kebu.base.records.actions import EditConflict
from kebu.base.records.conflicts import clashes, retyped, without_yielded
from kebu.base.records.models import Gone
from kebu.base.ui.htmx import close, flash, is_fragment, redirect_to, render_page, toast, trigger
from kebu.crm.churn.actions import Overtaken, conclude, plan_for, reopen, work_on
from kebu.crm.churn.choices import UNDER_WAY, Status
from kebu.crm.churn.fields import CHURN_FIELDS
from kebu.crm.churn.forms import WarningForm, may_lose
from kebu.crm.churn.models import ChurnWarning
from kebu.crm.customers.models import Customer
from kebu.office.staff.queries import signed_in

edits = requires(Permission.CUSTOMER_EDIT)
CHANGED = "churn-changed"


@requires(Permission.CUSTOMER_VIEW)
@require_safe
def of_customer(request: HttpRequest) -> HttpResponse:
    """The part of the customer's page: why one worries, and what is done."""
    user = signed_in(request)
    customer = get_visible(Customer.objects.all(), user, number=request.GET.get("customer", ""))
    parts = {
        "nav": "customers:list",
        "customer": customer,
        "row": ChurnWarning.objects.under_way().filter(customer=customer).first(),
        "today": timezone.localdate(),
        "can_edit": may(user, Permission.CUSTOMER_EDIT, customer) and not customer.is_archived,
    }
    return render_page(request, "churn/of_customer.html", parts, fragment="churn")


def _editable(request: HttpRequest, pk: int) -> ChurnWarning:
    row = get_visible(ChurnWarning.objects.live().select_related("customer"), signed_in(request), pk=pk)
    demand(signed_in(request), Permission.CUSTOMER_EDIT, row.customer)
    return row


@edits
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """找原因，定措施; ``to`` settles it in the same step. A conflict is decided field by field."""
    row, user = _editable(request, pk), signed_in(request)
    context, can_plan = Context(reader=user), may(user, Permission.PLAN_CREATE, row.customer)
    if not row.is_under_way:
        return _overtaken(_("这条预警已经了结，要改请先恢复"))
    data = request.POST if request.method == "POST" else None
    form = WarningForm(data, context=context, record=row, can_plan=can_plan)
    if data is None:
        return _show(request, row, form, row.version)
    version = whole_number(data.get("version", ""))
    if not form.is_valid() or version is None:
        return _show(request, row, form, row.version if version is None else version, 422)
    was = row.status
    try:
        _write(request, row, form, version, context)
    except (Overtaken, Gone) as refusal:
        return _overtaken(refusal.message)
    except EditConflict as conflict:
        again = retyped(conflict, list(form.values()), CHURN_FIELDS, context)
        form = WarningForm(again, context=context, record=row, can_plan=can_plan)
        return _show(request, row, form, row.version, 409, clashes=clashes(conflict, context))
    return _saved(request, row, form, was)


@transaction.atomic
def _write(
    request: HttpRequest, row: ChurnWarning, form: WarningForm, version: int, context: Context
) -> None:
    by, at = Author.of(request), timezone.now()
    values = without_yielded(form.values(), request.POST)
    work_on(row, values, version=version, by=by, at=at, context=context)
    if form.plan_on:
        key = request.POST.get("submission", "").replace("\0", "")[:40]
        plan_for(row, form.plan_on, key=key, by=by, at=at, context=context)
    if form.to:
        conclude(row, form.to, by=by, at=at, context=context)


def _show(
    request: HttpRequest, row: ChurnWarning, form: WarningForm, version: int, status: int = 200, **more: Any
) -> HttpResponse:
    parts = {
        "nav": "churn:list",
        "row": row,
        "form": form,
        "version": version,
        "submission": request.POST.get("submission") or uuid4().hex,
        "action": request.get_full_path(),
        **more,
    }
    return render_page(request, "churn/edit.html", parts, fragment="sheet", status=status)


def _saved(request: HttpRequest, row: ChurnWarning, form: WarningForm, was: str) -> HttpResponse:
    told = {"name": row.customer.name}
    if form.to is None:
        text = _("已记下%(name)s怎么挽回") % told
        if form.plan_on:
            text = _("已记下%(name)s怎么挽回，计划也排好了") % told
        return _answer(request, row, text)
    texts = {Status.STEADY: _("%(name)s稳住了"), Status.LOST: _("%(name)s已改成流失客户")}
    query = urlencode({"back": was, "version": row.version})
    return _answer(
        request, row, texts[form.to] % told, f"{reverse('churn:reopening', args=[row.pk])}?{query}"
    )


def _answer(request: HttpRequest, row: ChurnWarning, text: str, undo: str | None = None) -> HttpResponse:
    if not is_fragment(request):
        flash(request, text, undo)
        return redirect_to(request, row.customer.get_absolute_url())
    response = toast(close(HttpResponse(status=204), "sheet"), text, undo)
    return trigger(response, CHANGED, number=row.customer.number)


def _overtaken(text: str) -> HttpResponse:
    response = HttpResponse(text, status=409, content_type="text/plain; charset=utf-8")
    return trigger(toast(response, text), CHANGED)


@edits
@require_POST
def reopening(request: HttpRequest, pk: int) -> HttpResponse:
    """It was not settled after all: it stands as ``back`` says, or is worked on."""
    row = _editable(request, pk)
    back, version = request.GET.get("back", ""), request.GET.get("version") or request.POST.get("version", "")
    status = Status(back) if back in UNDER_WAY else Status.SAVING
    told: dict[str, Any] = {"by": Author.of(request), "at": timezone.now()}
    told["context"] = context = Context(reader=signed_in(request))
    if row.status == Status.LOST and not may_lose(context):
        raise PermissionDenied
    try:
        reopen(row, status, version=whole_number(version) or 0, **told)
    except (Overtaken, Gone) as refusal:
        return _overtaken(refusal.message)
    return _answer(request, row, _("%(name)s又在处理了") % {"name": row.customer.name})
